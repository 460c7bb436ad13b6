"""Carry the sums of parts to the shift and scale of one training set, and solve it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.gram.expanded import FEW, ExpandedSums, Expansion, Part
from rung.gram.grid import Grid, Solutions, condition_number, solve_grid
from rung.gram.monomials import Monomials
from rung.gram.ridge import GramMoments
from rung.gram.sums import LevelIndex
from rung.prep.levels import KeptLevels
from rung.typing import Array

Own = Sequence[tuple[Part, ExpandedSums]]


@dataclass(frozen=True)
class Frame:
    """Hold what all training sets share: monomials, level columns, settings to try."""

    terms: Monomials
    index: LevelIndex
    grid: Grid


@dataclass(frozen=True)
class ShiftedSolutions:
    """Hold the solutions of one training set, and their losses on its inner test sets.

    Attributes
    ----------
    expansion : Expansion
        Columns in use.
    solutions : Solutions
        Coefficients for every degree and penalty.
    losses : ndarray, shape (n_tests, n_degrees * n_penalties + 1)
        Sums of weighted squared errors; at the end the sum of weights.
    low, high : float
        Range of the target.
    conditions : ndarray, shape (n_degrees,) or (0,)
        Condition numbers, where they were asked for; else none.
    """

    expansion: Expansion
    solutions: Solutions
    losses: Array
    low: float
    high: float
    conditions: Array


def first_present(parts: Sequence[Part]) -> Array:
    """Return what missing cells count as: the median of the first part that has any value."""
    fill = np.zeros(len(parts[0].present))
    for part in reversed(parts):
        fill = np.where(part.present, part.basis.shift, fill)
    return fill


def expansion_of(
    own: Own, terms: Monomials, filling: Array, *, kept: tuple[KeptLevels, ...]
) -> Expansion | None:
    """Return the columns of a training set, given its parts; None if all its weights are zero."""
    weighty = [(part, sums) for part, sums in own if sums.moments[0] > 0]
    if not weighty:
        return None
    mean, spread = _means_and_spreads(weighty, terms)
    missing = np.any([part.missing for part, _ in own], axis=0)
    y_mean, y_spread = _target(weighty)
    total = sum(float(sums.moments[0]) for _, sums in own)
    gaps = np.zeros(terms.n_numbers)
    for _, sums in own:
        if len(sums.side) > 1:
            gaps += sums.cross[1:, 0]
    return Expansion(
        np.where(missing, filling, mean),
        spread,
        y_mean,
        y_spread,
        (gaps > 0) & (total - gaps > 0),
        kept,
        _wanted(own, terms, filling, spread=spread),
    )


def _pool(weight: Array, middle: Array, inside: Array) -> tuple[Array, Array]:
    """Return mean and standard deviation of parts put together; shapes (n_parts, ...)."""
    share = weight / weight.sum()
    mean = np.einsum("k,k...->...", share, middle)
    variance = np.einsum("k,k...->...", share, inside + (middle - mean) ** 2)
    return mean, np.sqrt(variance)


def _in_one_unit(shift: Array, scale: Array) -> tuple[Array, Array, Array]:
    """Return offsets and scales relative to the widest part, whose unit cannot overflow."""
    unit = scale.max(axis=0)
    with np.errstate(over="ignore"):
        offset = np.clip((shift - shift[0]) / unit, -1e100, 1e100)
    return offset, scale / unit, unit


def _means_and_spreads(own: Own, terms: Monomials) -> tuple[Array, Array]:
    """Return mean and standard deviation of each number; 0 where it does not vary."""
    n = terms.n_numbers
    weight = np.array([sums.moments[0] for _, sums in own])
    first = np.array([sums.moments[1 : n + 1] for _, sums in own]) / weight[:, None]
    squares = terms.pairs[np.arange(1, n + 1), np.arange(1, n + 1)]
    second = np.array([sums.moments[squares] for _, sums in own]) / weight[:, None]
    shift = np.array([part.basis.shift for part, _ in own])
    offset, scale, unit = _in_one_unit(shift, np.array([part.basis.scale for part, _ in own]))
    inside = np.maximum(second - first**2, 0.0) * scale**2
    mean, spread = _pool(weight, offset + scale * first, inside)
    with np.errstate(over="ignore", invalid="ignore"):
        spread = spread * unit
        mean = shift[0] + mean * unit
    usable = np.isfinite(spread) & np.isfinite(mean) & (spread > np.finfo(float).tiny)
    return np.where(usable, mean, 0.0), np.where(usable, spread, 0.0)


def _target(own: Own) -> tuple[float, float]:
    weight = np.array([sums.moments[0] for _, sums in own])
    first = np.array([sums.cross[0, 0] for _, sums in own]) / weight
    second = np.array([sums.side[0, 0] for _, sums in own]) / weight
    shift = np.array([part.basis.y_shift for part, _ in own])
    offset, scale, unit = _in_one_unit(shift, np.array([part.basis.y_scale for part, _ in own]))
    inside = np.maximum(second - first**2, 0.0) * scale**2
    mean, spread = _pool(weight, offset + scale * first, inside)
    y_spread = float(spread * unit)
    usable = np.finfo(float).tiny < y_spread < np.inf
    return float(shift[0] + mean * unit), y_spread if usable else 1.0


def _wanted(own: Own, terms: Monomials, filling: Array, *, spread: Array) -> Array:
    """Return the monomials in use: powers of a number stay below its count of values."""
    highest = np.zeros(terms.n_numbers, dtype=int)
    missing = np.any([part.missing for part, _ in own], axis=0)
    for j in np.flatnonzero(spread > 0):
        values = np.concatenate([part.values[j] for part, _ in own])
        found = np.unique(values[~np.isnan(values)])
        if missing[j]:
            found = np.union1d(found, filling[j])
        is_rich = len(found) > FEW or np.isinf(found).any()
        highest[j] = terms.degree if is_rich else len(found) - 1
    power = np.stack([(terms.terms == j).sum(axis=1) for j in range(terms.n_numbers)], axis=1)
    wanted = (power <= highest).all(axis=1) & (power.sum(axis=1) > 0)
    return np.asarray(wanted)


def solve_set(
    own: Own, tests: Sequence[Own], frame: Frame, *, expansion: Expansion, with_conditions: bool
) -> ShiftedSolutions:
    """Solve one training set for every degree and penalty, and score it on inner test sets."""
    terms, index, grid = frame.terms, frame.index, frame.grid
    widths = expansion.widths(terms)[np.array(grid.degrees) - 1]
    size = 2 + expansion.n_plain + int(expansion.wanted.sum())
    whole = np.zeros((size, size))
    for part, sums in own:
        used, turn = expansion.turn(terms, part.basis, index)
        half = np.asarray(turn @ sums.whole(terms, used))
        whole += np.asarray(turn @ np.ascontiguousarray(half.T))
    solutions = solve_grid(GramMoments(whole), widths.tolist(), grid)
    residuals = solutions.residuals()
    losses = [_losses(test, frame, expansion, residuals=residuals) for test in tests]
    asked = widths if with_conditions else widths[:0]
    conditions = [condition_number(GramMoments(whole), int(width)) for width in asked]
    return ShiftedSolutions(
        expansion,
        solutions,
        np.array(losses).reshape(len(tests), residuals.shape[1] + 1),
        min(part.low for part, _ in own),
        max(part.high for part, _ in own),
        np.array(conditions),
    )


def _losses(test: Own, frame: Frame, expansion: Expansion, *, residuals: Array) -> Array:
    """Return summed squared errors of every fit on test rows, then the sum of weights."""
    terms, index = frame.terms, frame.index
    total = np.zeros(residuals.shape[1] + 1)
    for part, sums in test:
        used, turn = expansion.turn(terms, part.basis, index)
        back = np.asarray(turn.T @ residuals)
        errors = np.einsum("jp,jp->p", back, sums.whole(terms, used) @ back)
        with np.errstate(over="ignore"):
            total[:-1] += np.maximum(errors, 0.0) * np.square(expansion.y_scale)
        total[-1] += sums.moments[0]
    return total
