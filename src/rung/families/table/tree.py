"""One decision tree, grown deep and cut back to what held-out rows confirm.

Source: Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees, chapter 3
(cost-complexity pruning, the penalty chosen by cross-validation). NOTE[DIFF]: the penalty of least
loss is taken, not the largest within one standard error of it, as the ladder's verdict does that
weighing between families; and nodes speak as m-estimates, so that no leaf claims certainty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Model, Problem, State
from rung.core.fold_searches import Search, choosing_splits, search_shared
from rung.core.fold_triples import judging_splits
from rung.core.folds import Folds
from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.core.target_units import in_target_units, target_units
from rung.errors import BadModelFile
from rung.families.forms import TreeForm
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
from rung.prep.states import REMEDY, take_choice, take_count
from rung.trees.convert import from_sklearn_tree
from rung.trees.nodes import NodeArrays, from_arrays, single_leaf
from rung.trees.prune import prune, validation_path
from rung.trees.ranks import Ranks
from rung.trees.sample import Sample, weighted_sample
from rung.trees.smooth import depth, smooth_values
from rung.trees.walk import walk
from rung.typing import Array, Settings

TASKS = ("regression", "binary", "multiclass")
# Up to this many training rows the penalty is chosen on all inner splits, above on the first.
ALL_INNER_ROWS = 10_000
MIN_ROWS_IN_LEAF = 2
# m of the m-estimate.
SMOOTHING_VALUES, SMOOTHING_SHARES = 2.0, 5.0
# Penalties for a leaf, as shares of what the tree without a cut loses.
PENALTIES = np.concatenate([[0.0], np.logspace(-6.0, 0.0, 61)])


@dataclass(frozen=True)
class TreeModel:
    """Predict with one tree."""

    task: str
    encoder: TreeEncoder | RelatedEncoder
    nodes: NodeArrays

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return shape (n_rows, n_outputs)."""
        return walk(self.nodes, self.encoder.matrix(design, rows))

    def to_state(self) -> State:
        """Return the encoder and the tree as parts."""
        trees = State({}, self.nodes.to_arrays())
        state = nest({"encoder": self.encoder.to_state(), "trees": trees})
        own = {"task": self.task, "n_outputs": self.nodes.n_outputs}
        return State({**own, **state.spec}, state.arrays, state.strings)


def load(state: State) -> Model:
    """Rebuild the model, checking every part of it."""
    task = take_choice(state, "task", TASKS)
    low, high = {"regression": (1, 1), "binary": (2, 2)}.get(task, (2, 1_000_000))
    n_outputs = take_count(state, "n_outputs", low=low, high=high)
    encoder = encoder_from_state(part(state, "encoder"))
    nodes = from_arrays(part(state, "trees").arrays, encoder.n_features)
    if nodes.n_outputs != n_outputs or nodes.n_trees != 1:
        raise BadModelFile(
            f"the model holds {nodes.n_trees} trees of {nodes.n_outputs} outputs; one tree of "
            f"{n_outputs} is accepted",
            REMEDY,
        )
    return TreeModel(task, encoder, nodes)


@dataclass(frozen=True)
class _Grown:
    """A tree before it is cut back, with each node's share of the training loss.

    It speaks in units of the target, `offset` and `scale`.
    """

    encoder: TreeEncoder | RelatedEncoder
    nodes: NodeArrays
    risk: Array
    offset: float
    scale: float


@dataclass(frozen=True)
class _Judged:
    """What held rows say of trees on columns, and of trees on relations beside them.

    Attributes
    ----------
    losses : ndarray, shape (2, n_penalties)
        Sums over the rows; infinite where no numbers are related.
    n_rows : int
        Rows; 0 where none were held.
    """

    losses: Array
    n_rows: int

    def __add__(self, other: _Judged) -> _Judged:
        return _Judged(self.losses + other.losses, self.n_rows + other.n_rows)

    @property
    def relations(self) -> bool:
        """Whether relations are worth their room."""
        plain, related = self.losses.min(axis=1)
        return self.n_rows > 0 and spares_enough(related, plain, self.n_rows)

    @property
    def penalty(self) -> float:
        """The penalty of least loss; of equal ones the largest."""
        losses = self.losses[int(self.relations)]
        return float(PENALTIES[len(losses) - 1 - int(losses[::-1].argmin())])


