"""Hold the frozen outcome of a run; console, report and files only read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from html import escape
from typing import Any, Literal

import numpy as np

from rung.core.findings import Finding
from rung.typing import JSON, Settings, Task

SCHEMA = 1
ONE_SPLIT = "one split"


@dataclass(frozen=True)
class Score:
    """A metric's value with its uncertainty.

    Attributes
    ----------
    mean : float
        Value over all out-of-fold rows, in the metric's unit.
    low, high : float
        95 % interval.
    per_fold : tuple of float
        Value on each split's held-out rows.
    """

    mean: float
    low: float
    high: float
    per_fold: tuple[float, ...] = ()


@dataclass(frozen=True)
class Difference:
    """Loss of a family minus loss of its rival (the leader), with its 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class ColumnSummary:
    """One column as the report and the model file name it."""

    name: str
    kind: str
    role: str
    missing: int
    distinct: int
    unit: str = ""


@dataclass(frozen=True)
class DatasetSummary:
    """What was read.

    `rows` counts rows with a target; `rows_without_target` those left out; `fingerprint` is a
    digest of all values, independent of the order of rows.
    """

    source: str
    rows: int
    rows_without_target: int
    columns: tuple[ColumnSummary, ...]
    fingerprint: str


@dataclass(frozen=True)
class BlockSummary:
    """Where a block lies (mean of its rows), how many rows it has, and the fold that holds it out.

    The fold is -1 for a sealed block, and -2 for one that is set aside.
    """

    across: float
    up: float
    fold: int
    rows: int


@dataclass(frozen=True)
class Dependence:
    """How rows that depend on each other were divided.

    Attributes
    ----------
    counted : str
        What counts as one observation, in the plural: groups, blocks or stretches.
    said : str
        Sizes and counts, and why they are so.
    n_aside : int
        Rows that are too near to sealed ones to learn from.
    n_effective : float
        Independent rows that would tell as much of the leader's loss.
    blocks : tuple of BlockSummary
        Of space: the largest ones.
    """

    counted: str
    said: str
    n_aside: int = 0
    n_effective: float = 0.0
    blocks: tuple[BlockSummary, ...] = ()


@dataclass(frozen=True)
class FoldsSummary:
    """How rows were divided: kind, number of folds and repeats, rows and units, fingerprint.

    `dependence` is None where each row is an observation of its own.
    """

    kind: str
    n_folds: int
    n_repeats: int
    n_rows: int
    n_scored: int
    n_units: int
    unit: str
    fingerprint: str
    dependence: Dependence | None = None

    @property
    def has_one_split(self) -> bool:
        """Whether families learn once and are compared on one part, instead of out of fold."""
        return self.kind == ONE_SPLIT


Verdict = Literal["as good", "worse", "undecided"]


@dataclass(frozen=True)
class LadderEntry:
    """One family on the ladder.

    Attributes
    ----------
    family, title, step
        As the family declares them.
    status : str
        `scored` or `skipped`.
    reason : str
        Why it was skipped.
    scores : mapping of str to Score
        Every metric of the task.
    difference : Difference or None
        Verdict loss minus the leader's (for the leader: minus its best rival's).
    verdict : str or None
        `as good`, `worse`, `undecided`.
    settle_units : float or None
        For undecided: units (rows, groups, lines) that would settle it, an order of magnitude; inf
        for over 100 times.
    settings : tuple of mapping
        Chosen settings, one a split.
    notes : tuple of str
        What the user should know.
    confusion : tuple of tuple of float or None
        Weighted counts, rows true classes, columns predicted classes.
    training : tuple of mapping
        How each split's model was trained: curves as lists of numbers by name; of networks of
        text also `health`, what they look like inside.
    """

    family: str
    title: str
    step: int
    status: Literal["scored", "skipped"]
    reason: str = ""
    scores: Mapping[str, Score] | None = None
    difference: Difference | None = None
    verdict: Verdict | None = None
    settle_units: float | None = None
    settings: tuple[Settings, ...] = ()
    notes: tuple[str, ...] = ()
    confusion: tuple[tuple[float, ...], ...] | None = None
    training: tuple[Settings, ...] = ()


@dataclass(frozen=True)
class Choice:
    """The family that the rule picks, and the sentence that says so.

    `margin` is the smallest difference that matters, against the leader, in the unit of
    `metric` (`margin_loss` in the unit of the verdict's loss); `is_claim` tells a shown *as
    good* that the sealed test does not contradict.
    """

    family: str
    leader: str
    verdict: Verdict
    is_claim: bool
    rule: Literal["simplest", "leader"]
    metric: str
    margin: float
    margin_loss: float
    margin_source: Literal["given", "default"]
    sentence: str

    def __str__(self) -> str:
        return self.sentence

    def _repr_html_(self) -> str:
        """Show the sentence in a notebook; everything in it is escaped."""
        return f"<p><strong>{escape(self.family)}</strong>: {escape(self.sentence)}</p>"


