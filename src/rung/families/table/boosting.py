"""Gradient boosting: many small trees, each of which mends what those before it got wrong.

Sources: Friedman (2001), Annals of Statistics 29; Ke et al. (2017), LightGBM, NeurIPS 30.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Model, Problem, State
from rung.core.fold_searches import Search, choosing_splits, search_shared
from rung.core.folds import Folds
from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.core.target_units import in_target_units, target_units
from rung.errors import BadModelFile
from rung.families.forms import BoostingForm
from rung.prep.mean import FoldMean, load_mean
from rung.prep.nesting import nest, part
from rung.prep.ordinal import TreeEncoder
from rung.prep.related import (
    RelatedEncoder,
    encoder_for,
    encoder_from_state,
    finds_relations,
    spares_enough,
)
from rung.prep.relations import most_relations
from rung.prep.states import REMEDY, take_array
from rung.trees.boost import MAX_TREES, Chosen, Goal, candidates, choose, grow
from rung.trees.nodes import NodeArrays, from_arrays, single_leaf
from rung.trees.sample import Sample, weighted_sample
from rung.trees.walk import walk
from rung.typing import Array, Settings

UNCHOSEN_ROUNDS = 100
# Rows times scores that trees are grown on.
MOST_WORK = 2_000_000
FEWEST_ROWS = 2_000


@dataclass(frozen=True)
class BoostedFold:
    """What one training set gave.

    Attributes
    ----------
    encoder : TreeEncoder or RelatedEncoder
        Columns to features.
    nodes : NodeArrays
        All trees.
    present : ndarray of int, shape (n_present,)
        Classes of the training rows; empty for regression.
    offset, scale : float
        Regression: what the target was shifted and divided by.
    floor : float
        Probability of a class without a training row.
    n_outputs : int
        Columns of a prediction.
    """

    encoder: TreeEncoder | RelatedEncoder
    nodes: NodeArrays
    present: Array
    offset: float = 0.0
    scale: float = 1.0
    floor: float = 0.0
    n_outputs: int = 1

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return shape (n_rows, n_outputs)."""
        return self.outputs(walk(self.nodes, self.encoder.matrix(design, rows)))

    def outputs(self, raw: Array) -> Array:
        """Return what sums of trees say, shape (n_rows, n_outputs)."""
        if self.n_outputs == 1:
            return cast(Array, self.offset + self.scale * raw)
        probabilities = np.full((len(raw), self.n_outputs), self.floor)
        probabilities[:, self.present] = _shares(raw, len(self.present))
        return cast(Array, probabilities / probabilities.sum(axis=1, keepdims=True))

    def to_state(self) -> State:
        """Return the encoder and the trees as parts."""
        numbers = np.array([self.offset, self.scale, self.floor])
        own = State({}, {"present": self.present, "numbers": numbers})
        trees = State({}, self.nodes.to_arrays())
        return nest({"own": own, "encoder": self.encoder.to_state(), "trees": trees})


def _shares(raw: Array, n_present: int) -> Array:
    """Turn scores into probabilities, (n_rows, n_present)."""
    if n_present == 1:
        return np.ones((len(raw), 1))
    if n_present == 2:
        raw = np.hstack([np.zeros((len(raw), 1)), raw])
    powers = np.exp(raw - raw.max(axis=1, keepdims=True))
    return cast(Array, powers / powers.sum(axis=1, keepdims=True))


def load(state: State) -> Model:
    """Rebuild the model, checking every part of it."""
    return load_mean(state, _load_fold)


