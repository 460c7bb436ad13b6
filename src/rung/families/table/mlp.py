"""A multilayer perceptron: layers of weighted sums and rectifiers, trained by gradient descent.

Numbers come in as straight pieces of their range and turned into directions that do not go
together, categories as a row of weights for each level. Several members share all large matrices,
and their mean speaks. Settings and the number of passes are chosen on an inner split; folds that hold
out each other, two or three, share the networks they choose by.

Sources: Rumelhart, Hinton & Williams (1986), Nature 323; Gorishniy, Kotelnikov & Babenko (2025),
TabM, ICLR.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Model, Problem, State
from rung.core.fold_searches import Search, choosing_splits, search_shared
from rung.core.folds import Folds, Split
from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.errors import BadModelFile, NotApplicable
from rung.prep.mean import FoldMean, load_mean
from rung.prep.nesting import nest, part
from rung.prep.outputs import absent_shares, spread_shares
from rung.prep.piecewise import MOST_COLUMNS, MOST_PIECES, PiecewiseEncoder
from rung.prep.rotation import MOST_NUMBERS
from rung.prep.states import REMEDY, take_array
from rung.typing import Array, Settings

if TYPE_CHECKING:
    from rung.nets.tables.engine import TrainingDevice
    from rung.nets.tables.search import Material
    from rung.nets.tables.trial import Trial

# Rows times inputs that networks learn from; the number of steps does not grow with rows.
MOST_CELLS = 60_000_000
FEWEST_ROWS = 2_000
FARTHEST = 1e10


@dataclass(frozen=True)
class NetworkFold:
    """What one training set gave.

    Attributes
    ----------
    encoder : PiecewiseEncoder
        Columns to inputs.
    parameters : dict of str to ndarray, or None
        Of the network; None where the target has one value.
    present : ndarray of int, shape (n_present,)
        Classes of the training rows; empty for regression.
    absent : ndarray, shape (n_outputs,)
        Probability of the other classes, before all are made to sum to one.
    offset, scale : float
        Regression: what the target was shifted and divided by.
    """

    encoder: PiecewiseEncoder
    parameters: dict[str, Array] | None
    present: Array
    absent: Array
    offset: float = 0.0
    scale: float = 1.0

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return shape (n_rows, n_outputs)."""
        from rung.nets.tables.forward import outputs

        inputs = self.encoder.matrix(design, rows)
        if self.parameters is None:
            given = np.full((len(inputs), 1), 1.0 if len(self.present) else 0.0)
        else:
            given = outputs(self.parameters, inputs, classes=len(self.present) > 0)
        if not len(self.present):
            return np.asarray(self.offset + self.scale * given)
        return spread_shares(given, self.present, self.absent)

    def to_state(self) -> State:
        """Return the encoder and the network as parts."""
        numbers = np.array([self.offset, self.scale])
        own = State({}, {"present": self.present, "absent": self.absent, "numbers": numbers})
        parameters = self.parameters or {}
        network = {name: each.astype(np.float32) for name, each in parameters.items()}
        return nest({"own": own, "encoder": self.encoder.to_state(), "network": State({}, network)})


def load(state: State) -> Model:
    """Rebuild the model, checking every part of it."""
    return load_mean(state, _load_fold)


