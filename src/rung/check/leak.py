"""Suspect columns that give the answer away."""

from __future__ import annotations

import numpy as np

from rung.check import Check, Seen
from rung.core.dataset import Dataset
from rung.core.family import Problem
from rung.core.findings import Finding
from rung.typing import Array

MOST_ROWS = 20_000
IN_A_LINE = 0.92
IN_A_CURVE = 0.95
TOGETHER = 0.999
OF_CLASSES = 0.95
FEWEST_ROWS = 30
FEWEST_KNOWN = 0.05
ROWS_A_STEP = 10
MOST_STEPS = 200
LEAVES = 4
# Pairs of columns that are compared at a time.
MOST_PAIRS = 4_000_000


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
        Code `leak`. For a quantity: one column that explains at least 92 % of its variance in a
        straight line, or 95 % in a curve that other rows drew, where the column is known; or two
        that explain 99.9 % in a line. For classes: one column that removes at least 95 % of the
        errors of the commonest class with four intervals, or with its categories.

    Source
    ------
    Kapoor & Narayanan (2023), Patterns 4: leakage in 294 papers of 17 fields. NOTE[DIFF] the
    thresholds are ours: `benchmarks/check` shows how far honest columns stay below them.
    """
    design = problem.design
    assert isinstance(design, Dataset)
    rows = np.arange(min(design.n_rows, MOST_ROWS))
    if len(rows) < FEWEST_ROWS:
        return ()
    y = problem.y[rows]
    if problem.task == "regression":
        return _leaks_of_quantity(design, rows, y)
    return _leaks_of_classes(design, rows, y)


def _leaks_of_quantity(design: Dataset, rows: Array, y: Array) -> tuple[Finding, ...]:
    names = design.number_names
    columns = enumerate(design.number_columns(rows))
    alone = {j: one for j, values in columns if (one := _alone(names[j], values, y))}
    filled = np.empty((len(names), len(y)))
    for j, values in enumerate(design.number_columns(rows)):
        known = np.isfinite(values)
        filled[j] = np.where(known, values, values[known].sum() / max(int(known.sum()), 1))
    pair = _best_pair(filled, y)
    if pair is None:
        return tuple(alone.values())
    first, second, share = pair
    if max(explained_share(filled[j][:, None], y) for j in (first, second)) >= TOGETHER:
        return tuple(alone.values())  # one of the two is enough
    message = (
        f"columns {names[first]!r} and {names[second]!r} together explain {share:.6f} of "
        "the target's variance: the target looks computed from them"
    )
    others = [finding for j, finding in alone.items() if j not in (first, second)]
    return (_finding((names[first], names[second]), message), *others)


def _alone(name: str, values: Array, y: Array) -> Finding | None:
    """Return a finding if one column tells the quantity, in the rows where it is known."""
    known = np.isfinite(values)
    if known.sum() < max(FEWEST_ROWS, FEWEST_KNOWN * len(y)):
        return None
    line = explained_share(values[known][:, None], y[known])
    curve = curve_share(values[known], y[known])
    if line < IN_A_LINE and curve < IN_A_CURVE:
        return None
    share, how = max((line, "in a straight line"), (curve, "in a curve"))
    where = "" if known.all() else f", in the {int(known.sum())} rows where it is known"
    return _finding(
        (name,),
        f"column {name!r} alone explains {share:.4f} of the target's variance {how}{where}",
    )


def curve_share(values: Array, y: Array) -> float:
    """Return the share of the variance of y that steps along one column explain in other rows.

    Parameters
    ----------
    values, y : ndarray, shape (n_rows,)
        The column and the target, without missing values, in random order.

    Returns
    -------
    float
        One minus the share left when the means of the even rows' steps predict the odd rows.

    Examples
    --------
    >>> x = np.random.default_rng(0).uniform(0, 6, 2000)
    >>> bool(curve_share(x, np.exp(x)) > 0.99), bool(explained_share(x[:, None], np.exp(x)) > 0.92)
    (True, False)
    """
    x, target = values[::2], y[::2]
    n_steps = min(MOST_STEPS, len(x) // ROWS_A_STEP)
    total = float(((y[1::2] - y[1::2].mean()) ** 2).sum())
    if n_steps < 2 or total == 0:
        return 0.0
    edges = np.unique(np.quantile(x, np.linspace(0, 1, n_steps + 1)[1:-1]))
    step, n_rows = np.searchsorted(edges, x, side="right"), len(edges) + 1
    counts = np.bincount(step, minlength=n_rows)
    sums = np.bincount(step, weights=target, minlength=n_rows)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), target.mean())
    left = y[1::2] - means[np.searchsorted(edges, values[1::2], side="right")]
    return 1.0 - float(left @ left) / total


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

    All pairs are tried through their correlations, a block of columns at a time: with r the
    correlations with the target and c the one between the two, they explain
    (r1² + r2² - 2 r1 r2 c) / (1 - c²). `filled` has a row for each column, and is standardised.
    """
    filled -= filled.mean(axis=1, keepdims=True)
    scale = np.sqrt(np.einsum("ij,ij->i", filled, filled) / len(y))
    usable = np.flatnonzero(scale > 0)
    if len(usable) < 2 or y.std() == 0:
        return None
    standard = filled if len(usable) == len(filled) else filled[usable]
    standard /= scale[usable][:, None]
    with_target = standard @ ((y - y.mean()) / y.std()) / len(y)
    size = max(MOST_PAIRS // len(usable), 1)
    blocks = [
        _best_in(slice(start, start + size), standard, with_target)
        for start in range(0, len(usable), size)
    ]
    _, first, second = max(blocks, key=lambda block: block[0])
    a, b = sorted((int(usable[first]), int(usable[second])))
    share = explained_share(standard[[first, second]].T, y)
    return (a, b, share) if share >= TOGETHER else None


def _best_in(block: slice, standard: Array, with_target: Array) -> tuple[float, int, int]:
    """Return what the best pair of a column in a block and one from there on explains, and the pair."""
    one, other = with_target[block, None], with_target[block.start :]
    between = standard[block] @ standard[block.start :].T / standard.shape[1]
    top = one**2 + other**2 - 2 * one * other * between
    bottom = np.maximum(1.0 - between**2, 1e-9)
    shares = np.where(bottom > 1e-6, top / bottom, 0.0)
    np.fill_diagonal(shares, 0.0)
    i, j = np.unravel_index(int(shares.argmax()), shares.shape)
    return float(shares[i, j]), block.start + int(i), block.start + int(j)


def _leaks_of_classes(design: Dataset, rows: Array, y: Array) -> tuple[Finding, ...]:
    errors = len(y) - int(np.bincount(y).max())
    if errors < FEWEST_ROWS or 2 * len(np.unique(y)) > len(y):
        return ()
    numbers = zip(design.number_names, design.number_columns(rows), strict=True)
    named = [(name, _by_intervals(values, y)) for name, values in numbers]
    named += [
        (column.name, _by_category(design.values[column.name][rows], y))
        for column in design.category_columns
    ]
    return tuple(
        _finding(
            (name,),
            f"column {name!r} alone tells {right / len(y):.1%} of the rows' classes, which "
            f"removes {1 - (len(y) - right) / errors:.1%} of the errors of guessing the commonest",
        )
        for name, right in named
        if 1 - (len(y) - right) / errors >= OF_CLASSES
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


def _find(seen: Seen) -> tuple[Finding, ...]:
    return find_leaks(seen.problem) if seen.problem is not None else ()


CHECK = Check(
    code="leak",
    title="columns that give the answer away",
    severity="alarm",
    look=_find,
    needs_target=True,
)
