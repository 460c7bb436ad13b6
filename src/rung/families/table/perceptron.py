"""Learn from mistakes alone: the perceptron, its weights averaged over all that it visited.

Every class has a weight for each column. A row is a mistake where another class scores as high as
its own; then the row is added to the weights of its own class and taken from those of the rival.
For two classes this is Rosenblatt's rule. Scores become probabilities by sigmoids fitted to rows
that the weights had not seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Problem, State
from rung.core.fold_triples import judging_splits
from rung.core.folds import Folds, Split
from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.errors import BadModelFile, NotApplicable
from rung.gram.mistakes import Learned, learn
from rung.prep.held_loss import held_loss
from rung.prep.one_hot import TableEncoder
from rung.prep.outputs import absent_shares, softmax, spread_shares, take_outputs
from rung.prep.sigmoid import fit_sigmoid, log_sigmoid
from rung.prep.states import REMEDY, merge, take_array
from rung.trees.sample import Sample, weighted_sample
from rung.typing import Array, Settings

GRID = (1, 2, 5, 10)
FALLBACK = 5
# Rows visited in all epochs together, and cells held, at most: above, a random part is visited.
MOST_VISITS, MOST_CELLS = 150_000, 30_000_000
# Training rows above which the first inner split alone chooses.
COSTLY_ROWS = 5_000
# Log odds count as at most this far from even, so that their differences stay finite.
FARTHEST_ODDS = 1e6


@dataclass(frozen=True)
class PerceptronModel:
    """Predict the class of the highest score.

    Attributes
    ----------
    encoder : TableEncoder
        From a table to columns.
    coefficients : ndarray, shape (width, n_present)
        Averaged weights of the columns for each class seen in training, of length 1 together.
    intercept : ndarray, shape (n_present,)
        Added to the sums.
    slope, offset : ndarray, shape (n_present,)
        From the margin of a class to the log odds of it.
    present : ndarray of int, shape (n_present,)
        Classes seen in training.
    absent : ndarray, shape (n_outputs,)
        Probability of the others, before all are made to sum to one.
    """

    encoder: TableEncoder
    coefficients: Array
    intercept: Array
    slope: Array
    offset: Array
    present: Array
    absent: Array

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return probabilities, shape (n_rows, n_outputs)."""
        margin = margins(self.encoder.combine(design, rows, self.coefficients, self.intercept))
        shares = to_shares(margin, self.slope, self.offset)
        return spread_shares(shares, self.present, self.absent)

    def to_state(self) -> State:
        """Return the model as data."""
        arrays = {
            "coefficients": self.coefficients,
            "intercept": self.intercept,
            "slope": self.slope,
            "offset": self.offset,
            "present": self.present,
            "absent": self.absent,
        }
        return merge(State({"n_outputs": len(self.absent)}, arrays), self.encoder.to_state())


def margins(scores: Array) -> Array:
    """Return by how much the score of each class exceeds the best of the others.

    Examples
    --------
    >>> margins(np.array([[1.0, 4.0, 2.0]]))
    array([[-3.,  2., -2.]])
    """
    if scores.shape[1] == 1:
        return np.zeros(scores.shape)
    best = scores.argmax(axis=1)
    ordered = np.sort(scores, axis=1)
    rival = np.repeat(ordered[:, -1:], scores.shape[1], axis=1)
    rival[np.arange(len(scores)), best] = ordered[:, -2]
    return np.asarray(scores - rival)


def to_shares(margin: Array, slope: Array, offset: Array) -> Array:
    """Return probabilities: one sigmoid a class, then made to sum to one."""
    with np.errstate(over="ignore"):
        odds = np.clip(margin * slope + offset, -FARTHEST_ODDS, FARTHEST_ODDS)
    return softmax(log_sigmoid(odds))


@dataclass(frozen=True)
class _Trained:
    """Everything one set of training rows gives."""

    encoder: TableEncoder
    learned: Learned
    present: Array

    def scores(self, design: Design, rows: Array, epoch: int) -> Array:
        """Return scores after the epoch at this place of the grid; (n_rows, n_present)."""
        coefficients, intercept = unit_weights(self.learned.average[epoch])
        return self.encoder.combine(design, rows, coefficients, intercept)


