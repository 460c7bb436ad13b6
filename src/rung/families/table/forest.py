"""Random forest: many deep trees, each grown on rows and columns drawn for it, and their mean.

Sources: Breiman (2001), Machine Learning 45; Geurts, Ernst & Wehenkel (2006), Machine Learning 63.
NOTE[DIFF]: where classes are predicted, the shares of all training rows have the say of one row, so
that no class is ever impossible.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Model, Problem, State
from rung.core.folds import Folds, Split
from rung.errors import BadModelFile
from rung.prep.nesting import nest, part
from rung.prep.ordinal import TreeEncoder, tree_encoder_from_state
from rung.prep.states import REMEDY, take_array, take_choice, take_count
from rung.trees.forest import (
    CHOOSING_PAYS,
    CHUNK,
    FEW_ROWS,
    SPLITS_FOR_FEW,
    Growth,
    Lesson,
    candidates,
    count_trees,
    grow,
    held_out_losses,
)
from rung.trees.join import first_trees, join
from rung.trees.nodes import NodeArrays
from rung.trees.pack import pack, unpack
from rung.trees.sample import Sample, weighted_sample
from rung.trees.walk import walk
from rung.typing import Array, Settings

TASKS = ("regression", "binary", "multiclass")
# Trees of the final model, taken in equal numbers from the folds.
FINAL_TREES = 200
# Watched rows may lie far outside what was learned.
FARTHEST = 1e10


@dataclass(frozen=True)
class Speech:
    """Turn means over trees into predictions.

    Attributes
    ----------
    present : ndarray of int, shape (n_present,)
        Classes of the training rows; empty for regression.
    prior : ndarray, shape (n_outputs,)
        Shares of the classes, half a row's for those without a row; zero for regression.
    offset, scale : float
        Regression: what the target was shifted and divided by.
    prior_share : float
        Weight of the prior; 0 for regression.
    """

    present: Array
    prior: Array
    offset: float = 0.0
    scale: float = 1.0
    prior_share: float = 0.0

    @classmethod
    def of(cls, problem: Problem, sample: Sample) -> Speech:
        """Learn classes or units from training rows."""
        if not problem.classes:
            offset = float(np.average(sample.y, weights=sample.weight))
            scale = float(np.abs(sample.y - offset).max()) or 1.0
            return cls(np.zeros(0, dtype=np.int64), np.zeros(1), offset, scale)
        mass = np.bincount(sample.y, sample.weight, minlength=len(problem.classes))
        prior = np.maximum(mass / mass.sum(), 1.0 / (2 * len(sample.y)))
        return cls(np.unique(sample.y), prior / prior.sum())

    def lesson(self, sample: Sample) -> Lesson:
        """Return the sample with its target as the trees learn it."""
        if len(self.present):
            y = np.searchsorted(self.present, sample.y)
            return Lesson(Sample(sample.X, y, sample.weight), len(self.present))
        y = np.clip((sample.y - self.offset) / self.scale, -FARTHEST, FARTHEST)
        return Lesson(Sample(sample.X, y, sample.weight), 0)

    def outputs(self, mean: Array) -> Array:
        """Return predictions, (n_rows, n_outputs), of means over trees."""
        if not len(self.present):
            return np.asarray(self.offset + self.scale * mean)
        shares = np.zeros((len(mean), len(self.prior)))
        shares[:, self.present] = mean
        # Leaves are rounded to single precision, so their sums are 1 to seven digits only.
        shares /= shares.sum(axis=1, keepdims=True)
        return np.asarray((1.0 - self.prior_share) * shares + self.prior_share * self.prior)


@dataclass(frozen=True)
class Grove:
    """Hold trees that one training set gave."""

    encoder: TreeEncoder
    nodes: NodeArrays
    speech: Speech

    def predict(self, design: Design, rows: Array | None) -> Array:
        """Return shape (n_rows, n_outputs)."""
        X = self.encoder.matrix(design, rows)
        return self.speech.outputs(walk(self.nodes, X) / self.nodes.n_trees)

    def to_state(self) -> State:
        """Return encoder, trees and outputs as parts."""
        speech = self.speech
        numbers = np.array([speech.offset, speech.scale, speech.prior_share])
        own = {"present": speech.present, "prior": speech.prior, "numbers": numbers}
        return nest(
            {
                "own": State({}, own),
                "encoder": self.encoder.to_state(),
                "trees": State({}, pack(self.nodes)),
            }
        )


@dataclass(frozen=True)
class ForestModel:
    """Average the groves of all folds."""

    task: str
    n_outputs: int
    groves: tuple[Grove, ...]

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return shape (n_rows, n_outputs)."""
        first, *others = self.groves
        total = first.predict(design, rows)
        for grove in others:
            total = total + grove.predict(design, rows)
        return np.asarray(total / len(self.groves))

    def to_state(self) -> State:
        """Return the groves as numbered parts."""
        state = nest({str(i): grove.to_state() for i, grove in enumerate(self.groves)})
        own = {"task": self.task, "n_outputs": self.n_outputs, "n_groves": len(self.groves)}
        return State({**own, **state.spec}, state.arrays, state.strings)


