"""A multilayer perceptron: layers of weighted sums and bends, trained by steps down the slope.

Numbers come in as straight pieces of their range and turned into directions that do not go
together, categories as a row of weights for each level. Several members share all large matrices,
and their mean speaks. Settings and the number of passes are chosen on inner splits by halving a
population of networks that train side by side.

Sources: Rumelhart, Hinton & Williams (1986), Nature 323; Gorishniy, Kotelnikov & Babenko (2025),
TabM, ICLR.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Model, Problem, State
from rung.core.folds import Folds, Split
from rung.core.memory import Memory, Sizes
from rung.errors import BadModelFile, NotApplicable
from rung.prep.nesting import nest, part
from rung.prep.outputs import absent_shares, spread_shares
from rung.prep.piecewise import MOST_COLUMNS, MOST_PIECES, PiecewiseEncoder
from rung.prep.rotation import MOST_NUMBERS
from rung.prep.states import REMEDY, take_array, take_choice, take_count
from rung.typing import Array, Settings

TASKS = ("regression", "binary", "multiclass")
# Rows times inputs that networks learn from; the number of steps does not grow with rows.
MOST_CELLS = 60_000_000
FEWEST_ROWS = 2_000


@dataclass(frozen=True)
class FoldModel:
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

    def predict(self, design: Design, rows: Array | None) -> Array:
        """Return shape (n_rows, n_outputs)."""
        from rung.nets.forward import outputs

        inputs = self.encoder.matrix(design, rows)
        if self.parameters is None:
            said = np.full((len(inputs), 1), 1.0 if len(self.present) else 0.0)
        else:
            said = outputs(self.parameters, inputs, classes=len(self.present) > 0)
        if not len(self.present):
            return np.asarray(self.offset + self.scale * said)
        return spread_shares(said, self.present, self.absent)

    def to_state(self) -> State:
        """Return the encoder and the network as parts."""
        numbers = np.array([self.offset, self.scale])
        own = State({}, {"present": self.present, "absent": self.absent, "numbers": numbers})
        parameters = self.parameters or {}
        network = {name: each.astype(np.float32) for name, each in parameters.items()}
        return nest({"own": own, "encoder": self.encoder.to_state(), "network": State({}, network)})


@dataclass(frozen=True)
class NetworkModel:
    """Average the networks of all folds."""

    task: str
    n_outputs: int
    models: tuple[FoldModel, ...]

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return shape (n_rows, n_outputs)."""
        first, *others = self.models
        total = first.predict(design, rows)
        for model in others:
            total += model.predict(design, rows)
        return np.asarray(total / len(self.models))

    def to_state(self) -> State:
        """Return the fold models as numbered parts."""
        state = nest({str(i): model.to_state() for i, model in enumerate(self.models)})
        own = {"task": self.task, "n_outputs": self.n_outputs, "n_models": len(self.models)}
        return State({**own, **state.spec}, state.arrays, state.strings)


def load(state: State) -> Model:
    """Rebuild the model, checking every part of it."""
    task = take_choice(state, "task", TASKS)
    low = 1 if task == "regression" else 2
    n_outputs = take_count(state, "n_outputs", low=low, high=1 if low == 1 else 1_000_000)
    n_models = take_count(state, "n_models", low=1, high=10_000)
    models = tuple(_load_fold(part(state, str(i)), task, n_outputs) for i in range(n_models))
    return NetworkModel(task, n_outputs, models)


