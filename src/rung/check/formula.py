"""Ask whether a formula gives a column exactly, in nearly all rows, to its printed precision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.typing import Array

FEWEST_ROWS = 30
FEWEST_KNOWN = 0.05
SHARE = 0.99
MOST_DECIMALS = 10
# Printed precision counts as exact where it is so small beside the spread of the column.
FINE = 0.02
EXACT = 1e-6
TRIMS = 6
SMALL_PART = 1e-4
SNAP = 0.03


@dataclass(frozen=True)
class Identity:
    """State that a column is computed from others.

    Attributes
    ----------
    sources : tuple of int
        Positions of the columns that it is computed from.
    formula : str
        With a place, such as {0}, for the name of each source.
    share : float
        Share of the rows that it holds in, to the printed precision.
    """

    sources: tuple[int, ...]
    formula: str
    share: float


def half_unit(values: Array) -> float:
    """Return half the last printed decimal place of a column; 0 where it has more than ten.

    Examples
    --------
    >>> half_unit(np.array([1.25, 2.5, 3.0])), half_unit(np.array([1.0, 7.0]))
    (0.005, 0.5)
    """
    known = values[np.isfinite(values)][:1_000]
    for decimals in range(MOST_DECIMALS + 1):
        scaled = known * 10.0**decimals
        slack = 1e-6 + 1e-12 * np.abs(scaled)
        if len(known) and np.mean(np.abs(scaled - np.round(scaled)) <= slack) >= SHARE:
            return 0.5 * 10.0**-decimals
    return 0.0


def share_within(y: Array, columns: Array, halves: Sequence[float]) -> tuple[float, Array]:
    """Return the share of the rows that one linear formula gives exactly, and its coefficients.

    Parameters
    ----------
    y : ndarray, shape (n_rows,)
        What is computed.
    columns : ndarray, shape (n_rows, n_columns)
        What from; no missing values.
    halves : sequence of float
        Half of the last printed place of y, then of each column.

    Returns
    -------
    share : float
        In rows that the residual of a trimmed fit keeps within rounding.
    coefficients : ndarray, shape (n_columns + 1,)
        The last is the intercept.

    Examples
    --------
    >>> x = np.arange(100.0)
    >>> y = np.where(x == 7, 1e9, 2 * x + 1)
    >>> share, coefficients = share_within(y, x[:, None], (0.5, 0.5))
    >>> share, coefficients.round(6).tolist()
    (0.99, [2.0, 1.0])
    """
    centre, scale = np.median(columns, axis=0), spread_of(columns)
    spread_y = float(spread_of(y[:, None])[0])
    wide = np.column_stack([(columns - centre) / scale, np.ones(len(y))])
    if not (np.isfinite(wide).all() and np.isfinite(y).all()):  # too large to be squared
        return 0.0, np.zeros(wide.shape[1])
    near = near_of(np.column_stack([y, columns]))  # an absurd cell would rule the fit
    kept: Array = np.logical_and.reduce(near, axis=1)
    if kept.sum() < len(y) / 2:
        kept[:] = True
    weights = np.zeros(wide.shape[1])
    for _ in range(TRIMS):
        weights = np.linalg.lstsq(wide[kept], y[kept], rcond=None)[0]
        left = np.abs(y - wide @ weights)
        kept = np.asarray(left <= max(float(np.quantile(left, 0.5)) * 4, EXACT * spread_y))
    slopes = weights[:-1] / scale
    printed = halves[0] + float(np.abs(slopes) @ np.asarray(halves[1:]))
    allowed = 1.01 * printed if printed <= FINE * spread_y else 0.0
    allowed += EXACT * spread_y
    intercept = weights[-1] - float(slopes @ centre)
    return float(np.mean(left <= allowed)), np.append(slopes, intercept)


def linear_share(y: Array, x: Array) -> float:
    """Return the share of the rows where y is a straight line of x, to a millionth of its spread.

    Examples
    --------
    >>> linear_share(np.arange(50.0), 3 * np.arange(50.0) + 1)
    1.0
    """
    known = np.isfinite(y) & np.isfinite(x)
    if not is_enough(known) or is_flat(x[known]):
        return 0.0
    return share_within(y[known], x[known, None], (0.0, 0.0))[0]


def spread_of(columns: Array) -> Array:
    """Return the range of the inner eight tenths of each column, else its deviation; never 0."""
    low, high = np.quantile(columns, [0.1, 0.9], axis=0)
    spread = np.where(high > low, high - low, columns.std(axis=0))
    return np.asarray(np.where(spread > 0, spread, 1.0))


def is_flat(y: Array) -> bool:
    """Tell whether a column holds one value nearly everywhere."""
    known = y[np.isfinite(y)]
    return bool(np.mean(known == np.median(known)) > 0.9)


def is_enough(known: Array) -> bool:
    """Tell whether enough rows are known to believe a formula: 30, and a twentieth of all."""
    return bool(known.sum() >= max(FEWEST_ROWS, FEWEST_KNOWN * len(known)))


def share_of(
    y: Array, x: Array, logs: tuple[bool, bool], halves: Sequence[float]
) -> tuple[float, Array]:
    """Return the share of exact rows of a formula in numbers or in their logarithms."""
    nothing = np.zeros(x.shape[1] + 1)
    if (logs[0] and not has_one_sign(y)) or (logs[1] and not all(map(has_one_sign, x.T))):
        return 0.0, nothing
    wide, top = logs_of(x, logs[1]), logs_of(y, logs[0])
    ok = np.isfinite(wide).all(axis=1) & np.isfinite(top)
    if not is_enough(ok):
        return 0.0, nothing
    sizes = [float(np.median(np.abs(one[ok]))) for one in (y, *x.T)]
    are_logs = (logs[0], *[logs[1]] * x.shape[1])
    relative = [
        half / max(size, 1e-300) if is_log else half
        for half, size, is_log in zip(halves, sizes, are_logs, strict=True)
    ]
    share, at = share_within(top[ok], wide[ok], relative)
    return _share_of_product(y, x, at, halves) if logs[0] and logs[1] else (share, at)


def _share_of_product(
    y: Array, x: Array, at: Array, halves: Sequence[float]
) -> tuple[float, Array]:
    """Return the share of rows that a product of powers gives exactly, in the unit of y.

    Powers near a half or a whole number are that: rounding disturbs logarithms of small numbers.
    """
    snapped = np.round(2 * at[:-1]) / 2
    powers = np.where(np.abs(snapped - at[:-1]) <= SNAP, snapped, at[:-1])
    with np.errstate(all="ignore"):
        product = (np.abs(x) ** powers).prod(axis=1)
        rounding = (np.abs(powers) * np.asarray(halves[1:]) / np.abs(x)).sum(axis=1)
    known = np.isfinite(product) & np.isfinite(rounding) & (product > 0)
    if not is_enough(known):
        return 0.0, at
    size = np.abs(y[known])
    upper = size >= np.median(size)  # where rounding matters least
    factor = float(np.median(size[upper] / product[known][upper]))
    given = factor * product[known]
    spread = float(spread_of(y[:, None])[0])
    printed = halves[0] + given * rounding[known]
    allowed = np.where(printed <= FINE * np.maximum(spread, given), 1.01 * printed, 0.0)
    share = float(
        np.mean(np.abs(size - given) <= allowed + EXACT * np.maximum(given, 1e-3 * spread))
    )
    return share, np.append(powers, np.log(factor))


def logs_of(values: Array, is_wanted: bool) -> Array:
    """Return logarithms of sizes where they are wanted, else the values; -inf for zero."""
    if not is_wanted:
        return values
    with np.errstate(all="ignore"):
        return np.asarray(np.log(np.abs(values)))


def has_one_sign(values: Array) -> bool:
    """Tell whether nearly all values but zeros have one sign, so that logarithms make sense."""
    known = values[np.isfinite(values) & (values != 0)]
    return len(known) > 0 and max(float(np.mean(known > 0)), float(np.mean(known < 0))) >= SHARE


def needs_all(y: Array, x: Array, at: Array, *, logs: bool) -> bool:
    """Tell whether every part of a formula moves what it gives."""
    wide, top = logs_of(x, logs), logs_of(y, logs)
    ok = np.isfinite(wide).all(axis=1) & np.isfinite(top)
    parts = np.abs(at[:-1]) * spread_of(wide[ok])
    return bool((parts > SMALL_PART * spread_of(top[ok][:, None])).all())


def near_of(columns: Array) -> Array:
    """Tell which values are known and not far beyond the inner ninety per cent of their column."""
    near = np.isfinite(columns)
    for one, is_near in zip(columns.T, near.T, strict=True):
        if is_near.any():
            low, high = np.quantile(one[is_near], [0.05, 0.95])
            reach = 3 * (high - low)
            if reach > 0:
                is_near &= (one >= low - reach) & (one <= high + reach)
    return near


def filled(columns: Array) -> Array:
    """Return columns with their means where cells are missing."""
    known = np.isfinite(columns)
    means = np.where(known, columns, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.where(known, columns, means)


def written(at: Array, logs_y: bool, logs_x: bool) -> str:
    """Write a formula with a place for each name.

    Examples
    --------
    >>> written(np.array([1.0, -2.0, 3.0]), False, False)
    '{0} - 2·{1} + 3'
    >>> written(np.array([1.0, -1.0, 0.0]), True, True)
    '{0}·{1}^-1'
    """
    if logs_y and logs_x:
        factor = float(np.exp(at[-1]))
        first = "" if abs(factor - 1) < 5e-4 else f"{factor:.3g}·"
        return first + "·".join(
            f"{{{i}}}" + ("" if abs(power - 1) < 5e-4 else f"^{power:.3g}")
            for i, power in enumerate(at[:-1])
        )
    terms = [(f"log {{{i}}}" if logs_x else f"{{{i}}}", one) for i, one in enumerate(at[:-1])]
    largest = float(np.abs(at[:-1]).max())
    text = "".join(_term(place, one, is_first=i == 0) for i, (place, one) in enumerate(terms))
    if abs(at[-1]) > 2e-4 * largest:
        text += f" {'-' if at[-1] < 0 else '+'} {abs(at[-1]):.3g}"
    return f"exp({text})" if logs_y else text


def _term(place: str, factor: float, *, is_first: bool) -> str:
    sign = "-" if factor < 0 else "" if is_first else "+"
    size = "" if abs(abs(factor) - 1) < 5e-4 else f"{abs(factor):.3g}·"
    return f"{sign}{size}{place}" if is_first else f" {sign} {size}{place}"