def _load_fold(state: State, n_outputs: int) -> NetworkFold:
    from rung.nets.tables.forward import take_network

    encoder = PiecewiseEncoder.from_state(part(state, "encoder"))
    own, network = part(state, "own"), part(state, "network")
    offset, scale = take_array(own, "numbers", (2,)).tolist()
    if n_outputs == 1:
        present = take_array(own, "present", (0,), whole=True)
        absent = take_array(own, "absent", (0,))
    else:
        present = take_array(own, "present", (None,), low=0, high=n_outputs - 1, whole=True)
        absent = take_array(own, "absent", (n_outputs,), low=0, high=1)
        if not len(present) or (np.diff(present) <= 0).any() or absent[present].any():
            raise BadModelFile("outputs of the model do not fit together", REMEDY)
    parameters = None
    if network.arrays:
        parameters = take_network(network, encoder.width, max(len(present), 1))
    elif len(present) > 1:
        raise BadModelFile("a network of the model has no weights", REMEDY)
    return NetworkFold(encoder, parameters, present, absent, offset, scale)


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Search once for all folds that hold out each other, then train a network a fold."""
    from rung.nets.tables.engine import training_device

    if not problem.design.number_names and not problem.design.category_columns:
        raise NotApplicable("there are no features to learn from")
    device = training_device(context.device, max(len(split.train) for split in folds.splits))

    def seek(search: Search, _: int) -> tuple[JudgeView, ...]:
        return _search(problem, context, search, device)

    with _repeatable(device):
        own = search_shared(_judged(problem, folds), seek, context.map)

        def fit(split: int) -> tuple[NetworkFold, Settings, Settings]:
            train = folds.splits[split].train
            return _fit_split(problem, train, context, (split, own[split]), device)

        fits = context.map(fit, range(len(folds.splits)))
    models, settings, training = zip(*fits, strict=True)
    predictions = tuple(
        model.predict(problem.design, split.test)
        for model, split in zip(models, folds.splits, strict=True)
    )
    final = FoldMean(problem.task, problem.n_outputs, models)
    paired = tuple(each[0].outputs if each else _no_rows(problem) for each in own)
    return CrossFit(
        predictions,
        settings,
        final,
        notes=(f"trained on {device} with torch {version('torch')}",) if device else (),
        training=training,
        paired=paired,
        models=final.of_each_fold(),
    )


def _repeatable(device: TrainingDevice) -> AbstractContextManager[None]:
    if device is None:
        return nullcontext()
    from rung.nets.training.devices import repeatable

    return repeatable(device)


def _no_rows(problem: Problem) -> Array:
    return np.zeros((0, problem.n_outputs))


@dataclass(frozen=True)
class JudgeView:
    """What one judge of a search saw.

    Attributes
    ----------
    trials : tuple of Trial
        How each candidate fared; empty where nothing could be tried.
    outputs : ndarray, shape (n_test, n_outputs)
        What the network that did best predicts for the judge's rows; no rows where there is none.
    """

    trials: tuple[Trial, ...]
    outputs: Array


@dataclass(frozen=True)
class _Learned:
    """What is learned on training rows before any network: inputs, units of the target, classes."""

    encoder: PiecewiseEncoder
    rows: Array
    weight_unit: float
    present: Array
    absent: Array
    offset: float
    scale: float

    @property
    def is_constant(self) -> bool:
        """Whether there is nothing to learn."""
        return len(self.present) == 1 or (not len(self.present) and self.scale == 0.0)

    def model(self, parameters: dict[str, Array] | None) -> NetworkFold:
        """Return the model of a network that was trained on these rows."""
        wide = parameters and {name: each.astype(np.float64) for name, each in parameters.items()}
        scale = 1.0 if parameters is None else self.scale
        return NetworkFold(self.encoder, wide, self.present, self.absent, self.offset, scale)


def _judged(problem: Problem, folds: Folds) -> list[tuple[Split, ...]]:
    """Return the inner splits on which each split chooses; none where rows are too few to tell."""
    from rung.nets.tables.budget import budget_for

    inner = choosing_splits(folds)
    return [
        inner[number][: budget_for(len(_counted(problem, split.train))).n_judges]
        for number, split in enumerate(folds.splits)
    ]


def _search(
    problem: Problem, context: Context, search: Search, device: TrainingDevice
) -> tuple[JudgeView, ...]:
    """Train candidates on the rows of a search; return what each of its judges saw."""
    from rung.nets.tables.budget import budget_for
    from rung.nets.tables.search import search as seek

    learned, nothing = _learn(problem, context, search.train), JudgeView((), _no_rows(problem))
    # Passes follow from the rows of a whole training set, of which some are held back here.
    budget = budget_for(round(len(learned.rows) * search.whole))
    if learned.is_constant or len(learned.rows) < budget.batch_rows:
        return (nothing,) * len(search.tests)
    material = _material(problem, learned, search.tests)
    found = seek(
        material,
        budget,
        lambda *key: context.rng("mlp", "search", search.key, *key),
        device,
    )
    return tuple(
        JudgeView(each.trials, learned.model(each.parameters).predict(problem.design, rows))
        if each.parameters
        else nothing
        for each, rows in zip(found, search.tests, strict=True)
    )


def _fit_split(
    problem: Problem,
    train: Array,
    context: Context,
    chosen: tuple[int, Sequence[JudgeView]],
    device: TrainingDevice,
) -> tuple[NetworkFold, Settings, Settings]:
    """Train on all training rows of a split, with what its judges found best."""
    from rung.nets.tables.budget import budget_for
    from rung.nets.tables.search import choose, learn

    split, views = chosen
    learned = _learn(problem, context, train)
    if learned.is_constant:
        return learned.model(None), {"epochs": 0}, {}
    budget = budget_for(len(learned.rows))
    trained = learn(
        _material(problem, learned, ()),
        budget,
        choose([each.trials for each in views], budget),
        lambda *key: context.rng("mlp", split, *key),
        device,
        # One fold's are like another's, and cost as much as a short training.
        tries_rates=split == 0,
    )
    return learned.model(trained.parameters), trained.settings, trained.record


def _counted(problem: Problem, rows: Array) -> Array:
    """Return the rows that have weight; all where none has."""
    weight = problem.weights(rows)
    return np.asarray(rows[weight > 0] if weight.any() else rows)


def _learn(problem: Problem, context: Context, train: Array) -> _Learned:
    encoder = context.encoded("piecewise", train)
    assert isinstance(encoder, PiecewiseEncoder)
    rows = _counted(problem, train)
    weight = problem.weights(rows)
    unit = float(weight.mean()) or 1.0
    y, none = problem.y[rows], np.zeros(0, dtype=np.int64)
    if problem.classes:
        present = np.unique(y)
        absent = absent_shares(present, len(problem.classes), len(train))
        return _Learned(encoder, rows, unit, present, absent, 0.0, 1.0)
    offset, scale = _units(y, weight if weight.any() else np.ones(len(rows)))
    return _Learned(encoder, rows, unit, none, np.zeros(0), offset, scale)


def _units(y: Array, weight: Array) -> tuple[float, float]:
    """Return what is taken off a target, and by what it is divided; 0 where it does not vary."""
    # The value next to the mean, so that a large offset cancels without loss.
    off = y - y[0]
    offset = float(y[np.abs(off - np.average(off, weights=weight)).argmin()])
    # The size goes first, so that squares of large values stay finite.
    size = float(np.abs(y - offset).max())
    if not size > 0.0:
        return offset, 0.0
    near = (y - offset) / size
    mean = np.average(near, weights=weight)
    return offset, size * float(np.sqrt(np.average((near - mean) ** 2, weights=weight)))


def _material(problem: Problem, learned: _Learned, tests: Sequence[Array]) -> Material:
    """Encode rows to learn from, and those of judges, with what was learned on the former."""
    from rung.nets.tables.losses import Loss
    from rung.nets.tables.search import Material

    judges = [_counted(problem, rows) for rows in tests]
    if problem.classes:
        judges = [rows[np.isin(problem.y[rows], learned.present)] for rows in judges]
    # Judges of three folds share rows: each is encoded once.
    judged = np.unique(np.concatenate([learned.rows[:0], *judges]))
    rows, n_own = np.concatenate([learned.rows, judged]), len(learned.rows)
    weight = problem.weights(rows)
    # Rows of a judge may lie far outside what was learned; single precision holds 3e38.
    target = np.clip((problem.y[rows] - learned.offset) / learned.scale, -FARTHEST, FARTHEST)
    loss = Loss("cross_entropy" if problem.classes else _value_loss(problem))
    return Material(
        inputs=learned.encoder.matrix(problem.design, rows).astype(np.float32),
        is_piece=learned.encoder.is_piece,
        is_turned=learned.encoder.is_turned,
        target=np.searchsorted(learned.present, problem.y[rows]) if problem.classes else target,
        weight=weight / learned.weight_unit if weight.any() else np.ones(len(rows)),
        rows=np.arange(n_own),
        judges=tuple(n_own + np.searchsorted(judged, each) for each in judges),
        n_outputs=max(len(learned.present), 1),
        loss=loss,
        judge=loss,
    )


def _value_loss(problem: Problem) -> str:
    return "absolute" if problem.loss in ("absolute_error", "relative_error") else "squared"


def most_rows(sizes: ProblemSizes) -> int:
    """Return the training rows whose encoding is worth its room."""
    return max(MOST_CELLS // max(_inputs(sizes), 1), FEWEST_ROWS)


def memory(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate from the encoded rows in double and single precision, and those to predict."""
    n_learned = min(sizes.n_train, most_rows(sizes))
    # Beside the rows that a search learns from stand those of its judges.
    n_encoded = n_learned + n_learned * sizes.n_test // max(sizes.n_train, 1)
    learned = sizes.matrix(n_encoded, _inputs(sizes))
    return MemoryEstimate(job=5 * learned // 2 + 2 * sizes.matrix(sizes.n_test, _inputs(sizes)))


def _inputs(sizes: ProblemSizes) -> int:
    pieces = min(sizes.n_numbers * MOST_PIECES, MOST_COLUMNS)
    return sizes.n_columns + min(sizes.n_numbers, MOST_NUMBERS) + pieces


FAMILY = Family(
    name="mlp",
    title="Multilayer perceptron",
    step=1100,
    tasks=("regression", "binary", "multiclass"),
    sources=(
        "Rumelhart, Hinton & Williams (1986), Learning by back-propagating errors, Nature 323",
        "Gorishniy, Rubachev & Babenko (2022), On embeddings for numerical features, NeurIPS 35",
        "Gorishniy, Kotelnikov & Babenko (2025), TabM, ICLR",
    ),
    final="average",
    cross_fit=cross_fit,
    load=load,
    weights=True,
    most_rows=most_rows,
    memory=memory,
)
