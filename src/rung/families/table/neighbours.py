"""Predict a row by the training rows nearest to it.

Numbers are compared in standard deviations; two different levels of a category are as far apart
as two numbers that differ by the root of two standard deviations.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Problem, State
from rung.core.fold_triples import judging_splits
from rung.core.folds import Folds, Split
from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.errors import BadModelFile, NotApplicable
from rung.prep.held_loss import held_loss
from rung.prep.lines import FARTHEST
from rung.prep.nearest import BLOCK_CELLS, Nearest
from rung.prep.one_hot import TableEncoder
from rung.prep.outputs import absent_shares, spread_shares, take_outputs
from rung.prep.states import REMEDY, merge, take_array, take_choice, take_count
from rung.trees.sample import weighted_sample
from rung.typing import Array, Settings

TASKS = ("regression", "binary", "multiclass")
KERNELS = ("uniform", "distance")
GRID = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89)
FALLBACK = (5, "uniform")
# Training rows, and cells of them, above which a random part is kept.
MOST_ROWS, MOST_CELLS = 50_000, 10_000_000
# Rows of all inner splits together that choose k.
INNER_QUERIES = 2_000
BLOCK_ROWS = 4_096
# Class shares count one more neighbour, who speaks as all training rows together.
PRIOR_ROWS = 1.0
# Rows to predict times rows kept.
MOST_WORK = 2_500_000_000
FEWEST_ROWS = 2_000


@dataclass(frozen=True)
class NeighboursModel:
    """Predict by a vote of the k nearest training rows, which it holds.

    Attributes
    ----------
    task : str
        `regression`, `binary` or `multiclass`.
    encoder : TableEncoder
        From a table to columns.
    rows : ndarray, shape (n_kept, width)
        Encoded training rows in random order; of equally near ones the first count.
    target : ndarray, shape (n_kept,)
        Their values, or positions in `present`.
    weight : ndarray, shape (n_kept,)
        Their weights.
    k : int
        How many vote.
    kernel : str
        `uniform`: all have one vote; `distance`: votes fall with the distance.
    present : ndarray of int, shape (n_present,)
        Classes seen in training; one zero for values.
    absent : ndarray, shape (n_outputs,)
        Probability of other classes, before all are made to sum to one.
    """

    task: str
    encoder: TableEncoder
    rows: Array
    target: Array
    weight: Array
    k: int
    kernel: str
    present: Array
    absent: Array

    @cached_property
    def search(self) -> Nearest:
        """Search among the rows."""
        return Nearest(self.rows)

    @cached_property
    def prior(self) -> Array:
        """Shares of the classes among the rows."""
        mass = np.bincount(self.target, weights=self.weight, minlength=len(self.present))
        return np.asarray(mass / mass.sum())

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return values or probabilities, shape (n_rows, n_outputs)."""
        wanted = np.arange(design.n_rows) if rows is None else np.asarray(rows)
        out = np.empty((len(wanted), len(self.absent)))
        for first in range(0, len(wanted), BLOCK_ROWS):
            block = slice(first, first + BLOCK_ROWS)
            found = self.find(design, wanted[block], self.k)
            out[block] = self.vote(*found, kernel=self.kernel)
        return out

    def find(self, design: Design, rows: Array, k: int) -> tuple[Array, Array]:
        """Return positions and distances of the nearest rows, as many as there are."""
        queries = self.encoder.matrix(design, rows)
        return self.search.find(queries, min(k, len(self.rows)))

    def vote(self, positions: Array, distances: Array, *, kernel: str) -> Array:
        """Return the outputs that these neighbours vote for."""
        votes = self.weight[positions]
        if kernel == "distance":
            votes = votes * closeness(distances)
        y = self.target[positions]
        if self.task == "regression":
            # Running sums add in one order, whatever the number of rows.
            return np.asarray((votes * y).cumsum(axis=1)[:, -1:] / votes.cumsum(axis=1)[:, -1:])
        n_rows, k = positions.shape
        n_present = len(self.present)
        cell = (np.arange(n_rows)[:, None] * n_present + y).ravel()
        counts = np.bincount(cell, weights=votes.ravel(), minlength=n_rows * n_present)
        shares = counts.reshape(n_rows, n_present) / votes.cumsum(axis=1)[:, -1:]
        shares = (k * shares + PRIOR_ROWS * self.prior) / (k + PRIOR_ROWS)
        return spread_shares(shares, self.present, self.absent)

    def to_state(self) -> State:
        """Return the model as data; the training rows are in it."""
        n_used = int(self.encoder.in_use.sum())
        own = State(
            {
                "task": self.task,
                "k": self.k,
                "kernel": self.kernel,
                "n_outputs": len(self.absent),
                "stores_training_rows": True,
            },
            {
                "numbers": np.ascontiguousarray(self.rows[:, :n_used]),
                "flags": self.rows[:, n_used:].astype(np.uint8),
                "target": self.target,
                "weight": self.weight,
                "present": self.present,
                "absent": self.absent,
            },
        )
        return merge(own, self.encoder.to_state())


