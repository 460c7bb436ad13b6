"""Grow boosted trees with LightGBM, on one thread and from fixed seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from rung.trees.convert import from_lightgbm
from rung.trees.nodes import NodeArrays, single_leaf
from rung.trees.ranks import Ranks
from rung.trees.sample import Sample
from rung.trees.walk import walk
from rung.typing import Array, Settings, Untyped

MAX_ROUNDS = 2_000
# Trees of all classes together: 300 classes get 20 rounds.
MAX_TREES = 6_000
MANY_CLASSES = 10
FEW_ROWS, MANY_ROWS, MANY_FEATURES = 300, 8_000, 30
PATIENCE = 50
# Few rows are learned by heart long before the bound of all; classes that can be told apart lose
# ever less, and would take every round.
FEW_ROUNDS, FEW_ROWS_RATE = 200, 0.1
# Settings and rounds are chosen at so many times the learning rate, in so many fewer rounds, where
# the rate is low.
HASTE, LOW_RATE = 2, 0.05


@dataclass(frozen=True)
class Goal:
    """Say what the trees are to lower.

    `objective` is LightGBM's name; `n_classes` counts classes for `multiclass`, else 1.
    """

    objective: str
    n_classes: int = 1
    seed: int = 0

    @property
    def max_rounds(self) -> int:
        """Most rounds to grow; a round is one tree a class."""
        return max(min(MAX_ROUNDS, MAX_TREES // self.n_classes), 1)


def candidates(n_rows: int, n_features: int, goal: Goal) -> tuple[Settings, ...]:
    """Return the settings to try, by counts alone.

    Small trees, larger trees on parts of rows and features, small trees on smaller parts: on
    eleven tables of 900 to 33,000 rows one of these three was within 1 % of the best of fifteen.
    Many rows bear trees twice as large, and of many features fewer need be seen by a tree. Many
    classes get one setting, as each round grows a tree a class; so do few rows, as the rows held
    out could not tell three apart. `relations` says of what the features are made, which is the
    caller's business.

    Parameters
    ----------
    n_rows, n_features : int
        Of the sample to learn from.
    goal : Goal
        What to lower.
    """
    # LightGBM asks for 20 rows a leaf; 12 rows would then never be divided.
    smallest = max(min(20, n_rows // 10), 1)
    rate = 0.05 if goal.max_rounds >= 600 else min(30.0 / goal.max_rounds, 0.3)
    shared = {"learning_rate": rate, "min_rows_in_leaf": smallest, "relations": False}
    small = {"leaves": 7, "feature_share": 1.0, "row_share": 1.0, **shared}
    large = {"leaves": 31, "feature_share": 0.8, "row_share": 0.8, **shared}
    share = (0.3, 0.8) if n_features >= MANY_FEATURES else (0.5, 0.7)
    parts = {"leaves": 7, "feature_share": share[0], "row_share": share[1], **shared}
    if n_rows < FEW_ROWS:
        return ({**small, "learning_rate": max(rate, FEW_ROWS_RATE)},)
    if goal.n_classes > 10 * MANY_CLASSES:
        return (small,)
    if goal.n_classes > MANY_CLASSES:
        return (large,)
    if n_rows >= MANY_ROWS:
        return {**parts, "leaves": 15}, large, {**large, "leaves": 63}
    return small, large, parts


@dataclass(frozen=True)
class Chosen:
    """Say what did best on one watched part.

    Attributes
    ----------
    tried : mapping
        Settings.
    rounds : int
        For growing on all rows.
    loss : float
        On the part; LightGBM's for the goal.
    scores : ndarray, shape (n_asked, n_scores)
        Sums of the trees at the least loss for the rows that were asked of the part.
    """

    tried: Settings
    rounds: int
    loss: float
    scores: Array = field(compare=False)

    @property
    def settings(self) -> Settings:
        """Settings for `grow`."""
        return {**self.tried, "rounds": self.rounds}


def choose(
    train: Sample,
    watched: Sequence[Sample],
    goal: Goal,
    tried: Sequence[Settings],
    *,
    asked: Sequence[Array] = (),
) -> tuple[Chosen, ...]:
    """Return what does best on each watched part.

    They are compared at a higher learning rate, in so many fewer rounds.

    Parameters
    ----------
    train : Sample
        Rows to learn from.
    watched : sequence of Sample
        Rows to judge by, at least one each; every part has a say in its own settings only.
    goal : Goal
        What to lower.
    tried : sequence of mapping
        As `candidates` gives them; the first wins ties.
    asked : sequence of ndarray, each (n_asked, n_features), optional
        Rows for each part that the trees which did best there are to score.

    Returns
    -------
    tuple of Chosen
        One for each watched part.
    """
    asked = asked or [part.X[:0] for part in watched]
    if not train.X.shape[1]:
        nodes = _guess(train, goal)
        return tuple(Chosen(tried[0], 1, np.inf, walk(nodes, rows)) for rows in asked)
    # All settings share the bins that features are rounded to.
    options = _options(goal, tried[0])
    ranks = Ranks.of(train.X)
    learning = _dataset(train, ranks, options)
    watching = [
        learning.create_valid(
            ranks.apply(one.X), one.y, weight=one.weight, params=options
        ).construct()
        for one in watched
    ]
    most = _most_rounds(goal, len(train.y))
    found = [_stop_early(learning, watching, goal, settings, most) for settings in tried]
    chosen = []
    for part, rows in enumerate(asked):
        best = min(range(len(tried)), key=lambda i: (found[i][1][part][0], i))
        booster, stops = found[best]
        loss, rounds = stops[part]
        scores = _scores(booster, ranks.apply(rows), rounds, goal)
        chosen.append(Chosen(tried[best], min(_haste(tried[best]) * rounds, most), loss, scores))
    return tuple(chosen)


def _scores(booster: Untyped, ranked: Array, rounds: int, goal: Goal) -> Array:
    """Return the sums of the trees of the first rounds, (n_rows, n_scores)."""
    n_scores = goal.n_classes if goal.objective == "multiclass" else 1
    if not len(ranked):
        return np.zeros((0, n_scores))
    given = booster.predict(ranked, num_iteration=rounds, raw_score=True, num_threads=1)
    return np.asarray(given, dtype=np.float64).reshape(len(ranked), n_scores)


def grow(sample: Sample, goal: Goal, settings: Settings) -> NodeArrays:
    """Grow `settings["rounds"]` rounds of trees on all rows of a sample."""
    import lightgbm

    if not sample.X.shape[1]:
        return _guess(sample, goal)
    options, ranks = _options(goal, settings), Ranks.of(sample.X)
    booster = lightgbm.train(
        options, _dataset(sample, ranks, options), settings["rounds"], keep_training_booster=True
    )
    return ranks.restore(from_lightgbm(booster, settings["rounds"], gaps_follow_most=True))


def _guess(sample: Sample, goal: Goal) -> NodeArrays:
    """Return one leaf: what can be predicted without features."""
    mean = np.average(sample.y, weights=sample.weight)
    if goal.objective == "binary":
        return single_leaf(np.log(mean / (1 - mean)))
    if goal.objective == "multiclass":
        shares = np.bincount(sample.y, sample.weight, minlength=goal.n_classes)
        return single_leaf(np.log(shares / shares.sum()))
    return single_leaf(np.median(sample.y) if goal.objective == "regression_l1" else mean)


def _stop_early(
    learning: Untyped, watching: Sequence[Untyped], goal: Goal, settings: Settings, most: int
) -> tuple[Untyped, list[tuple[float, int]]]:
    """Return what was grown and, for each watched part, the lowest loss and the rounds that reach it.

    Growth goes on until no part has seen a better loss for a while; what a part saw by then does
    not depend on the others.
    """
    import lightgbm

    haste = _haste(settings)
    hasty = {**settings, "learning_rate": haste * settings["learning_rate"]}
    booster: Untyped = lightgbm.Booster(_options(goal, hasty), learning)
    for number, part in enumerate(watching):
        booster.add_valid(part, str(number))
    best = [(np.inf, 1)] * len(watching)
    is_done = [False] * len(watching)
    for rounds in range(1, -(-most // haste) + 1):
        is_stuck = booster.update()
        for number, (_, _, loss, _) in enumerate(booster.eval_valid()):
            if not is_done[number] and loss < best[number][0]:
                best[number] = float(loss), rounds
            is_done[number] |= rounds - best[number][1] >= PATIENCE // haste
        if is_stuck or all(is_done):
            break
    return booster, best


def _most_rounds(goal: Goal, n_rows: int) -> int:
    return min(goal.max_rounds, FEW_ROUNDS) if n_rows < FEW_ROWS else goal.max_rounds


def _haste(settings: Settings) -> int:
    return HASTE if settings["learning_rate"] <= LOW_RATE else 1


def _dataset(sample: Sample, ranks: Ranks, options: Settings) -> Untyped:
    import lightgbm

    X = ranks.apply(sample.X)
    return lightgbm.Dataset(
        X, sample.y, weight=sample.weight, params=dict(options), free_raw_data=True
    )


def _options(goal: Goal, settings: Settings) -> dict[str, Untyped]:
    """Return LightGBM's parameters."""
    options = {
        "objective": goal.objective,
        "num_leaves": settings["leaves"],
        "learning_rate": settings["learning_rate"],
        "min_data_in_leaf": settings["min_rows_in_leaf"],
        "feature_fraction": settings["feature_share"],
        "bagging_fraction": settings["row_share"],
        "bagging_freq": int(settings["row_share"] < 1.0),
        "feature_pre_filter": False,
        "lambda_l2": 1.0,
        "min_data_in_bin": min(3, settings["min_rows_in_leaf"]),
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "seed": goal.seed,
        "verbosity": -1,
    }
    if goal.objective in {"binary", "multiclass"}:
        # A leaf of a class that is hardly expected would take a step of thousands.
        options["max_delta_step"] = 2.0
    return options | ({"num_class": goal.n_classes} if goal.objective == "multiclass" else {})