NOBODY = _Judged(np.zeros((2, len(PENALTIES))), 0)


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Fit every fold, and one tree more on all rows."""
    judged = _judge_all(problem, folds, context)
    # The final settings are the best of all splits together.
    everything = sum(judged, NOBODY)
    splits: list[int | None] = [*range(len(folds.splits)), None]

    def fit(position: int) -> tuple[TreeModel, Settings]:
        split = splits[position]
        train = folds.atom_rows(folds.train_mask(split))
        return _fit(problem, context, train, everything if split is None else judged[split])

    *fits, (final, _) = context.map(fit, range(len(splits)))
    predictions = tuple(
        model.predict(problem.design, split.test)
        for (model, _), split in zip(fits, folds.splits, strict=True)
    )
    models = tuple(model for model, _ in fits)
    paired = _say_of_choosing(problem, folds, context, judged)
    settings = tuple(settings for _, settings in fits)
    return CrossFit(predictions, settings, final, paired=paired, models=models)


def _say_of_choosing(
    problem: Problem, folds: Folds, context: Context, judged: Sequence[_Judged]
) -> tuple[Array, ...]:
    """Return what a tree without each split's choosing split says of it, settings as the split's."""
    pairs = [own[0] if own else None for own in choosing_splits(folds)]

    def say(position: int) -> Array:
        pair = pairs[position]
        if pair is None:
            return np.zeros((0, problem.n_outputs))
        model, _ = _fit(problem, context, pair.train, judged[position])
        return model.predict(problem.design, pair.test)

    return tuple(context.map(say, range(len(pairs))))


def _fit(
    problem: Problem, context: Context, train: Array, judged: _Judged
) -> tuple[TreeModel, Settings]:
    """Grow a tree on all training rows and cut it back."""
    grown = _grow(problem, context, train, relations=judged.relations)
    nodes = prune(grown.nodes, grown.risk, judged.penalty * float(grown.risk[0]))
    nodes = replace(nodes, value=grown.offset + grown.scale * nodes.value)
    settings = {
        "alpha": judged.penalty,
        "leaves": int(nodes.is_leaf.sum()),
        "depth": depth(nodes),
        "relations": judged.relations,
    }
    return TreeModel(problem.task, grown.encoder, nodes), settings


def _judge_all(problem: Problem, folds: Folds, context: Context) -> list[_Judged]:
    """Return what each split's inner splits say of all penalties."""
    inner, judging = [], judging_splits(folds)
    for i, split in enumerate(folds.splits):
        pairs = judging[i]
        inner.append(pairs if len(split.train) <= ALL_INNER_ROWS else pairs[:1])

    def score(search: Search, _: int) -> list[_Judged]:
        return _judge(problem, context, search)

    return [sum(own, NOBODY) for own in search_shared(inner, score, context.map)]


def _judge(problem: Problem, context: Context, search: Search) -> list[_Judged]:
    """Return what the rows of each judge say of all penalties."""
    out = [np.full((2, len(PENALTIES)), np.inf) for _ in search.tests]
    for relations in (False, True):
        if relations and not finds_relations(context, search.train):
            continue
        grown = _grow(problem, context, search.train, relations=relations)
        alphas, loss = PENALTIES * grown.risk[0], _loss(problem, grown.scale)
        for losses, rows in zip(out, search.tests, strict=True):
            X = grown.encoder.matrix(problem.design, rows)
            y = problem.y[rows]
            if not problem.classes:
                y = in_target_units(y, grown.offset, grown.scale)
            held = np.stack([y, problem.weights(rows)], axis=1)
            losses[int(relations)] = validation_path(
                grown.nodes, grown.risk, alphas=alphas, X=X, y=held, loss=loss
            )
    return [_Judged(losses, len(rows)) for losses, rows in zip(out, search.tests, strict=True)]


