"""Put any torch module on the ladder, under the same folds and the same verdict."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Problem, State
from rung.core.folds import Folds
from rung.errors import BadModelFile, NotApplicable, NotSavable, RungError, UsageError
from rung.prep.one_hot import TableEncoder, cells
from rung.prep.outputs import softmax
from rung.typing import Array, Task, Untyped

STEP = 1170  # above wrapped estimators, below what is made of several families
CLASSES: tuple[Task, ...] = ("binary", "multiclass")
INPUTS = ("one-hot", "codes")
# A standardised number further out counts as this far: one wild cell shall not rule a network.
FARTHEST = 10.0


def cross_fit_module(
    make_module: Callable[[Any], Untyped],
    loss: str | Callable[..., Untyped] | None = None,
    *,
    inputs: Literal["one-hot", "codes"] = "one-hot",
    name: str = "module",
    step: int = STEP,
    **training: Any,
) -> Family:
    """Wrap a torch module as a family of the ladder.

    One module is made and trained for each fold, on its training rows alone; the encoding of the
    columns is learned there too, and so is when to stop, on an inner fold. The final model is the
    mean of the modules of all folds. All that is random comes from the run's seed. A trained
    module is code, so it predicts in memory but is never written to a file.

    Parameters
    ----------
    make_module : callable
        Takes `sizes` (`n_inputs`, `n_levels`, `n_outputs`), gives a new, untrained
        `torch.nn.Module` (the same one, or one that was trained, is refused) whose output has the shape (n_rows, n_outputs): values, or a score (a
        logarithm of odds, as cross-entropy takes) for each class.
    loss : str or callable, optional
        `squared`, `absolute`, `huber` or `cross_entropy`, or a function of outputs and target
        that gives one number; squares for values and cross-entropy for classes by default.
        Weights of rows are honoured by the named ones.
    inputs : str, default 'one-hot'
        What `forward` is given: `one-hot` (one float32 matrix: standardised numbers, missing cells
        at the mean and marked, a column a level) or `codes` (that of the numbers, and an int64
        matrix of category codes for embeddings).
    name, step : str, int
        Key in files and options; place on the ladder.
    **training
        `epochs`, `batch_rows`, `patience`, `learning_rate`, `optimiser`, `scale_target`: fields of
        `rung.nets.ModuleTraining`.

    Returns
    -------
    Family
        For `rung.fit(..., families=[...])`.

    Raises
    ------
    UsageError
        If an option is not accepted.
    MissingExtra
        If torch is not installed.

    Examples
    --------
    >>> from torch import nn
    >>> def make(sizes):
    ...     hidden = nn.Linear(sizes.n_inputs, 32)
    ...     return nn.Sequential(hidden, nn.ReLU(), nn.Linear(32, sizes.n_outputs))
    >>> cross_fit_module(make, epochs=20, name="my_network").tasks
    ('regression', 'binary', 'multiclass')
    """
    from rung import nets

    if not callable(make_module):
        raise UsageError(
            f"make_module={make_module!r} makes nothing", "give a function that returns a module"
        )
    if inputs not in INPUTS:
        raise UsageError(f"inputs {inputs!r} is not known; {', '.join(INPUTS)} are", "use one")
    if not name.isidentifier() or name != name.lower():
        raise UsageError(
            f"{name!r} cannot be the name of a family; small letters, digits and underscores can",
            "use name='my_network'",
        )
    if loss is not None:
        nets.row_loss(loss)
    try:
        plan = nets.ModuleTraining(**training)
    except TypeError as error:
        known = ", ".join(nets.ModuleTraining.__dataclass_fields__)
        raise UsageError(f"the options of training are {known}; {error}", "use these") from error
    return Family(
        name=name,
        title=name.replace("_", " ").capitalize(),
        step=step,
        tasks=_tasks(loss),
        sources=(f"{name}, given as a torch module",),
        final="average",
        cross_fit=_ModuleCrossFit(make_module, loss, inputs, plan, name),
        load=_refuse_to_load,
        needs=("torch",),
        weights=not callable(loss),
    )


def _tasks(loss: Untyped) -> tuple[Task, ...]:
    """Return what a loss is for; one of the user's own may serve any task."""
    kind = loss if isinstance(loss, str) else type(loss).__name__
    if kind in ("cross_entropy", "CrossEntropyLoss"):
        return CLASSES
    named = ("squared", "absolute", "huber", "MSELoss", "L1Loss", "HuberLoss", "SmoothL1Loss")
    return ("regression",) if kind in named else ("regression", *CLASSES)