def unit_weights(average: Array) -> tuple[Array, Array]:
    """Return coefficients and intercepts of length 1 together, so that margins compare."""
    largest = float(np.abs(average).max()) or 1.0
    scaled = average / largest
    scaled = scaled / (float(np.sqrt(np.sum(scaled * scaled))) or 1.0)
    return np.ascontiguousarray(scaled[1:]), scaled[0].copy()


def train_perceptron(problem: Problem, train: Array, context: Context) -> _Trained:
    """Learn on training rows for as many epochs as the grid and the cap allow."""
    encoder = context.encoded("one-hot", train)
    assert isinstance(encoder, TableEncoder)
    kept = train
    if len(train) > most_rows(encoder.width):
        order = context.rng("perceptron rows", len(train)).permutation(len(train))
        kept = np.sort(train[order[: most_rows(encoder.width)]])
    X = encoder.matrix(problem.design, kept)
    sample = weighted_sample(problem, kept, np.concatenate([np.ones((len(X), 1)), X], axis=1))
    present, y = np.unique(sample.y, return_inverse=True)
    sample, n_rows = Sample(sample.X, y, sample.weight), len(y)
    keep = tuple(n for n in GRID if n == 1 or n * n_rows <= MOST_VISITS)
    rng = context.rng("perceptron", n_rows)
    orders = [rng.permutation(n_rows) for _ in range(keep[-1])]
    return _Trained(encoder, learn(sample, len(present), orders, keep), present)


