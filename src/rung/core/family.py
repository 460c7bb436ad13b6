"""Define what a family is: one way to model, cross-fitted on shared folds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np

from rung.core.dataset import Column
from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.typing import Array, Rows, Settings, Task


class Design(Protocol):
    """What was read and parsed; nothing fitted. `Dataset` is the design of tables."""

    @property
    def n_rows(self) -> int: ...
    @property
    def weight(self) -> Array | None: ...
    @property
    def number_names(self) -> tuple[str, ...]: ...
    @property
    def category_columns(self) -> tuple[Column, ...]: ...

    def numbers(self, rows: Rows = None) -> Array: ...
    def number_columns(self, rows: Rows = None) -> Iterator[Array]: ...
    @property
    def text_columns(self) -> tuple[Column, ...]: ...

    def codes(self, rows: Rows = None) -> Array: ...
    def text_codes(self, rows: Rows = None) -> Array: ...


@dataclass(frozen=True)
class Problem:
    """State what is to be predicted from what.

    Attributes
    ----------
    task : str
        `regression`, `binary` or `multiclass`.
    design : Design
        Training rows; the sealed rows are not in it.
    y : ndarray, shape (n_rows,)
        float64 values for regression, int64 class indices otherwise.
    classes : tuple of str
        Class labels, sorted; empty for regression.
    loss : str
        The unit loss that the run compares families by (a key of `rung.core.metrics`).
    most_words : int
        Words, pairs of words and pieces of characters that are counted in a column of text, each.
    unlabelled : Design, optional
        Rows that have no target, where at least half have none: they are held out by no fold.
    """

    task: Task
    design: Design
    y: Array
    classes: tuple[str, ...] = ()
    loss: str = "squared_error"
    most_words: int = 10_000
    unlabelled: Design | None = None

    @property
    def n_outputs(self) -> int:
        """Columns of a prediction: 1 for regression, one probability a class otherwise."""
        return max(len(self.classes), 1)

    def weights(self, rows: Array) -> Array:
        """Return the weights of these rows, ones where none were declared; shape (n_rows,)."""
        weight = self.design.weight
        return np.ones(len(rows)) if weight is None else weight[rows]


@dataclass(frozen=True)
class State:
    """Hold all that a model is, as data: a JSON-ready spec, arrays, and string tables."""

    spec: Settings
    arrays: Mapping[str, Array] = field(default_factory=dict)
    strings: Mapping[str, Sequence[str]] = field(default_factory=dict)


class Encoded(Protocol):
    """Turn columns into a matrix, with everything learned on the training rows."""

    def matrix(self, design: Design, rows: Array | None = None) -> Array: ...
    def to_state(self) -> State: ...


class Model(Protocol):
    """Predict; and give itself back as data."""

    def predict(self, design: Any, rows: Array | None = None) -> Array:
        """Return shape (n_rows, n_outputs): values, or probabilities that sum to one.

        A model of text (`rung.text.problem.TextModel`) takes `Passages` for a design and returns
        the log probability of each of their characters.
        """
        ...

    def to_state(self) -> State:
        """Return the state that `Family.load` turns back into this model, to the bit."""
        ...


class CheckpointStore(Protocol):
    """Where a long training saves its state, for a run that goes on after a kill."""

    def save(self, state: State) -> None:
        """Keep this state instead of the one before."""
        ...

    def restore(self) -> State | None:
        """Return what was saved last in this very run; None if there is nothing."""
        ...


class Context(Protocol):
    """What a family may ask of the run."""

    @property
    def device(self) -> str: ...

    def rng(self, *key: str | int) -> np.random.Generator:
        """Return a generator that depends on the run's seed and this key alone."""
        ...

    def map(self, work: Callable[..., Any], jobs: Sequence[Any]) -> list[Any]:
        """Call `work(job)` for every job, in any order, one thread each; results in order."""
        ...

    def encoded(self, recipe: str, train: Array) -> Encoded:
        """Return the named encoding fitted on these training rows; shared by families."""
        ...

    def shelf(self, *key: str | int) -> CheckpointStore:
        """Return the place of one training of this family; a run in memory keeps nothing.

        A training that resumes from what it saved must end with the same bits as one that was
        never interrupted.
        """
        ...


