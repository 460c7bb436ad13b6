"""Grow random forests, and choose how: which cuts are tried, among how many columns, how deep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from rung.trees.convert import from_sklearn_tree
from rung.trees.join import join
from rung.trees.nodes import NodeArrays, single_leaf
from rung.trees.pack import to_single
from rung.trees.ranks import Ranks
from rung.trees.sample import Sample
from rung.trees.walk import walk
from rung.typing import Array

# Leaves of a tree at most, in training rows a leaf: they bound the size of the model.
MOST_LEAVES = {False: 10_000, True: 20_000}
# Trees that speak of a fold; twice as many lower the loss by two to five thousandths of it.
TREES = 100
# Numbers in the leaves of a fold's trees, which bound memory where classes are many.
MOST_CELLS = 60_000_000
CHUNK = 20
# While settings are chosen: trees of each candidate, rows they learn from; with few rows, trees of
# each of how many inner splits, and from how many rows on choosing is more than luck.
CHOOSING_TREES, CHOOSING_ROWS = 16, 3_000
FEW_ROWS, SPLITS_FOR_FEW, TREES_FOR_FEW, CHOOSING_PAYS = 5_000, 4, 8, 200


class Growth(TypedDict):
    """Settings of a forest: kind of cuts, fewest rows in a leaf, share of columns at a cut.

    `relations` says whether relations of numbers stand among the columns, which is the caller's
    business.
    """

    cuts: str
    leaf_rows: int
    columns: float
    relations: bool


# Chosen among on tables of 700 to 21,000 rows; docs/decisions/0004 has the losses.
CANDIDATES = (
    Growth(cuts="best", leaf_rows=1, columns=0.5, relations=False),
    Growth(cuts="best", leaf_rows=5, columns=2 / 3, relations=False),
    Growth(cuts="random", leaf_rows=1, columns=1.0, relations=False),
    # Relations double the columns and more, so that a third takes as long as it can bear.
    Growth(cuts="best", leaf_rows=1, columns=1 / 3, relations=True),
    Growth(cuts="best", leaf_rows=5, columns=1 / 3, relations=True),
)
# Trying all columns at each cut helps where one column says most; it costs too much on many rows.
FOR_FEW_ROWS = (
    Growth(cuts="best", leaf_rows=2, columns=1.0, relations=False),
    *CANDIDATES[1:3],
    Growth(cuts="best", leaf_rows=2, columns=0.5, relations=True),
    Growth(cuts="best", leaf_rows=5, columns=0.5, relations=True),
)


@dataclass(frozen=True)
class ForestRows:
    """Rows to learn from.

    Attributes
    ----------
    sample : Sample
        Features, values near 0 or class numbers without gaps, weights.
    n_classes : int
        Classes among the rows; 0 for values.
    """

    sample: Sample
    n_classes: int

    def take(self, rows: Array) -> ForestRows:
        """Return the lesson of these rows; every class must be among them."""
        return ForestRows(self.sample.take(rows), self.n_classes)


def count_trees(n_rows: int, n_classes: int, growth: Growth) -> int:
    """Return how many trees a training set gets, a multiple of `CHUNK`.

    Examples
    --------
    >>> growth = CANDIDATES[0]
    >>> count_trees(20_000, 2, growth), count_trees(20_000, 50, growth)
    (100, 20)
    """
    cells = 2 * n_rows // growth["leaf_rows"] * max(n_classes, 1)
    wanted = min(TREES, MOST_CELLS // max(cells, 1))
    return max(wanted // CHUNK, 1) * CHUNK


def candidates(n_rows: int, n_classes: int) -> tuple[Growth, ...]:
    """Return the settings to choose among, none with more leaves than the bound allows.

    Examples
    --------
    >>> [growth["leaf_rows"] for growth in candidates(30_000, 0)]
    [3, 5, 3, 3, 5]
    """
    fewest = -(-n_rows // MOST_LEAVES[n_classes > 0])
    chosen = FOR_FEW_ROWS if n_rows <= FEW_ROWS else CANDIDATES
    return tuple(
        Growth(
            cuts=growth["cuts"],
            leaf_rows=max(growth["leaf_rows"], fewest),
            columns=growth["columns"],
            relations=growth["relations"],
        )
        for growth in chosen
    )


def grow(
    lesson: ForestRows, growth: Growth, *, n_trees: int, seed: int, share: float = 0.0
) -> NodeArrays:
    """Grow trees on the rows of a lesson.

    With the best cuts each tree sees a bootstrap of the rows, or a share of them drawn without
    replacement; with random cuts, which make trees differ enough, each sees all of them.

    Parameters
    ----------
    lesson : ForestRows
        What to learn.
    growth : Growth
        How.
    n_trees, seed : int
        Number of trees; seed of their rows and cuts.
    share : float
        Share of the rows that a tree sees; 0 for a bootstrap.

    Returns
    -------
    NodeArrays
        Rounded to single precision; `walk` gives the sum over trees of values or class shares.

    Source
    ------
    Breiman (2001), Machine Learning 45; Geurts, Ernst & Wehenkel (2006), Machine Learning 63;
    Friedman & Hall (2007), J. Statistical Planning and Inference 137 (shares without replacement).
    """
    sample = lesson.sample
    n_columns = sample.X.shape[1]
    if not n_columns or lesson.n_classes == 1:
        return to_single(join([single_leaf(_mean(lesson))] * n_trees))
    from sklearn.utils import check_random_state

    ranks = Ranks.of(sample.X, spaced=True)
    X = np.ascontiguousarray(ranks.apply(sample.X))
    dice = check_random_state(seed)
    seeds = [int(dice.randint(np.iinfo(np.int32).max)) for _ in range(n_trees)]
    grown = []
    for own in seeds:
        weight = sample.weight
        if growth["cuts"] == "best":
            weight = _drawn_weights(weight, share, own)
        grown.append(_grow_tree(lesson, X, growth, weight=weight, seed=own))
    return to_single(ranks.restore(join(grown)))


def _drawn_weights(weight: Array, share: float, seed: int) -> Array:
    """Draw the rows of one tree: how often each counts."""
    from sklearn.utils import check_random_state

    dice, n_rows = check_random_state(seed), len(weight)
    if share:
        drawn = dice.permutation(n_rows)[: max(round(share * n_rows), 1)]
        out = np.zeros(n_rows)
        out[drawn] = weight[drawn]
        return out
    drawn = dice.choice(n_rows, n_rows, p=weight / weight.sum())
    return np.bincount(drawn, minlength=n_rows).astype(np.float64)


def _grow_tree(
    lesson: ForestRows, X: Array, growth: Growth, *, weight: Array, seed: int
) -> NodeArrays:
    """Grow one tree, with scikit-learn.

    Not through those forests: they change the process's warning filters while they fit, which two
    workers may not do at once.
    """
    from sklearn import config_context, tree

    kind = ("DecisionTree" if growth["cuts"] == "best" else "ExtraTree") + (
        "Classifier" if lesson.n_classes else "Regressor"
    )
    estimator = getattr(tree, kind)(
        min_samples_leaf=growth["leaf_rows"],
        max_features=max(round(growth["columns"] * X.shape[1]), 1),
        random_state=seed,
    )
    # Looking at every cell once more takes as long as a small tree; missing cells need it.
    has_gaps = bool(np.isnan(X).any())
    with config_context(skip_parameter_validation=True):
        estimator.fit(X, lesson.sample.y, sample_weight=weight, check_input=has_gaps)
    return from_sklearn_tree(estimator)


def _mean(lesson: ForestRows) -> Array:
    """Return the mean target, (1,), or the classes' shares, (n_classes,)."""
    y, weight = lesson.sample.y, lesson.sample.weight
    if not lesson.n_classes:
        return np.array([np.average(y, weights=weight)])
    return np.asarray(np.bincount(y, weight, minlength=lesson.n_classes) / weight.sum())