def _load_fold(state: State, n_outputs: int) -> BoostedFold:
    encoder = encoder_from_state(part(state, "encoder"))
    nodes = from_arrays(part(state, "trees").arrays, encoder.n_features)
    own = part(state, "own")
    offset, scale, floor = take_array(own, "numbers", (3,)).tolist()
    present = take_array(own, "present", (None,), low=0, high=n_outputs - 1, whole=True)
    # Two classes share one score; one class or one value needs no more.
    n_scores = len(present) if len(present) > 2 else 1
    is_sorted = bool((np.diff(present) > 0).all())
    if not is_sorted or (len(present) > 0) != (n_outputs > 1) or nodes.n_outputs != n_scores:
        raise BadModelFile(
            f"the model has classes {present.tolist()} of {n_outputs} and {nodes.n_outputs} "
            "scores; each class once, in order, and a score for each is accepted",
            REMEDY,
        )
    if not 0.0 <= floor <= 1.0:
        raise BadModelFile(f"the model gives absent classes {floor}; 0 to 1 is accepted", REMEDY)
    return BoostedFold(encoder, nodes, present, offset, scale, floor, n_outputs)


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Choose settings and the number of trees inside each fold, then learn from all its rows."""
    found = _choose_all(problem, folds, context)

    def fit(split: int) -> tuple[BoostedFold, Settings]:
        own = found[split]
        given = own.chosen.settings if own else None
        return _fit_split(problem, folds.splits[split].train, context, given)

    fits = context.map(fit, range(len(folds.splits)))
    models = tuple(model for model, _ in fits)
    predictions = tuple(
        model.predict(problem.design, split.test)
        for model, split in zip(models, folds.splits, strict=True)
    )
    final = FoldMean(problem.task, problem.n_outputs, models)
    chosen = tuple(settings for _, settings in fits)
    notes = _notes(models, chosen)
    nothing = np.zeros((0, problem.n_outputs))
    paired = tuple(own.outputs if own else nothing for own in found)
    return CrossFit(predictions, chosen, final, notes, paired=paired, models=final.of_each_fold())


def _notes(models: tuple[BoostedFold, ...], chosen: tuple[Settings, ...]) -> tuple[str, ...]:
    """Say where the bound on all trees together cut growth short."""
    counts = [len(model.present) for model in models]
    is_short = [
        n_classes > 2 and settings["rounds"] >= Goal("multiclass", n_classes).max_rounds
        for n_classes, settings in zip(counts, chosen, strict=True)
    ]
    if not any(is_short):
        return ()
    text = (
        f"A round grows one tree for each of the {max(counts)} classes; growth was stopped at "
        f"{MAX_TREES:,} trees a fold."
    )
    return (text,)


def _fit_split(
    problem: Problem, train: Array, context: Context, found: Settings | None
) -> tuple[BoostedFold, Settings]:
    """Learn from training rows, with the settings that were found inside them."""
    encoder = encoder_for(context, train, relations=bool(found and found["relations"]))
    sample = weighted_sample(problem, train, encoder.training_matrix(problem.design, train))
    lesson = _BoostingTarget.of(problem, sample.y)
    goal = lesson.goal(problem, context)
    if lesson.is_constant:
        settings: Settings = {"rounds": 0}
        nodes = single_leaf(np.zeros(1))
    else:
        given = found or _default(len(train), sample.X.shape[1], goal)
        settings = {**given, "rounds": min(given["rounds"], goal.max_rounds)}
        nodes = grow(lesson.sample(sample), goal, settings)
    return lesson.model(encoder, nodes, len(train)), settings


@dataclass(frozen=True)
class _BoostingJudged:
    """Say what did best before one judge, and what it predicts for the judge's rows."""

    chosen: Chosen
    outputs: Array


def _choose_all(problem: Problem, folds: Folds, context: Context) -> list[_BoostingJudged | None]:
    """Return what does best on each split's choosing split; None if none can tell.

    Folds that hold out each other are judged with what was learned without all of them.
    """

    def seek(search: Search, _: int) -> list[_BoostingJudged | None]:
        return _choose(problem, context, search)

    found = search_shared(choosing_splits(folds), seek, context.map)
    return [own[0] if own else None for own in found]


def _choose(problem: Problem, context: Context, search: Search) -> list[_BoostingJudged | None]:
    """Return what is best for each judge of a search; it is tried with relations too."""
    best = _try(problem, context, search, range(len(search.tests)))
    if not finds_relations(context, search.train):
        return best
    ways: dict[str, tuple[Settings, list[int]]] = {}
    for judge, own in enumerate(best):
        if own:
            tried = own.chosen.tried
            ways.setdefault(repr(tried), (tried, []))[1].append(judge)
    for tried, judges in ways.values():
        others = _try(problem, context, search, judges, only={**tried, "relations": True})
        for judge, other in zip(judges, others, strict=True):
            own, n_rows = best[judge], len(search.tests[judge])
            if own and other and spares_enough(other.chosen.loss, own.chosen.loss, n_rows):
                best[judge] = other
    return best


