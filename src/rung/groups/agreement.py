"""Compare groups with a column that was not used to find them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.typing import Array

LEVEL = 0.95
N_SHUFFLES = 999
N_RESAMPLES = 200


@dataclass(frozen=True)
class Agreement:
    """How far groups and a column agree.

    Attributes
    ----------
    rand : float
        Adjusted Rand index: 0 by chance, 1 for the same groups.
    low, high : float
        Its 95 % interval over resampled rows.
    information : float
        Mutual information in nats.
    level : float
        Share of shuffled columns with at least as much mutual information.
    information_low, information_high : float
        Its 95 % interval over resampled rows, less what resampling adds.
    """

    rand: float
    low: float
    high: float
    information: float
    level: float
    information_low: float
    information_high: float


def compare_labels(groups: Array, column: Array, *, seed: int = 0) -> Agreement:
    """Compare groups with codes of a column.

    Parameters
    ----------
    groups, column : ndarray of int, shape (n_rows,)
        From zero; rows with a code below zero are left out.
    seed : int
        Of shuffles and resamples.

    Source
    ------
    Hubert & Arabie (1985); the permutation test counts the observed table too. Mutual information
    of few rows is too high, and of resampled ones by as much again: the interval is mirrored at
    the estimate (Davison & Hinkley 1997, the basic bootstrap).

    Examples
    --------
    >>> codes = np.repeat([0, 1, 2], 20)
    >>> found = compare_labels(codes, codes)
    >>> found.rand, round(found.information, 3), found.level
    (1.0, 1.099, 0.001)
    """
    known = (groups >= 0) & (column >= 0)
    groups, column = groups[known], column[known]
    rng = np.random.default_rng([0x6A5, seed % 2**63])
    information = mutual_information(groups, column)
    shuffled = [mutual_information(groups, rng.permutation(column)) for _ in range(N_SHUFFLES)]
    resampled = []
    for _ in range(N_RESAMPLES):
        rows = rng.integers(len(groups), size=len(groups))
        pair = groups[rows], column[rows]
        resampled.append((adjusted_rand(*pair), mutual_information(*pair)))
    (low, least), (high, most) = np.quantile(resampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    exceeding = sum(one >= information - 1e-12 for one in shuffled)
    return Agreement(
        adjusted_rand(groups, column),
        float(low),
        float(high),
        information,
        (1 + exceeding) / (1 + N_SHUFFLES),
        max(0.0, 2 * information - float(most)),
        max(0.0, 2 * information - float(least)),
    )


def _table(one: Array, two: Array) -> Array:
    n_two = int(two.max(initial=0)) + 1
    counts = np.bincount(one * n_two + two, minlength=(int(one.max(initial=0)) + 1) * n_two)
    return counts.reshape(-1, n_two).astype(float)


def adjusted_rand(one: Array, two: Array) -> float:
    """Return the adjusted Rand index of two labellings.

    Examples
    --------
    >>> adjusted_rand(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])).__round__(4)
    0.5714
    """
    table = _table(one, two)
    both = (table * (table - 1)).sum() / 2
    first, second = ((s * (s - 1)).sum() / 2 for s in (table.sum(axis=1), table.sum(axis=0)))
    expected = first * second / max(len(one) * (len(one) - 1) / 2, 1)
    most = (first + second) / 2
    return float((both - expected) / (most - expected)) if most > expected else 1.0


def mutual_information(one: Array, two: Array) -> float:
    """Return the mutual information of two labellings, in nats."""
    share = _table(one, two) / len(one)
    apart = np.outer(share.sum(axis=1), share.sum(axis=0))
    held = share > 0
    return float((share[held] * np.log(share[held] / apart[held])).sum())