def held_out_losses(
    learning: ForestRows,
    watching: Sequence[ForestRows],
    *,
    loss: str,
    rng: np.random.Generator,
    tried: Sequence[Growth],
) -> Array:
    """Return what a few trees of each settings lose on watched rows; shape (n_watched, n_tried).

    Parameters
    ----------
    learning : ForestRows
        Rows to grow on.
    watching : sequence of ForestRows
        Rows to score; each row has a say in its own losses only.
    loss : str
        Unit loss of the run.
    rng : Generator
        Draws the rows to grow on, where they are many, and the seed, which all settings share.
    tried : sequence of Growth
        Settings, at least one.
    """
    seed = int(rng.integers(2**31))
    n_trees = TREES_FOR_FEW if len(learning.sample.y) <= FEW_ROWS else CHOOSING_TREES
    learning = _fewer(learning, rng)
    n_learned = len(learning.sample.y)
    losses = np.empty((len(watching), len(tried)))
    for j, growth in enumerate(tried):
        nodes = grow(learning, growth, n_trees=n_trees, seed=seed)
        for i, watched in enumerate(watching):
            mean = walk(nodes, watched.sample.X) / n_trees
            losses[i, j] = _loss(mean, watched.sample, loss, n_learned=n_learned)
    return losses


def _fewer(lesson: ForestRows, rng: np.random.Generator) -> ForestRows:
    """Draw `CHOOSING_ROWS` rows, with the first of each class."""
    n_rows = len(lesson.sample.y)
    if n_rows <= CHOOSING_ROWS:
        return lesson
    drawn = rng.choice(n_rows, CHOOSING_ROWS, replace=False)
    if lesson.n_classes:
        drawn = np.append(drawn, np.unique(lesson.sample.y, return_index=True)[1])
    return lesson.take(np.unique(drawn))


def _loss(mean: Array, watched: Sample, loss: str, *, n_learned: int) -> float:
    y, weight = watched.y, watched.weight
    if mean.shape[1] == 1 and y.dtype.kind == "f":
        power = 1 if loss in ("absolute_error", "relative_error") else 2
        return float(np.sum(weight * np.abs(mean[:, 0] - y) ** power))
    if loss == "zero_one":
        return float(np.sum(weight * (mean.argmax(axis=1) != y)))
    share = mean[np.arange(len(y)), y]
    return float(-np.sum(weight * np.log(np.clip(share, 1.0 / (2 * n_learned), 1.0))))