def _loss(problem: Problem, scale: float) -> Callable[[Array, Array], Array]:
    """Return the loss that pruning lowers: the run's own where it is a mean over rows.

    Values are in units of the target, of this scale; the losses of several trees are comparable.
    """
    if problem.task == "regression":
        power = 1 if problem.loss in ("absolute_error", "relative_error") else 2
        unit = scale**power
        return lambda value, held: unit * held[:, 1] * np.abs(value[:, 0] - held[:, 0]) ** power

    def zero_one(value: Array, held: Array) -> Array:
        return cast(Array, held[:, 1] * (value.argmax(axis=1) != held[:, 0]))

    def log_loss(value: Array, held: Array) -> Array:
        index = held[:, 0].astype(np.int64)
        return cast(Array, -held[:, 1] * np.log(value[np.arange(len(index)), index]))

    return zero_one if problem.loss == "zero_one" else log_loss


def _grow(problem: Problem, context: Context, train: Array, *, relations: bool) -> _Grown:
    """Grow a deep tree on these rows; its values are m-estimates."""
    encoder = encoder_for(context, train, relations=relations)
    sample = weighted_sample(problem, train, encoder.training_matrix(problem.design, train))
    offset, scale = 0.0, 1.0
    if not problem.classes:
        offset, scale = target_units(sample.y)
        sample = replace(sample, y=in_target_units(sample.y, offset, scale))
    seed = int(context.rng("tree").integers(2**31))
    n_classes = len(problem.classes)
    if not sample.X.shape[1]:
        nodes, weight, impurity = _guess(sample, is_class=n_classes > 0)
    else:
        nodes, weight, impurity = _grow_deep(sample, is_class=n_classes > 0, seed=seed)
    if n_classes:
        nodes = _smooth_shares(nodes, weight, np.unique(sample.y), n_classes)
    else:
        nodes = smooth_values(nodes, weight, nodes.value[0], rows=SMOOTHING_VALUES)
    return _Grown(encoder, nodes, impurity * weight / weight[0], offset, scale)


def _guess(sample: Sample, *, is_class: bool) -> tuple[NodeArrays, Array, Array]:
    """Return one leaf, for rows without features."""
    if is_class:
        mass = np.bincount(sample.y, sample.weight)
        value = mass[np.unique(sample.y)] / mass.sum()
    else:
        value = np.average(sample.y, weights=sample.weight)
    return single_leaf(value), np.array([float(len(sample.y))]), np.zeros(1)


def _grow_deep(sample: Sample, *, is_class: bool, seed: int) -> tuple[NodeArrays, Array, Array]:
    """Return the tree, and the weight and the impurity of its nodes."""
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    kind, criterion = (
        (DecisionTreeClassifier, "log_loss")
        if is_class
        else (DecisionTreeRegressor, "squared_error")
    )
    estimator = kind(criterion=criterion, min_samples_leaf=MIN_ROWS_IN_LEAF, random_state=seed)
    ranks = Ranks.of(sample.X, spaced=True)
    estimator.fit(ranks.apply(sample.X), sample.y, sample_weight=sample.weight)
    grown, nodes = estimator.tree_, ranks.restore(from_sklearn_tree(estimator))
    return nodes, grown.weighted_n_node_samples, grown.impurity


def _smooth_shares(nodes: NodeArrays, weight: Array, present: Array, n_classes: int) -> NodeArrays:
    """Smooth class shares from an even guess down; a class without a row gets half a row's."""
    even = np.full(len(present), 1.0 / len(present))
    nodes = smooth_values(nodes, weight, even, rows=SMOOTHING_SHARES)
    value = np.full((nodes.n_nodes, n_classes), 1.0 / (2.0 * weight[0]))
    value[:, present] = nodes.value
    return replace(nodes, value=value / value.sum(axis=1, keepdims=True))


def memory(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate from the matrix of the training rows, relations in it, its copies, and the nodes."""
    nodes = sizes.matrix(sizes.n_train, sizes.n_outputs + 16)
    n_columns = sizes.n_features + most_relations(sizes.n_numbers)
    return MemoryEstimate(job=4 * sizes.matrix(sizes.n_train, n_columns) + nodes)


FAMILY = Family(
    name="tree",
    title="Decision tree",
    step=800,
    tasks=("regression", "binary", "multiclass"),
    sources=(
        "Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees",
        "Ferri, Flach & Hernández-Orallo (2003), Improving the AUC of trees, Proc. 14th ECML",
    ),
    final="refit",
    cross_fit=cross_fit,
    load=load,
    needs=("sklearn",),
    weights=True,
    order_only=True,
    memory=memory,
    form=TreeForm,
    state_version=2,
)