def _refuse_to_load(state: State) -> NoReturn:
    raise BadModelFile("a torch module is never in a model file", "train again")


@dataclass(frozen=True)
class ModuleInputs:
    """Turn a table into what a module is given.

    Attributes
    ----------
    encoder : TableEncoder
        Fitted on training rows.
    kind : str
        One of `INPUTS`.
    """

    encoder: TableEncoder
    kind: str

    @property
    def n_levels(self) -> tuple[int, ...]:
        """Return how many codes each category has: kept levels, the missing one, and the rest."""
        if self.kind == "one-hot":
            return ()
        return tuple(category.width + 1 for category in self.encoder.categories)

    @property
    def n_inputs(self) -> int:
        """Return the columns of the matrix of numbers."""
        width = self.encoder.width
        return width - sum(n - 1 for n in self.n_levels)

    def arrays(self, design: Design, rows: Array | None) -> tuple[Array, ...]:
        """Return float32 numbers, shape (n_rows, n_inputs), and int64 codes if wanted."""
        matrix = self.encoder.matrix(design, rows)[:, : self.n_inputs]
        numbers = np.clip(matrix, -FARTHEST, FARTHEST).astype(np.float32)
        return (numbers,) if self.kind == "one-hot" else (numbers, self._codes(design, rows))

    def _codes(self, design: Design, rows: Array | None) -> Array:
        codes = design.codes(rows)
        found = np.empty(codes.shape, dtype=np.int64)
        for i, category in enumerate(self.encoder.categories):
            levels = design.category_columns[i].levels
            found[:, i] = category.positions(levels)[cells(codes[:, i], len(levels))]
        return found


@dataclass(frozen=True)
class ModuleModel:
    """Predict with a trained module.

    Attributes
    ----------
    inputs : ModuleInputs
        From a table to its tensors.
    module : torch.nn.Module
        Trained.
    n_outputs : int
        Columns of its output.
    shift, scale : float
        From what it gives to values; of no use for classes.
    holds_code : bool
        True.
    """

    inputs: ModuleInputs
    module: Untyped
    n_outputs: int
    shift: float
    scale: float
    # A field that the constructor does not take keeps the journal from writing the parts down.
    holds_code: bool = field(default=True, init=False)

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return values or probabilities, shape (n_rows, n_outputs)."""
        found = self.outputs(design, rows)
        return softmax(found) if self.n_outputs > 1 else found * self.scale + self.shift

    def outputs(self, design: Design, rows: Array | None = None) -> Array:
        """Return what the module itself gives, shape (n_rows, n_outputs)."""
        from rung import nets

        arrays = self.inputs.arrays(design, rows)
        found = _call("predicting", nets.predict_module, self.module, arrays, self.n_outputs)
        if not np.isfinite(found).all():
            raise RungError("the module predicted values that are not finite", "train it longer")
        return np.asarray(found)

    def to_state(self) -> NoReturn:
        """Refuse: a trained module is code."""
        raise NotSavable(
            f"a trained {type(self.module).__name__} is code, and a model file holds none; the "
            "models of rung's own families can be saved",
            "predict with it in memory, keep it by torch.save(module.state_dict(), ...), or save "
            "the model of another family",
        )


@dataclass(frozen=True)
class ModuleMean:
    """Predict with the mean of the modules of all folds.

    Attributes
    ----------
    members : tuple of ModuleModel
        One a fold.
    """

    members: tuple[ModuleModel, ...]
    holds_code: bool = field(default=True, init=False)

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return the mean of values or probabilities, shape (n_rows, n_outputs)."""
        return np.asarray(np.mean([each.predict(design, rows) for each in self.members], axis=0))

    def to_state(self) -> NoReturn:
        """Refuse: trained modules are code."""
        self.members[0].to_state()