def _load_fold(state: State, task: str, n_outputs: int) -> FoldModel:
    from rung.nets.forward import take_network

    encoder = PiecewiseEncoder.from_state(part(state, "encoder"))
    own, network = part(state, "own"), part(state, "network")
    offset, scale = take_array(own, "numbers", (2,)).tolist()
    if task == "regression":
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
    return FoldModel(encoder, parameters, present, absent, offset, scale)


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Train a population for each fold, all of its settings and inner splits at once."""
    from rung.nets.devices import choose_device, repeatable

    if not problem.design.number_names and not problem.design.category_columns:
        raise NotApplicable("there are no features to learn from")
    device = choose_device(context.device)

    def fit(split: int) -> tuple[FoldModel, Settings, Settings]:
        return _fit_split(problem, folds, context, split)

    with repeatable(device):
        fits = context.map(fit, range(len(folds.splits)))
    models, settings, training = zip(*fits, strict=True)
    predictions = tuple(
        model.predict(problem.design, split.test)
        for model, split in zip(models, folds.splits, strict=True)
    )
    final = NetworkModel(problem.task, problem.n_outputs, models)
    return CrossFit(predictions, settings, final, training=training)


def _fit_split(
    problem: Problem, folds: Folds, context: Context, split: int
) -> tuple[FoldModel, Settings, Settings]:
    """Encode the training rows of one fold and train on them."""
    from rung.nets.budget import budget_for
    from rung.nets.devices import choose_device
    from rung.nets.losses import Loss
    from rung.nets.search import Material, train

    rows = folds.splits[split].train
    encoder = context.encoded("piecewise", rows)
    assert isinstance(encoder, PiecewiseEncoder)
    weight = problem.weights(rows)
    counted = weight > 0 if weight.any() else np.ones(len(rows), dtype=bool)
    rows = rows[counted]
    weight = weight[counted] / weight[counted].mean() if weight.any() else np.ones(len(rows))
    y, present, offset, scale = _standard(problem, rows, weight)
    n_train = len(folds.splits[split].train)
    absent = absent_shares(present, len(problem.classes), n_train) if problem.classes else y[:0]
    if len(present) == 1 or (not problem.classes and scale == 0.0):
        return FoldModel(encoder, None, present, absent, offset, 1.0), {"epochs": 0}, {}
    kind = "cross_entropy" if problem.classes else _value_loss(problem)
    budget = budget_for(len(rows))
    material = Material(
        inputs=encoder.matrix(problem.design, rows).astype(np.float32),
        is_piece=encoder.is_piece,
        is_turned=encoder.is_turned,
        target=y,
        weight=weight,
        inner=_places(folds.inner(split)[: budget.n_inner], rows),
        n_outputs=max(len(present), 1),
        loss=Loss(kind),
        judge=Loss(kind),
    )
    trained = train(
        material,
        budget,
        lambda *key: context.rng("mlp", split, *key),
        choose_device(context.device),
    )
    parameters = {name: each.astype(np.float64) for name, each in trained.parameters.items()}
    model = FoldModel(encoder, parameters, present, absent, offset, scale)
    return model, trained.settings, trained.record


def _value_loss(problem: Problem) -> str:
    return "absolute" if problem.loss in ("absolute_error", "relative_error") else "squared"


def _standard(problem: Problem, rows: Array, weight: Array) -> tuple[Array, Array, float, float]:
    """Return what the network learns, the classes present, and the units of the target."""
    y = problem.y[rows]
    if problem.classes:
        present, numbers = np.unique(y, return_inverse=True)
        return numbers, present, 0.0, 1.0
    none = np.zeros(0, dtype=np.int64)
    offset = float(np.average(y, weights=weight))
    # The size goes first, so that squares of large values stay finite.
    size = float(np.abs(y - offset).max())
    if not size > 0.0:
        return y, none, offset, 0.0
    unit = (y - offset) / size
    scale = size * float(np.sqrt(np.average(unit**2, weights=weight)))
    return (y - offset) / scale, none, offset, scale


def _places(inner: tuple[Split, ...], rows: Array) -> tuple[Split, ...]:
    """Return inner splits as places in the sorted training rows."""
    return tuple(
        Split(np.flatnonzero(np.isin(rows, split.train)), np.flatnonzero(np.isin(rows, split.test)))
        for split in inner
    )


def most_rows(sizes: Sizes) -> int:
    """Return the training rows whose encoding is worth its room."""
    return max(MOST_CELLS // _inputs(sizes), FEWEST_ROWS)


def memory(sizes: Sizes) -> Memory:
    """Estimate from the encoded rows in double and single precision, and those to predict."""
    learned = sizes.matrix(min(sizes.n_train, most_rows(sizes)), _inputs(sizes))
    return Memory(job=5 * learned // 2 + 2 * sizes.matrix(sizes.n_test, _inputs(sizes)))


def _inputs(sizes: Sizes) -> int:
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
    needs=("torch",),
    weights=True,
    most_rows=most_rows,
    memory=memory,
)