def _try(
    problem: Problem,
    context: Context,
    search: Search,
    judges: Sequence[int],
    *,
    only: Settings | None = None,
) -> list[_BoostingJudged | None]:
    """Return which candidate, or how well only one of them, does for these judges."""
    train, design = search.train, problem.design
    encoder = encoder_for(context, train, relations=bool(only and only["relations"]))
    learning = weighted_sample(problem, train, encoder.training_matrix(design, train))
    lesson = _BoostingTarget.of(problem, learning.y)
    tests = [search.tests[judge] for judge in judges]
    asked = [encoder.matrix(design, rows) for rows in tests]
    watching = [weighted_sample(problem, *each) for each in zip(tests, asked, strict=True)]
    if problem.classes:
        watching = [w.take(np.flatnonzero(np.isin(w.y, lesson.present))) for w in watching]
    can_tell = [i for i, watched in enumerate(watching) if len(watched.y)]
    out: list[_BoostingJudged | None] = [None] * len(tests)
    if lesson.is_constant or not can_tell:
        return out
    goal = lesson.goal(problem, context)
    tried = (only,) if only else candidates(len(learning.y), learning.X.shape[1], goal)
    watched = [lesson.sample(watching[i]) for i in can_tell]
    found = choose(
        lesson.sample(learning), watched, goal, tried, asked=[asked[i] for i in can_tell]
    )
    model = lesson.model(encoder, single_leaf(np.zeros(1)), len(train))
    for i, chosen in zip(can_tell, found, strict=True):
        out[i] = _BoostingJudged(chosen, model.outputs(chosen.scores))
    return out


def _default(n_rows: int, n_features: int, goal: Goal) -> Settings:
    """Return settings for training rows that hold no inner split to choose on."""
    rounds = min(UNCHOSEN_ROUNDS, goal.max_rounds)
    return {**candidates(n_rows, n_features, goal)[0], "rounds": rounds}


@dataclass(frozen=True)
class _BoostingTarget:
    """Turn targets into what the trees learn: class numbers without gaps, or standard units."""

    present: Array
    offset: float
    scale: float
    task: str
    n_outputs: int

    @classmethod
    def of(cls, problem: Problem, y: Array) -> _BoostingTarget:
        """Learn classes or units from training targets."""
        if problem.classes:
            return cls(np.unique(y), 0.0, 1.0, problem.task, problem.n_outputs)
        return cls(np.zeros(0, dtype=np.int64), *target_units(y), "regression", 1)

    @property
    def is_constant(self) -> bool:
        """Whether there is nothing to learn."""
        return len(self.present) == 1 if self.task != "regression" else self.scale == 0.0

    def goal(self, problem: Problem, context: Context) -> Goal:
        """Return what the trees are to lower."""
        seed = int(context.rng("boosting").integers(2**31))
        if self.task != "regression":
            n_present = len(self.present)
            return Goal("multiclass", n_present, seed) if n_present > 2 else Goal("binary", 1, seed)
        is_squared = problem.loss not in ("absolute_error", "relative_error")
        return Goal("regression" if is_squared else "regression_l1", 1, seed)

    def model(
        self, encoder: TreeEncoder | RelatedEncoder, nodes: NodeArrays, n_rows: int
    ) -> BoostedFold:
        """Return the model of trees that were grown on so many rows."""
        floor = 1.0 / (2 * n_rows) if self.task != "regression" else 0.0
        own = self.present, self.offset, self.scale, floor, self.n_outputs
        return BoostedFold(encoder, nodes, *own)

    def sample(self, sample: Sample) -> Sample:
        """Return the sample with the target as the trees learn it."""
        if self.task != "regression":
            return Sample(sample.X, np.searchsorted(self.present, sample.y), sample.weight)
        y = in_target_units(sample.y, self.offset, self.scale)
        return Sample(sample.X, y, sample.weight)


def most_rows(sizes: ProblemSizes) -> int:
    """Return the training rows that take a bearable time: every round grows a tree a class."""
    return max(MOST_WORK // sizes.n_scores, FEWEST_ROWS)


def memory(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate from the matrix of the training rows, relations, bins, and slopes of classes."""
    n_columns = 2 * sizes.n_features + 2 * most_relations(sizes.n_numbers)
    cells = sizes.matrix(sizes.n_train, n_columns)
    return MemoryEstimate(job=cells + sizes.matrix(sizes.n_rows, 4 * sizes.n_scores))


FAMILY = Family(
    name="boosting",
    title="Gradient boosting",
    step=1000,
    tasks=("regression", "binary", "multiclass"),
    sources=(
        "Friedman (2001), Greedy function approximation, Annals of Statistics 29",
        "Ke et al. (2017), LightGBM, NeurIPS 30",
    ),
    final="average",
    cross_fit=cross_fit,
    load=load,
    needs=("lightgbm",),
    weights=True,
    order_only=True,
    most_rows=most_rows,
    memory=memory,
    form=BoostingForm,
    state_version=2,
)
