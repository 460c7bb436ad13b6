"""Suspect columns that give the answer away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rung.core.dataset import Dataset
from rung.core.family import Problem
from rung.core.findings import Finding
from rung.typing import Array

MOST_ROWS = 20_000
ALONE = 0.95
TOGETHER = 0.999
FEWEST_ROWS = 30
LEAVES = 4


def find_leaks(problem: Problem) -> tuple[Finding, ...]:
    """Find columns that alone, or two together, predict the target almost perfectly.

    Parameters
    ----------
    problem : Problem
        Training rows; at most the first 20,000 are looked at, which are a random sample as
        rows come in the order of a hash.

    Returns
    -------
    tuple of Finding
        Code `leak`. For a quantity: one column that explains at least 95 % of its variance in a
        straight line, or two that explain 99.9 %. For classes: one column that removes at least
        95 % of the errors of the commonest class with four intervals, or with its categories.

    Source
    ------
    Kapoor & Narayanan (2023), Patterns 4: leakage in 294 papers of 17 fields. NOTE[DIFF] the
    thresholds are ours.
    """
    design = problem.design
    assert isinstance(design, Dataset)
    rows = np.arange(min(design.n_rows, MOST_ROWS))
    if len(rows) < FEWEST_ROWS:
        return ()
    numbers, codes = design.numbers(rows), design.codes(rows)
    y = problem.y[rows]
    if problem.task == "regression":
        return _leaks_of_quantity(design.number_names, numbers, y)
    return _leaks_of_classes(design, numbers, codes, y)


def _leaks_of_quantity(names: Sequence[str], numbers: Array, y: Array) -> tuple[Finding, ...]:
    filled = np.where(np.isfinite(numbers), numbers, _means(numbers))
    shares = np.array([explained_share(filled[:, [j]], y) for j in range(filled.shape[1])])
    alone = [j for j in range(len(names)) if shares[j] >= ALONE]
    findings = [
        _finding(
            (names[j],),
            f"column {names[j]!r} alone explains {shares[j]:.4f} of the target's variance in a "
            "straight line",
        )
        for j in alone
    ]
    pair = _best_pair(filled, y) if not alone else None
    if pair is not None:
        first, second, share = pair
        findings.append(
            _finding(
                (names[first], names[second]),
                f"columns {names[first]!r} and {names[second]!r} together explain {share:.6f} of "
                "the target's variance: the target looks computed from them",
            )
        )
    return tuple(findings)


def _means(numbers: Array) -> Array:
    known = np.isfinite(numbers)
    sums = np.where(known, numbers, 0.0).sum(axis=0)
    return np.asarray(sums / np.maximum(known.sum(axis=0), 1))


def explained_share(columns: Array, y: Array) -> float:
    """Return the share of the variance of y that a least-squares fit on columns explains.

    Examples
    --------
    >>> x = np.arange(5.0)
    >>> round(explained_share(x[:, None], 2 * x + 1), 6)
    1.0
    """
    centred = columns - columns.mean(axis=0)
    scale = centred.std(axis=0)
    centred = centred[:, scale > 0] / scale[scale > 0]
    residual = y - y.mean()
    total = float(residual @ residual)
    if not centred.shape[1] or total == 0:
        return 0.0
    weights = np.linalg.lstsq(centred, residual, rcond=None)[0]
    left = residual - centred @ weights
    return 1.0 - float(left @ left) / total


def _best_pair(filled: Array, y: Array) -> tuple[int, int, float] | None:
    """Return the pair of columns that explains the target, if one does almost perfectly.

    All pairs are tried through their correlations: with r the correlations with the target and
    c the one between the two, they explain (r1² + r2² - 2 r1 r2 c) / (1 - c²).
    """
    scale = filled.std(axis=0)
    usable = np.flatnonzero(scale > 0)
    if len(usable) < 2 or y.std() == 0:
        return None
    standard = (filled[:, usable] - filled[:, usable].mean(axis=0)) / scale[usable]
    with_target = standard.T @ ((y - y.mean()) / y.std()) / len(y)
    between = standard.T @ standard / len(y)
    squares = with_target**2
    top = squares[:, None] + squares[None, :] - 2 * np.outer(with_target, with_target) * between
    bottom = np.maximum(1.0 - between**2, 1e-9)
    shares = np.where(bottom > 1e-6, top / bottom, 0.0)
    np.fill_diagonal(shares, 0.0)
    first, second = np.unravel_index(int(shares.argmax()), shares.shape)
    a, b = sorted((int(usable[first]), int(usable[second])))
    share = explained_share(filled[:, [a, b]], y)
    return (a, b, share) if share >= TOGETHER else None


def _leaks_of_classes(
    design: Dataset, numbers: Array, codes: Array, y: Array
) -> tuple[Finding, ...]:
    errors = len(y) - int(np.bincount(y).max())
    if errors < FEWEST_ROWS:
        return ()
    named = [(name, _by_intervals(numbers[:, j], y)) for j, name in enumerate(design.number_names)]
    named += [
        (column.name, _by_category(codes[:, j], y))
        for j, column in enumerate(design.category_columns)
    ]
    return tuple(
        _finding(
            (name,),
            f"column {name!r} alone tells {right / len(y):.1%} of the rows' classes, which "
            f"removes {1 - (len(y) - right) / errors:.1%} of the errors of guessing the commonest",
        )
        for name, right in named
        if 1 - (len(y) - right) / errors >= ALONE
    )


def _by_intervals(values: Array, y: Array) -> int:
    """Count rows that four intervals of one number classify rightly."""
    from sklearn.tree import DecisionTreeClassifier

    if np.isnan(values).all():
        return 0
    tree = DecisionTreeClassifier(max_leaf_nodes=LEAVES, min_samples_leaf=5, random_state=0)
    column = values[:, None].astype(np.float32)
    column[~np.isfinite(column)] = np.nan
    return int((tree.fit(column, y).predict(column) == y).sum())


def _by_category(codes: Array, y: Array) -> int:
    """Count rows that the commonest class of each category gets right, but for one a category.

    The one taken off keeps a column of almost distinct strings from looking like an answer.
    """
    counts = np.zeros((int(codes.max()) + 2, int(y.max()) + 1), dtype=np.int64)
    np.add.at(counts, (codes + 1, y), 1)
    return int(np.maximum(counts.max(axis=1) - 1, 0).sum())


def _finding(columns: tuple[str, ...], message: str) -> Finding:
    return Finding(
        "leak",
        "alarm",
        columns,
        message,
        "if it is not known before the target is, leave it out with --drop",
    )
