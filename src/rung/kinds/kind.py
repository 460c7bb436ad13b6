"""State what a kind of data is: how it is read, divided, judged, saved and shown.

The climb, the run and the verbs know this record and no kind by name. A kind is a folder here with
a module `kind` that declares a KIND; its families stand in the folder of `rung.families` that has
its name.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

from rung.core.events import Listener
from rung.core.family import CrossFit, Family, Model
from rung.core.findings import Finding
from rung.core.folds import Folds
from rung.core.losses import Losses
from rung.core.marks import MarkedRows
from rung.core.metrics import Metric
from rung.core.result import DatasetSummary, FoldsSummary, LadderEntry, Result, Score, TestResult
from rung.core.seal import Seal
from rung.typing import JSON, Array, Untyped


class Prepared(Protocol):
    """Data that were read, divided and checked, ready for the climb."""

    @property
    def problem(self) -> Any:
        """What families see; has a `task`."""
        ...

    @property
    def folds(self) -> Folds: ...
    @property
    def metric(self) -> Metric: ...
    @property
    def seal(self) -> Seal: ...
    @property
    def name(self) -> str:
        """Name of what was read."""
        ...

    @property
    def fingerprint(self) -> str: ...
    @property
    def findings(self) -> tuple[Finding, ...]: ...


class Limit(Protocol):
    """What a run may hold in memory; says of each family whether and how it fits."""

    def reason_to_skip(self, family: Family) -> str: ...
    def folds(self, family: Family, folds: Folds) -> Folds: ...
    def notes(self, family: Family, folds: Folds) -> tuple[str, ...]: ...
    def threads(self, family: Family, wanted: int) -> int: ...


class Unlimited:
    """Let every family climb as it is."""

    def reason_to_skip(self, family: Family) -> str:
        """Return nothing: no family is skipped."""
        return ""

    def folds(self, family: Family, folds: Folds) -> Folds:
        """Return the folds of the run."""
        return folds

    def notes(self, family: Family, folds: Folds) -> tuple[str, ...]:
        """Return nothing: no fold was changed."""
        return ()

    def threads(self, family: Family, wanted: int) -> int:
        """Return all that are wanted."""
        return wanted


class Fitted(Protocol):
    """A model with all that it needs to read new data, and the file that holds it."""

    family: Family
    about: Mapping[str, Any]

    def to_bytes(self) -> bytes:
        """Return what the model file holds."""
        ...

    def describe(self) -> JSON:
        """Return what `inspect` says of the model; JSON-ready."""
        ...

    def table(self, data: Any, options: Any, tell: Callable[[Finding], None]) -> Untyped:
        """Return predictions of new data as columns by name, or as a polars frame."""
        ...


@dataclass(frozen=True)
class Judged:
    """What families lost on data that they had not seen.

    Attributes
    ----------
    losses : Losses
        What they are compared by, a row a unit.
    scores : mapping
        Every metric of every family.
    evidence : object
        What the scores were made of, as the kind has it.
    confusion : mapping of str to tuple
        Confusion matrices, where there are classes.
    notes : mapping of str to tuple of str
        What else should be said of a family.
    """

    losses: Losses
    scores: Mapping[str, Mapping[str, Score]]
    evidence: Any
    confusion: Mapping[str, tuple[tuple[float, ...], ...]] = field(default_factory=dict)
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class SealedTest:
    """The final test, ready to be opened: what goes wrong before goes wrong unopened.

    Attributes
    ----------
    open : callable
        Scores the baseline, the choice and the leader on the sealed data.
    findings : tuple of Finding
        What was noticed on the way.
    """

    open: Callable[[], TestResult]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a kind adds to a result.

    Attributes
    ----------
    dataset, folds : DatasetSummary, FoldsSummary
        What was read, and how it was divided.
    target : str
        What is predicted.
    classes : tuple of str
        Labels, if there are any.
    positive : str or None
        The positive class of two.
    sections : mapping of str to mapping
        JSON-ready data of sections of the page, by their names.
    findings : tuple of Finding
        What the scores themselves give cause to doubt.
    tables : mapping of str to mapping of str to ndarray
        Columns of the files to write, by name of the file without its suffix.
    """

    dataset: DatasetSummary
    folds: FoldsSummary
    target: str
    classes: tuple[str, ...] = ()
    positive: str | None = None
    sections: Mapping[str, JSON] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    tables: Mapping[str, Mapping[str, Array]] = field(default_factory=dict)


class Ladder(Protocol):
    """A climb, as far as a kind needs it."""

    @property
    def judged(self) -> Judged: ...
    @property
    def ladder(self) -> tuple[LadderEntry, ...]: ...
    @property
    def choice(self) -> str: ...
    @property
    def leader(self) -> str: ...
    @property
    def trained(self) -> tuple[Family, ...]: ...

    def fitted(self, name: str) -> CrossFit: ...
    def model(self, name: str) -> Model: ...


