"""Choose a family from cross-validated losses: this project's rule and three others."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from scipy import stats

from benchmarks.verdict.ladder import STEPS
from benchmarks.verdict.worlds import Array
from rung.core.compare import active_margin
from rung.core.losses import Losses
from rung.core.verdict import decide

# A rule returns the chosen column, and whether it claims that the choice is as good as the best.
Rule = Callable[[Array, Array, int], tuple[int, bool]]


def as_losses(rows: Array, n_folds: int) -> Losses:
    """Wrap losses of plain rows, shape (n_rows, n_families)."""
    means = rows.mean(axis=0)
    return Losses(tuple(STEPS), means, rows - means, n_folds, len(rows), len(rows))


def margin(risks: Array, rival: int) -> float:
    """Return the default margin against a rival for given risks."""
    names = tuple(STEPS)[: len(risks)]
    return active_margin(Losses(names, risks, np.zeros((2, len(risks))), 5, 2, 2), rival)[0]


def rung_rule(rows: Array, fold: Array, n_folds: int) -> tuple[int, bool]:
    """Climb, passing only families that are shown to be worse (`rung.core.verdict`)."""
    decision = decide(as_losses(rows, n_folds), steps=STEPS, metric="mse")
    return list(STEPS).index(decision.choice.family), decision.choice.is_claim


def one_standard_error(rows: Array, fold: Array, n_folds: int) -> tuple[int, bool]:
    """Take the simplest within one standard error (over folds) of the leader.

    Source: Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees.
    """
    means = _fold_means(rows, fold, n_folds)
    centre = means.mean(axis=0)
    leader = int(centre.argmin())
    reach = centre[leader] + means[:, leader].std(ddof=1) / n_folds**0.5
    return int(np.argmax(centre <= reach)), True


def take_leader(rows: Array, fold: Array, n_folds: int) -> tuple[int, bool]:
    """Take the smallest mean loss."""
    return int(rows.mean(axis=0).argmin()), True


def fold_wise_t(rows: Array, fold: Array, n_folds: int) -> tuple[int, bool]:
    """Test each family against the leader by corrected t over folds, with Holm's steps.

    Source: Nadeau & Bengio (2003); Holm (1979), Scandinavian Journal of Statistics 6.
    """
    means = rows.mean(axis=0)
    leader = int(means.argmin())
    reach = margin(means, leader)
    others = [f for f in range(len(means)) if f != leader]
    gaps = _fold_means(rows, fold, n_folds)
    gaps = gaps[:, others] - gaps[:, [leader]]
    factor = 1 / n_folds + 1 / (n_folds - 1)
    errors = np.maximum((factor * gaps.var(axis=0, ddof=1)) ** 0.5, 1e-12)
    centre = means[others] - means[leader]
    p = 2 * stats.t.sf(np.abs(centre) / errors, n_folds - 1)
    verdicts = {leader: "as good"}
    stopped = False
    for rank, i in enumerate(np.argsort(p)):
        level = 0.05 / (len(others) - rank)
        half = stats.t.isf(level / 2, n_folds - 1) * errors[i]
        stopped = stopped or p[i] > level
        is_worse = not stopped and centre[i] > reach
        is_good = centre[i] + half <= reach
        verdicts[others[i]] = "as good" if is_good else "worse" if is_worse else "undecided"
    chosen = next(f for f in range(len(means)) if verdicts[f] != "worse")
    return chosen, verdicts[chosen] == "as good"


def _fold_means(rows: Array, fold: Array, n_folds: int) -> Array:
    return np.array([rows[fold == i].mean(axis=0) for i in range(n_folds)])


RULES: Mapping[str, Rule] = {
    "rung": rung_rule,
    "one standard error": one_standard_error,
    "leader": take_leader,
    "fold-wise t, Holm": fold_wise_t,
}