def load(state: State) -> Model:
    """Rebuild the model, checking every part of it."""
    task = take_choice(state, "task", TASKS)
    low, high = {"regression": (1, 1), "binary": (2, 2)}.get(task, (2, 1_000_000))
    n_outputs = take_count(state, "n_outputs", low=low, high=high)
    n_groves = take_count(state, "n_groves", low=1, high=10_000)
    groves = tuple(_load_grove(part(state, str(i)), n_outputs) for i in range(n_groves))
    return ForestModel(task, n_outputs, groves)


def _load_grove(state: State, n_outputs: int) -> Grove:
    encoder = tree_encoder_from_state(part(state, "encoder"))
    nodes = unpack(part(state, "trees").arrays, encoder.n_features)
    own = part(state, "own")
    offset, scale, prior_share = take_array(own, "numbers", (3,)).tolist()
    prior = take_array(own, "prior", (n_outputs,), low=0, high=1)
    present = take_array(own, "present", (None,), low=0, high=n_outputs - 1, whole=True)
    is_class = n_outputs > 1
    n_values = len(present) if is_class else 1
    is_sorted = bool((np.diff(present) > 0).all())
    if not is_sorted or (len(present) > 0) != is_class or nodes.value.shape[1] != n_values:
        raise BadModelFile(
            f"the model has classes {present.tolist()} of {n_outputs} and leaves of "
            f"{nodes.value.shape[1]} numbers; each class once, in order, and a number for each is "
            "accepted",
            REMEDY,
        )
    _check_shares(nodes, prior, prior_share, is_class=is_class)
    return Grove(encoder, nodes, Speech(present, prior, offset, scale, prior_share))


def _check_shares(nodes: NodeArrays, prior: Array, prior_share: float, *, is_class: bool) -> None:
    """Refuse leaves or priors that are not shares of classes."""
    if not is_class:
        return
    leaves = nodes.value[nodes.is_leaf]
    sums = np.append(leaves.sum(axis=1), prior.sum())
    if leaves.min() < 0 or np.abs(sums - 1).max() > 1e-5 or not 0 <= prior_share <= 1:
        raise BadModelFile(
            "the model has class shares that are negative or do not sum to one", REMEDY
        )