@dataclass(frozen=True, kw_only=True)
class Words:
    """What pages and messages call things."""

    reading: str
    opening: str


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of data.

    Attributes
    ----------
    name : str
        Also that of the folder of its families.
    words : Words
        What pages and messages call its things.
    options : type
        Dataclass of the options; a subclass of `rung.kinds.options.Options`.
    make_options : callable
        Builds it from keywords of Python, `target` among them.
    recognises : callable
        Tells from data and keywords whether they are of this kind; raises `UsageError` where they
        contradict one another.
    owns : callable
        Tells from the contents of a model file whether its model is of this kind.
    prepare : callable
        `(data, options, seal)`: reads, divides and checks.
    question : callable
        `(prepared, options)`: one line that says how the question was understood, or nothing.
    asks : callable
        `(prepared, options)`: what tells one question about the same data from another.
    limit : callable
        `(prepared, options, n_families, listener)`: what the run may hold.
    judge : callable
        `(prepared, fits)`: losses and scores of what was cross-fitted.
    blend : callable or None
        `(attempts, prepared, context, seconds, limit)`: one attempt more, made of the others.
    sealed_rows : callable
        `(prepared, options)`: the sealed data, to be marked in the ledger.
    test : callable
        `(prepared, climb, options)`: the final test, not yet opened.
    outcome : callable
        `(prepared, climb, options, listener, seconds)`: what the kind adds to the result.
    fitted : callable
        `(prepared, climb, family, result)`: the model of a family, to be saved.
    parse : callable
        `(spec, arrays, strings)`: the model of a file, after checking all of it.
    check : callable
        `(data, options by name)`: findings, nothing trained.
    is_parallel : bool
        Whether each family is one job, so that families are trained side by side.
    has_columns : bool
        Whether models predict rows of named columns, which can be explained (`rung.explain`).
    table : callable
        `(prepared)`: these rows with folds and metric, where they were made of something else.
    """

    name: str
    words: Words
    options: type[Any]
    make_options: Callable[[Mapping[str, Any]], Any]
    recognises: Callable[[Any, Mapping[str, Any]], bool]
    owns: Callable[[Mapping[str, Any]], bool]
    prepare: Callable[[Any, Any, Seal | None], Any]
    judge: Callable[[Any, Mapping[str, CrossFit]], Judged]
    sealed_rows: Callable[[Any, Any], MarkedRows]
    test: Callable[[Any, Ladder, Any], SealedTest]
    outcome: Callable[[Any, Ladder, Any, Listener, dict[str, float]], Outcome]
    fitted: Callable[[Any, Ladder, Family, Result], Any]
    parse: Callable[[Mapping[str, Any], Mapping[str, Array], Mapping[str, Sequence[str]]], Any]
    check: Callable[[Any, Mapping[str, Any]], tuple[Finding, ...]]
    question: Callable[[Any, Any], str] = lambda prepared, options: ""
    asks: Callable[[Any, Any], JSON] = lambda prepared, options: {}
    limit: Callable[[Any, Any, int, Listener], Limit] = lambda *_: Unlimited()
    blend: Callable[..., Any] | None = None
    is_parallel: bool = False
    has_columns: bool = False
    table: Callable[[Any], Any] = lambda prepared: prepared


@cache
def discover_kinds() -> tuple[Kind, ...]:
    """Return every kind, by name: each folder here that holds a module `kind` with a KIND.

    Examples
    --------
    >>> {"image", "table", "text"} <= {kind.name for kind in discover_kinds()}
    True
    """
    package = importlib.import_module("rung.kinds")
    folders = sorted(found.name for found in pkgutil.iter_modules(package.__path__) if found.ispkg)
    modules = [importlib.import_module(f"rung.kinds.{name}.kind") for name in folders]
    return tuple(module.KIND for module in modules)


def kind_of(options: Any) -> Kind:
    """Return the kind that these options are of."""
    return next(kind for kind in discover_kinds() if isinstance(options, kind.options))


def recognise(data: Any, asked: Mapping[str, Any]) -> Kind:
    """Return the kind of data that is meant, from what was given and what is asked of it.

    Parameters
    ----------
    data : object
        A path, a frame, lines, ...
    asked : mapping
        Options by name; those left open are absent.

    Raises
    ------
    UsageError
        If the options contradict the data, or no kind reads them.
    """
    for kind in discover_kinds():
        if kind.recognises(data, asked):
            return kind
    from rung.errors import UsageError

    raise UsageError(
        f"data of type {type(data).__name__} are not known",
        "give the path of a file, a frame, an array, or a list of lines",
    )