def most_rows(width: int) -> int:
    """Return how many rows of this width are visited.

    Examples
    --------
    >>> most_rows(10), most_rows(1_000)
    (150000, 30000)
    """
    return min(MOST_VISITS, MOST_CELLS // max(width, 1))


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Fit one model for each split and one for all rows, epochs chosen inside each."""
    design = problem.design
    if problem.task == "regression":
        raise NotApplicable("the perceptron predicts classes, and the target is a number")
    if not design.number_names and not design.category_columns:
        raise NotApplicable("there are no features to add up")
    splits: list[int | None] = [*range(len(folds.splits)), None]
    inner = [_inner(folds, split) for split in splits]
    rows = [folds.atom_rows(folds.train_mask(split)) for split in splits]
    jobs = {each.tobytes(): each for each in [*(p.train for own in inner for p in own), *rows]}
    fitted = context.map(lambda key: train_perceptron(problem, jobs[key], context), [*jobs])
    trained: dict[bytes, _Trained] = dict(zip(jobs, fitted, strict=True))

    def finish(job: int) -> tuple[PerceptronModel, Settings]:
        held = [(trained[pair.train.tobytes()], pair) for pair in inner[job]]
        return _finish(problem, trained[rows[job].tobytes()], len(rows[job]), held)

    finished = context.map(finish, list(range(len(splits))))
    models = [model for model, _ in finished]
    return CrossFit(
        predictions=tuple(
            model.predict(design, split.test)
            for model, split in zip(models, folds.splits, strict=False)
        ),
        settings=tuple(settings for _, settings in finished[:-1]),
        model=models[-1],
        notes=_notes(models[-1].encoder, folds.n_rows),
    )


def _inner(folds: Folds, split: int | None) -> tuple[Split, ...]:
    """Return the inner splits that choose; those of all rows train on what is trained anyway."""
    if split is None:
        return folds.inner(None)
    is_costly = len(folds.splits[split].train) > COSTLY_ROWS
    return judging_splits(folds)[split][: 1 if is_costly else None]


def _notes(encoder: TableEncoder, n_rows: int) -> tuple[str, ...]:
    most = most_rows(encoder.width)
    if n_rows <= most:
        return encoder.notes
    return (*encoder.notes, f"visits {most:,} of {n_rows:,} training rows, drawn at random")


def _finish(
    problem: Problem, own: _Trained, n_train: int, held: list[tuple[_Trained, Split]]
) -> tuple[PerceptronModel, Settings]:
    """Choose epochs and sigmoids by rows that inner models never saw."""
    n_present, epochs = len(own.present), own.learned.epochs
    absent = absent_shares(own.present, len(problem.classes), n_train)
    best, chosen = np.inf, sum(epoch <= FALLBACK for epoch in epochs) - 1
    sigmoids = np.ones(n_present), np.zeros(n_present)
    rows = np.concatenate([np.zeros(0, dtype=np.int64), *(pair.test for _, pair in held)])
    # Rows of classes that training lacks lose the same whatever is chosen.
    seen = np.isin(problem.y[rows], own.present)
    for place in range(len(epochs)) if seen.any() else ():
        margin = np.concatenate([_margins_of(problem, own, pair, place) for pair in held])[seen]
        fitted = _fit_sigmoids(problem, rows[seen], margin, own.present)
        outputs = spread_shares(to_shares(margin, *fitted), own.present, absent)
        loss = held_loss(problem, rows[seen], outputs)
        if loss < best:
            best, chosen, sigmoids = loss, place, fitted
    coefficients, intercept = unit_weights(own.learned.average[chosen])
    model = PerceptronModel(own.encoder, coefficients, intercept, *sigmoids, own.present, absent)
    mistakes = own.learned.mistakes
    settings = {
        "epochs": epochs[chosen],
        "mistakes": list(mistakes[: epochs[chosen]]),
        "is_separable": mistakes[-1] == 0,
    }
    return model, settings


def _margins_of(problem: Problem, own: _Trained, pair: tuple[_Trained, Split], place: int) -> Array:
    """Return margins of an inner split's held-out rows; (n_test, n_present)."""
    inner, split = pair
    _, mine, theirs = np.intersect1d(own.present, inner.present, return_indices=True)
    scores = np.zeros((len(split.test), len(own.present)))
    scores[:, mine] = inner.scores(problem.design, split.test, place)[:, theirs]
    return margins(scores)


def _fit_sigmoids(
    problem: Problem, rows: Array, margin: Array, present: Array
) -> tuple[Array, Array]:
    """Fit one sigmoid for each class; slopes, then offsets."""
    weight = problem.weights(rows)
    weight = weight / weight.mean() if weight.any() else np.ones(len(rows))
    fitted = [
        fit_sigmoid(margin[:, position], problem.y[rows] == label, weight)
        for position, label in enumerate(present)
    ]
    slope, offset = np.array(fitted).T
    return slope.copy(), offset.copy()


def load(state: State) -> PerceptronModel:
    """Return the model that a state describes."""
    encoder = TableEncoder.from_state(state)
    intercept = take_array(state, "intercept", (None,))
    n_scores = len(intercept)
    coefficients = take_array(state, "coefficients", (encoder.width, n_scores))
    absent, present = take_outputs(state, "present", n_scores)
    if max(np.abs(coefficients).max(initial=0.0), np.abs(intercept).max()) > 1.0:
        raise BadModelFile("weights of the perceptron are not of length 1", REMEDY)
    return PerceptronModel(
        encoder,
        coefficients,
        intercept,
        take_array(state, "slope", (n_scores,), low=0),
        take_array(state, "offset", (n_scores,)),
        present,
        absent,
    )


def memory(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate from the encoded training rows and their margins."""
    return MemoryEstimate(
        job=sizes.matrix(sizes.n_train, 2 * sizes.n_columns + 4 * sizes.n_outputs)
    )


FAMILY = Family(
    name="perceptron",
    title="Perceptron",
    step=400,
    tasks=("binary", "multiclass"),
    sources=(
        "Rosenblatt (1958), The perceptron, Psychological Review 65, 386-408",
        "Freund & Schapire (1999), Large margin classification using the perceptron, ML 37, 277-296",
        "Platt (1999), Probabilistic outputs for support vector machines",
    ),
    final="refit",
    cross_fit=cross_fit,
    load=load,
    weights=True,
    memory=memory,
)