def closeness(distances: Array) -> Array:
    """Return votes that fall as one over the distance; rows at no distance outvote all others.

    Parameters
    ----------
    distances : ndarray, shape (n_rows, k)
        Nearest first.

    Examples
    --------
    >>> closeness(np.array([[1.0, 2.0], [0.0, 3.0]]))
    array([[1. , 0.5],
           [1. , 0. ]])
    """
    nearest = distances[:, :1]
    # Relative to the nearest, so that the smallest distance does not overflow.
    return np.where(distances > nearest, nearest / np.where(distances > 0, distances, 1.0), 1.0)


def fit_neighbours(
    problem: Problem, train: Array, context: Context, *, k: int, kernel: str
) -> NeighboursModel:
    """Keep the training rows, or a random part of them where they are too many.

    Parameters
    ----------
    problem : Problem
        Whose columns, target and weights are used.
    train : ndarray of int, shape (n_train,)
        Rows to learn from; rows without weight are left out.
    context : Context
        Gives the encoding and the random order.
    k, kernel
        As `NeighboursModel` has them.
    """
    encoder = context.encoded("one-hot", train)
    assert isinstance(encoder, TableEncoder)
    order = context.rng("neighbours", len(train)).permutation(len(train))
    kept = train[order[: most_rows(encoder.width)]]
    sample = weighted_sample(problem, kept, encoder.matrix(problem.design, kept))
    target, present, absent = sample.y, np.zeros(1, dtype=np.int64), np.zeros(1)
    if problem.task != "regression":
        present, target = np.unique(sample.y, return_inverse=True)
        absent = absent_shares(present, len(problem.classes), len(train))
    return NeighboursModel(
        task=problem.task,
        encoder=encoder,
        rows=sample.X,
        target=target,
        weight=sample.weight,
        k=min(k, len(sample.X)),
        kernel=kernel,
        present=present,
        absent=absent,
    )