@dataclass(frozen=True)
class _ModuleCrossFit:
    """Train a module for each fold: an object, so that it can be copied and sent."""

    make_module: Callable[[Any], Untyped]
    loss: Untyped
    inputs: str
    training: Untyped
    name: str

    def __call__(self, problem: Problem, folds: Folds, context: Context) -> CrossFit:
        """Train one module for each split; the final model is their mean."""

        def fit(split: int) -> tuple[ModuleModel, Array, int]:
            return self._fit_split(problem, folds, context, split)

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            fits = context.map(fit, range(len(folds.splits)))
        counts = Counter(warning.category.__name__ for warning in caught)
        said = (f"it warned: {name} ({count} times)" for name, count in sorted(counts.items()))
        return CrossFit(
            predictions=tuple(outputs for _, outputs, _ in fits),
            settings=tuple({"epochs": epochs} for _, _, epochs in fits),
            model=ModuleMean(tuple(model for model, _, _ in fits)),
            notes=(
                self._describe(fits[0][0].module),
                *_bounded_scores(problem, fits[0][0].outputs(problem.design, folds.splits[0].test)),
                *said,
            ),
        )

    def _fit_split(
        self, problem: Problem, folds: Folds, context: Context, split: int
    ) -> tuple[ModuleModel, Array, int]:
        """Return the model of a split, what it predicts for held-out rows, and its epochs."""
        from rung import nets

        learn, watch = self._rows(folds, split)
        encoder = context.encoded("one-hot", learn)
        assert isinstance(encoder, TableEncoder)
        inputs = ModuleInputs(encoder, self.inputs)
        sizes = nets.ModuleSizes(inputs.n_inputs, inputs.n_levels, problem.n_outputs)
        if not inputs.n_inputs and not inputs.n_levels:
            raise NotApplicable("the training rows of a fold have no feature that varies")
        shift, scale = self._scale(problem, learn)

        def lesson(rows: Array) -> Untyped:
            y = problem.y[rows]
            target = y if problem.classes else ((y - shift) / scale).astype(np.float32)
            weight = problem.weights(rows)
            weight = weight / weight.mean() if weight.any() else np.ones(len(rows))
            return nets.ModuleRows(
                inputs.arrays(problem.design, rows), target, weight, problem.n_outputs
            )

        trained = _call(
            "training",
            nets.train_module,
            lambda: self.make_module(sizes),
            self.loss or ("cross_entropy" if problem.classes else "squared"),
            lesson(learn),
            training=self.training,
            watched=lesson(watch) if len(watch) else None,
            seed=int(context.rng("module", split).integers(2**62)),
        )
        model = ModuleModel(inputs, trained.module, problem.n_outputs, shift, scale)
        return model, model.predict(problem.design, folds.splits[split].test), trained.epochs

    def _rows(self, folds: Folds, split: int) -> tuple[Array, Array]:
        """Return rows to learn from and to watch, both inside the training rows."""
        inner = folds.inner(split)[:1] if self.training.patience else ()
        for each in inner:
            if len(each.train) and len(each.test):
                return each.train, each.test
        return folds.splits[split].train, np.arange(0)

    def _scale(self, problem: Problem, rows: Array) -> tuple[float, float]:
        """Return mean and standard deviation of the target, weighted."""
        if problem.classes or not self.training.scale_target:
            return 0.0, 1.0
        y, weight = problem.y[rows], problem.weights(rows)
        weight = weight if weight.any() else np.ones(len(rows))
        shift = float(np.average(y, weights=weight))
        scale = float(np.sqrt(np.average((y - shift) ** 2, weights=weight)))
        return shift, scale if scale > np.finfo(float).tiny else 1.0

    def _describe(self, module: Untyped) -> str:
        n_weights = sum(each.numel() for each in module.parameters())
        return (
            f"{type(module).__name__} with {n_weights:,} weights on {self.inputs} columns; it is "
            "code, so no model file can hold it"
        )


def _bounded_scores(problem: Problem, outputs: Array) -> tuple[str, ...]:
    """Say so where a module seems to give probabilities, of which the softmax is taken again."""
    if not problem.classes or not len(outputs) or outputs.min() < 0.0 or outputs.max() > 1.0:
        return ()
    is_shared_out = np.allclose(outputs.sum(axis=1), 1.0, atol=1e-4)
    what = "are probabilities already" if is_shared_out else "all lie between 0 and 1"
    said = (
        f"its outputs {what}, and the softmax of them is taken again, which flattens them: scores "
        "of any size are wanted; leave softmax or sigmoid out at its end"
    )
    return (said,)


def _call(doing: str, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Call what runs code of others, and name whatever it raises; the run goes on without it."""
    try:
        return function(*arguments, **options)
    except (MemoryError, RungError):
        raise
    except Exception as error:  # it is foreign: it may raise anything
        text = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise RungError(f"the module raised, in {doing}, {text[:200]}") from error