@dataclass(frozen=True)
class CrossFit:
    """Hand back what one family predicted for rows its models never saw.

    Attributes
    ----------
    predictions : tuple of ndarray, each (n_test, n_outputs)
        One array a split, rows in the order of `split.test`; empty for text.
    settings : tuple of mapping
        What each split's model chose inside its training rows; JSON-ready.
    model : Model
        The final model, made from all training rows.
    notes : tuple of str
        What the user should know, one sentence each.
    unit_losses : tuple of ndarray, each (n_units, 2)
        Text only: one array a split with the loss in nats and the number of characters of every
        unit of the verdict's part. Text has too many predictions to keep them.
    seed_scores : tuple of float
        Text only: nats a character of models trained in the same way from other seeds, if any.
    training : tuple of mapping
        How each split's model was trained, where that is worth a picture: curves as lists of
        numbers by name, and `health`, what the finished network looks like inside; JSON-ready.
    paired : tuple of ndarray, each (n_paired, n_outputs)
        One array a split: what is said of the rows that its choosing split holds out
        (`rung.core.fold_searches`), of each by a model that saw neither the row's fold nor the
        split's own. A blend learns its shares on it, and need not train such a model again; arrays
        without rows where there is none.
    models : tuple of Model
        The model of each split, for explanations on rows that it has not seen; empty where the
        family does not keep them. They are in no file.
    """

    predictions: tuple[Array, ...]
    settings: tuple[Settings, ...]
    model: Model
    notes: tuple[str, ...] = ()
    unit_losses: tuple[Array, ...] = ()
    seed_scores: tuple[float, ...] = ()
    training: tuple[Settings, ...] = ()
    paired: tuple[Array, ...] = ()
    models: tuple[Model, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Family:
    """Declare one rung of the ladder; a file of `rung.families` holds one, called FAMILY.

    Attributes
    ----------
    name, title : str
        Key in files and options; name for people.
    step : int
        Place on the ladder: what a person must hold in mind to understand the model.
    tasks : tuple of str
        Tasks it can do.
    sources : tuple of str
        Where the method comes from.
    final : str
        `refit`: the final model is fitted again on all training rows; `average`: it is the mean
        of the fold models; `same`: it is the model of the one split, as for text.
    cross_fit : callable
        Fits all folds at once; raises `NotApplicable` with the reason. Called with
        `(Problem, Folds, Context)` for tables and `(TextProblem, Context)` for text.
    inputs : str
        What it reads; each kind has a folder of its own in `rung.families`.
    load : callable
        Turns a `State` into a model; validates everything, as a file may be hostile.
    needs : tuple of str
        Libraries needed to train (not to predict).
    weights : bool
        Whether weights of rows are honoured.
    order_only : bool
        Whether numbers are compared and nothing else, so that their units leave no trace at all.
    most_rows : callable, optional
        Training rows that it takes within reasonable time. Where there are more, it is given a
        random part of every training set, and predicts all held-out rows as ever.
    memory : callable, optional
        Estimates what a cross-fit holds. One that would not fit is skipped, with its estimate.
    texts : str
        What it makes of columns of text: `components`, a few numbers a column that stand for its
        words (`rung.families.texts`); `own`, it counts words itself; `none`, it leaves them out.
    form : type, optional
        A protocol of `rung.families.forms` that every model of it fulfils, such as a weighted sum
        or a tree: what can be drawn of it, and written for other programs, follows from it.
    """

    name: str
    title: str
    step: int
    tasks: tuple[Task, ...]
    sources: tuple[str, ...]
    final: Literal["refit", "average", "same"]
    cross_fit: Callable[..., CrossFit]
    load: Callable[[State], Model]
    inputs: Literal["table", "image", "text", "density"] = "table"
    needs: tuple[str, ...] = ()
    weights: bool = False
    order_only: bool = False
    most_rows: Callable[[ProblemSizes], int] | None = None
    memory: Callable[[ProblemSizes], MemoryEstimate] | None = None
    texts: Literal["components", "own", "none"] = "components"
    form: type | None = None
    formula: Callable[[Any], Any] | None = None
    suits: Callable[[Any], bool] | None = None
    state_version: int = 1