def most_rows(width: int) -> int:
    """Return how many training rows of this width are kept.

    Examples
    --------
    >>> most_rows(10), most_rows(1_000)
    (50000, 10000)
    """
    return min(MOST_ROWS, MOST_CELLS // max(width, 1))


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Keep the rows of each split, with k and the kernel chosen inside, then of all rows."""
    design = problem.design
    if not design.number_names and not design.category_columns:
        raise NotApplicable("there are no features to measure distances by")
    splits: list[int | None] = [*range(len(folds.splits)), None]
    chosen = _choose(problem, folds, context)

    def fit(job: int) -> tuple[Settings, Array, NeighboursModel | None]:
        split, (k, kernel) = splits[job], chosen[job]
        train = folds.atom_rows(folds.train_mask(split))
        model = fit_neighbours(problem, train, context, k=k, kernel=kernel)
        settings = {"k": model.k, "votes": kernel}
        # Models of the splits are large, and not needed again.
        if split is None:
            return settings, np.zeros((0, problem.n_outputs)), model
        return settings, model.predict(design, folds.splits[split].test), None

    *fits, (_, _, final) = context.map(fit, list(range(len(splits))))
    settings = tuple(settings for settings, _, _ in fits)
    predictions = tuple(outputs for _, outputs, _ in fits)
    assert final is not None
    return CrossFit(predictions, settings, final, _notes(final, folds.n_rows))


def _notes(model: NeighboursModel, n_rows: int) -> tuple[str, ...]:
    """Say what a file of the model holds, and what it leaves out."""
    kept = most_rows(model.encoder.width)
    notes = ["the model holds training rows: whoever gets the file gets them"]
    if n_rows > kept:
        notes.append(f"keeps {kept:,} of {n_rows:,} training rows, drawn at random")
    return (*notes, *model.encoder.notes)


def _choose(problem: Problem, folds: Folds, context: Context) -> list[tuple[int, str]]:
    """Return k and kernel of each split, then of the final model, which all splits choose.

    They have the least loss over the inner splits; of equals the first.
    """
    inner = judging_splits(folds)
    # Two inner splits of different outer ones may train on the same rows; they are kept once.
    tests: dict[bytes, list[tuple[Split, int]]] = {}
    for own in inner:
        for pair in own:
            tests.setdefault(pair.train.tobytes(), []).append((pair, len(own)))

    def score(pairs: list[tuple[Split, int]]) -> list[Array]:
        model = fit_neighbours(problem, pairs[0][0].train, context, k=1, kernel="uniform")
        return [
            _losses(problem, model, pair.test, most=INNER_QUERIES // n_pairs)
            for pair, n_pairs in pairs
        ]

    scored = context.map(score, list(tests.values()))
    losses = {
        _key(pair): loss
        for pairs, own in zip(tests.values(), scored, strict=True)
        for (pair, _), loss in zip(pairs, own, strict=True)
    }
    nested = [[losses[_key(pair)] for pair in own] for own in inner]
    return [_best(own) for own in [*nested, [loss for own in nested for loss in own]]]


def _key(pair: Split) -> tuple[bytes, bytes]:
    return pair.train.tobytes(), pair.test.tobytes()


def _best(losses: list[Array]) -> tuple[int, str]:
    if not losses:
        return FALLBACK
    total = np.add.reduce(losses, axis=0)
    kernel, k = np.unravel_index(int(np.argmin(total)), total.shape)
    return GRID[k], KERNELS[kernel]


def _losses(problem: Problem, model: NeighboursModel, test: Array, *, most: int) -> Array:
    """Return the loss of every setting on held-out rows, from one search; (n_kernels, n_k)."""
    rows = test[:: max(1, -(-len(test) // max(most, 1)))]
    positions, distances = model.find(problem.design, rows, GRID[-1])
    losses = np.empty((len(KERNELS), len(GRID)))
    for i, kernel in enumerate(KERNELS):
        for j, k in enumerate(GRID):
            outputs = model.vote(positions[:, :k], distances[:, :k], kernel=kernel)
            losses[i, j] = held_loss(problem, rows, outputs)
    return losses


def load(state: State) -> NeighboursModel:
    """Return the model that a state describes."""
    task, encoder = take_choice(state, "task", TASKS), TableEncoder.from_state(state)
    if state.spec.get("stores_training_rows") is not True:
        raise BadModelFile("the model does not say that it stores training rows", REMEDY)
    n_used = int(encoder.in_use.sum())
    numbers = take_array(state, "numbers", (None, n_used), low=-FARTHEST, high=FARTHEST)
    shape = (len(numbers), encoder.width - n_used)
    flags = take_array(state, "flags", shape, low=0, high=1, whole=True)
    n_present = len(take_array(state, "present", (None,), whole=True))
    absent, present = take_outputs(state, "present", n_present)
    if task == "regression":
        target = take_array(state, "target", (len(numbers),))
        fits = (n_present, len(absent), absent[0]) == (1, 1, 0.0)
    else:
        last = n_present - 1
        target = take_array(state, "target", (len(numbers),), low=0, high=last, whole=True)
        fits = len(absent) == 2 or task == "multiclass"
    if not fits or not len(numbers):
        raise BadModelFile("outputs of the neighbours model do not fit together", REMEDY)
    return NeighboursModel(
        task=task,
        encoder=encoder,
        rows=np.concatenate([numbers, flags], axis=1),
        target=target,
        weight=take_array(state, "weight", (len(numbers),), low=np.finfo(float).tiny),
        k=take_count(state, "k", low=1, high=len(numbers)),
        kernel=take_choice(state, "kernel", KERNELS),
        present=present,
        absent=absent,
    )


def affordable_rows(sizes: ProblemSizes) -> int:
    """Return the training rows that take a bearable time: every row is compared with each."""
    return max(MOST_WORK // sizes.n_rows, FEWEST_ROWS)


def memory(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate from the rows that are kept, and a block of distances."""
    kept = min(sizes.n_train, most_rows(sizes.n_columns))
    return MemoryEstimate(
        job=sizes.matrix(kept, 3 * sizes.n_columns) + 6 * sizes.matrix(BLOCK_CELLS, 1)
    )


FAMILY = Family(
    name="neighbours",
    title="Nearest neighbours",
    step=500,
    tasks=("regression", "binary", "multiclass"),
    sources=(
        "Fix & Hodges (1951), Discriminatory analysis: nonparametric discrimination",
        "Cover & Hart (1967), Nearest neighbor pattern classification, IEEE Trans. Inf. Theory 13",
    ),
    final="refit",
    cross_fit=cross_fit,
    load=load,
    weights=True,
    most_rows=affordable_rows,
    memory=memory,
)