@dataclass(frozen=True)
class TestScore:
    """A score on the sealed rows, with the method behind its interval and its level."""

    __test__ = False

    value: float
    low: float
    high: float
    level: float
    method: str


@dataclass(frozen=True)
class TestResult:
    """What the sealed rows said, once.

    `opened` tells whether the run opened them (not if nothing was sealed; how often they were
    opened before stands in the run's history); `scores` maps a role (`constant`,
    `choice`, `leader`) to metric to score; `families` maps the role to the family's name.
    """

    __test__ = False

    opened: bool
    n: int
    reason: str = ""
    families: Mapping[str, str] | None = None
    scores: Mapping[str, Mapping[str, TestScore]] | None = None
    confusion: tuple[tuple[float, ...], ...] | None = None


@dataclass(frozen=True)
class TextPart:
    """One part of a text: its units (distinct lines, segments), lines or runs, and characters."""

    units: int
    pieces: int
    characters: int


@dataclass(frozen=True)
class TextSample:
    """A text that a model wrote, and the share of it that stands in the training text.

    `copied` is None where the training text was too large to remember.
    """

    text: str
    copied: float | None


@dataclass(frozen=True)
class Surprise:
    """A piece of the verdict's part, and what each of its characters cost the model in bits.

    The end of a line is the last of `bits`, and no character of `text`.
    """

    text: str
    bits: tuple[float, ...]


@dataclass(frozen=True)
class TextSummary:
    """What is particular to a run on text.

    Attributes
    ----------
    kind : str
        `lines` or `stream`.
    counted : str
        What units are called, in the plural.
    n_characters, n_pieces, n_distinct : int
        Characters with the ends of lines; lines or segments, and how many differ.
    n_tokens : int
        Characters that can come next; the end of a line is one of them.
    context : int
        Longest context that families may use.
    parts : mapping of str to TextPart
        `train`, `validation`, `verdict`, `sealed`.
    samples : mapping of str to tuple of TextSample
        What each family writes.
    surprise : tuple of Surprise
        How the chosen model reads a few pieces that it did not learn from.
    """

    kind: str
    counted: str
    n_characters: int
    n_pieces: int
    n_distinct: int
    n_tokens: int
    context: int
    parts: Mapping[str, TextPart]
    samples: Mapping[str, tuple[TextSample, ...]]
    surprise: tuple[Surprise, ...]


@dataclass(frozen=True)
class Command:
    """The words of a command line that repeats a run, and the options that only Python can say."""

    words: tuple[str, ...] = ()
    from_python: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """The outcome of a run: everything but timings.

    `sections` holds what a kind of data or an explanation adds to it: from the name of a section
    of the page (`rung.report.sections`) to JSON-ready data.
    `command` stands on the page only: `results.json` holds the options themselves.
    """

    dataset: DatasetSummary
    task: Task
    target: str
    metric: str
    loss: str
    classes: tuple[str, ...]
    positive: str | None
    findings: tuple[Finding, ...]
    folds: FoldsSummary
    ladder: tuple[LadderEntry, ...]
    choice: Choice
    test: TestResult
    options: Settings
    seed: int
    versions: Mapping[str, str]
    machine: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, Any] = field(default_factory=dict)
    command: Command = field(default_factory=Command)

    def to_dict(self) -> JSON:
        """Return the dictionary that `results.json` holds (schema 1)."""
        found = {"schema": SCHEMA, **plain(self)}
        if self.folds.dependence is None:
            del found["folds"]["dependence"]
        left_out = {"command"} if self.sections else {"command", "sections"}
        return {key: found[key] for key in found if key not in left_out}

    def entry(self, family: str) -> LadderEntry:
        """Return the ladder entry of a family."""
        return next(entry for entry in self.ladder if entry.family == family)


def plain(value: Any) -> Any:
    """Turn dataclasses, tuples and numpy values into what JSON knows.

    Numbers that are not finite become None, as JSON has no word for them; half characters, as in
    file names of another alphabet, become their codes.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {whole_text(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def whole_text(text: str) -> str:
    r"""Return a text that is Unicode: what is no character stands there as its code.

    Examples
    --------
    >>> whole_text("caf\udce9.csv")
    'caf\\udce9.csv'
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