@dataclass(frozen=True)
class _Plan:
    """What one split is about to grow.

    Attributes
    ----------
    index : int
        The split.
    train, test : ndarray of int
        Its rows.
    encoder, speech : TreeEncoder, Speech
        Columns to features; means to predictions.
    growth : Growth
        Settings.
    n_trees : int
        Trees to grow.
    """

    index: int
    train: Array
    test: Array
    encoder: TreeEncoder
    speech: Speech
    growth: Growth
    n_trees: int

    def settings(self) -> Settings:
        """Return what was chosen, for people."""
        columns = round(self.growth["columns"], 3)
        return {**self.growth, "columns": columns, "trees": self.n_trees}


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Choose settings in each fold, then grow the trees of all folds a few at a time."""

    def prepare(index: int) -> _Plan:
        return _plan(problem, folds, context, index)

    plans: list[_Plan] = context.map(prepare, range(len(folds.splits)))
    kept = -(-FINAL_TREES // len(plans))
    jobs = [(plan, start) for plan in plans for start in range(0, plan.n_trees, CHUNK)]

    def work(job: tuple[_Plan, int]) -> tuple[Array, NodeArrays | None]:
        plan, start = job
        sums, nodes = _grow_chunk(problem, context, plan, start)
        return sums, first_trees(nodes, kept - start) if start < kept else None

    grown = iter(context.map(work, jobs))
    predictions, groves = [], []
    for plan in plans:
        chunks = [next(grown) for _ in range(0, plan.n_trees, CHUNK)]
        total = np.sum([sums for sums, _ in chunks], axis=0)
        predictions.append(plan.speech.outputs(total / plan.n_trees))
        nodes = join([nodes for _, nodes in chunks if nodes is not None])
        groves.append(Grove(plan.encoder, nodes, plan.speech))
    final = ForestModel(problem.task, problem.n_outputs, tuple(groves))
    return CrossFit(tuple(predictions), tuple(plan.settings() for plan in plans), final)


def _plan(problem: Problem, folds: Folds, context: Context, index: int) -> _Plan:
    """Choose how to grow one split's trees, inside its training rows."""
    split = folds.splits[index]
    encoder = cast(TreeEncoder, context.encoded("tree", split.train))
    sample = weighted_sample(problem, split.train, np.empty((len(split.train), 0)))
    speech = Speech.of(problem, sample)
    tried = candidates(len(sample.y), len(speech.present))
    growth = _choose(problem, folds.inner(index), context, index=index, tried=tried)
    n_trees = count_trees(len(sample.y), len(speech.present), growth)
    if problem.classes:
        speech = replace(speech, prior_share=1.0 / (len(sample.y) + 1.0))
    return _Plan(index, split.train, split.test, encoder, speech, growth, n_trees)


def _choose(
    problem: Problem,
    inner: tuple[Split, ...],
    context: Context,
    *,
    index: int,
    tried: tuple[Growth, ...],
) -> Growth:
    """Return the settings of least loss over the inner splits; the first if they cannot tell."""
    n_rows = len(inner[0].train) if inner else 0
    if n_rows < CHOOSING_PAYS:
        return tried[0]
    losses = np.zeros(len(tried))
    for pair in inner[: SPLITS_FOR_FEW if n_rows <= FEW_ROWS else 1]:
        rng = context.rng("forest", "choose", index)
        losses += _try(problem, pair, context, rng=rng, tried=tried)
    return tried[int(losses.argmin())]


def _try(
    problem: Problem,
    pair: Split,
    context: Context,
    *,
    rng: np.random.Generator,
    tried: tuple[Growth, ...],
) -> Array:
    """Return the losses of all settings on one inner split; zeros if it cannot tell."""
    encoder = cast(TreeEncoder, context.encoded("tree", pair.train))
    design = problem.design
    learning = weighted_sample(problem, pair.train, encoder.training_matrix(design, pair.train))
    watching = weighted_sample(problem, pair.test, encoder.matrix(design, pair.test))
    speech = Speech.of(problem, learning)
    if problem.classes:
        watching = watching.take(np.flatnonzero(np.isin(watching.y, speech.present)))
    if len(speech.present) == 1 or not len(watching.y):
        return np.zeros(len(tried))
    lessons = speech.lesson(learning), speech.lesson(watching)
    return held_out_losses(*lessons, loss=problem.loss, rng=rng, tried=tried)


def _grow_chunk(
    problem: Problem, context: Context, plan: _Plan, start: int
) -> tuple[Array, NodeArrays]:
    """Return what a few trees say of the held-out rows, summed, and the trees."""
    seed = int(context.rng("forest", plan.index, start).integers(2**31))
    X = plan.encoder.training_matrix(problem.design, plan.train)
    lesson = plan.speech.lesson(weighted_sample(problem, plan.train, X))
    nodes = grow(lesson, plan.growth, n_trees=CHUNK, seed=seed)
    return walk(nodes, plan.encoder.matrix(problem.design, plan.test)), nodes


FAMILY = Family(
    name="forest",
    title="Random forest",
    step=900,
    tasks=("regression", "binary", "multiclass"),
    sources=(
        "Breiman (2001), Random forests, Machine Learning 45",
        "Geurts, Ernst & Wehenkel (2006), Extremely randomized trees, Machine Learning 63",
    ),
    final="average",
    cross_fit=cross_fit,
    load=load,
    needs=("sklearn",),
    weights=True,
)
