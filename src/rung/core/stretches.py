"""Cut time into stretches: folds that learn from the past only, and units of the error bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rung.core.buffered import FEWEST_TRAINING_ROWS, not_empty
from rung.core.folds import Folds, Split, time_folds
from rung.errors import DataError
from rung.typing import Array

FEWEST_TIMES = 6
# Parts that a rolling training stretch is cut into; all but the first choose settings.
ROLLING_PARTS = 4
# Stretches that errors are averaged over before they count as one observation.
WANTED_STRETCHES = 30


@dataclass(frozen=True)
class Reach:
    """How far training rows may lie before what is held out, in the unit of the times.

    Attributes
    ----------
    gap : float
        Rows nearer to the held-out stretch than this leave the training set.
    rolling : float
        Rows further from it than this do; infinite where the window expands.
    """

    gap: float = 0.0
    rolling: float = math.inf

    def __post_init__(self) -> None:
        if not (math.isfinite(self.gap) and self.gap >= 0 and self.rolling > self.gap):
            raise DataError(
                f"a gap of {self.gap:g} and a rolling window of {self.rolling:g} leave nothing to "
                "train on; a gap of at least 0 and a longer window do",
                "give a smaller --gap or a larger --rolling",
            )


def divide_time(times: Array, n_folds: int, reach: Reach | None = None) -> Folds:
    """Cut distinct times into k + 1 windows; each but the first is held out once.

    Parameters
    ----------
    times : ndarray, shape (n_rows,)
        Time of each row.
    n_folds : int
        Folds wanted; fewer where there are too few times.
    reach : Reach, optional
        Gap and length of the training stretch; none for all that lies before.

    Raises
    ------
    DataError
        If there are too few times, or too few rows are left to train on.

    Examples
    --------
    >>> folds = divide_time(np.arange(120.0), 5, Reach(gap=4.0, rolling=30.0))
    >>> [(int(s.train[0]), int(s.train[-1]), int(s.test[0])) for s in folds.splits[:2]]
    [(0, 16, 20), (10, 36, 40)]
    """
    distinct, place = np.unique(times, return_inverse=True)
    n_folds = min(n_folds, len(distinct) // 2 - 1)
    if n_folds < 2:
        raise DataError(
            f"the time column has {len(distinct)} distinct times; folds by time need "
            f"{FEWEST_TIMES}",
            "declare a finer time column",
        )
    n_windows = 2 * (n_folds + 1)
    window = np.arange(len(distinct)) * n_windows // len(distinct)
    if reach is None or reach == Reach():
        return time_folds(window[place.ravel()])
    starts = distinct[np.searchsorted(window, np.arange(n_windows))]
    return _reaching(np.asarray(times, float), distinct, starts, reach)


def _reaching(times: Array, distinct: Array, starts: Array, reach: Reach) -> Folds:
    """Make time folds of half windows that begin at `starts`, with a gap or a rolling stretch."""
    begins = [*starts[2::2], math.inf]
    parts = [_inner_parts(distinct, starts, begin, reach) for begin in begins]
    inside = {*starts[1:].tolist(), *(cut for own in parts for cut in own[:-1])}
    cuts = inside | {_latest(begin, reach) for begin in inside}
    cuts |= {_oldest(distinct, begin, reach) for begin in begins}
    edges = np.array([-math.inf, *sorted(cut for cut in cuts if math.isfinite(cut)), math.inf])
    numbers, atom = np.unique(np.searchsorted(edges, times, side="right") - 1, return_inverse=True)
    low, high = edges[numbers], edges[numbers + 1]

    def between(first: float, last: float) -> Array:
        mask: Array = (low >= first) & (high <= last)
        return mask

    train = [between(_oldest(distinct, begin, reach), _latest(begin, reach)) for begin in begins]
    held = [between(a, b) for a, b in pairwise(begins)]
    inner = tuple(
        not_empty(
            (own & between(-math.inf, _latest(a, reach)), own & between(a, b))
            for a, b in zip(cuts_of[-2::-1], cuts_of[:0:-1], strict=True)
        )
        for own, cuts_of in zip(train, parts, strict=True)
    )
    atom = atom.ravel()
    splits = tuple(
        Split(np.flatnonzero(a[atom]), np.flatnonzero(b[atom]))
        for a, b in zip(train[:-1], held, strict=True)
    )
    _check(splits, inner, reach)
    return Folds(splits, atom, np.array(train[:-1]), inner, "time", train[-1])


def _latest(begin: float, reach: Reach) -> float:
    """Return the time before which rows train for a stretch; those exactly a gap away do."""
    if reach.gap == 0 or math.isinf(begin):
        return begin
    return float(np.nextafter(begin - reach.gap, math.inf))


def is_too_near(times: Array, begin: float, reach: Reach) -> Array:
    """Tell which rows lie before a held-out stretch, and nearer to it than the gap."""
    found: Array = (times >= _latest(begin, reach)) & (times < begin)
    return found


def _oldest(distinct: Array, begin: float, reach: Reach) -> float:
    """Return the time from which rows train for a stretch; all data end at their last time."""
    return float(min(begin, distinct[-1]) - reach.rolling)


def _inner_parts(distinct: Array, starts: Array, begin: float, reach: Reach) -> list[float]:
    """Return where the parts begin that choose settings in a training stretch, and its end.

    They are the half windows after the first; of a rolling stretch, quarters of its times.
    """
    end = _latest(begin, reach)
    if math.isinf(reach.rolling):
        return [*(float(s) for s in starts[1:] if s < end), end]
    oldest = _oldest(distinct, begin, reach)
    own = distinct[(distinct >= oldest) & (distinct < end)]
    firsts = len(own) * np.arange(1, ROLLING_PARTS) // ROLLING_PARTS
    return [*(float(t) for t in np.unique(own[firsts[firsts > 0]])), end]


def _check(splits: Sequence[Split], inner: Sequence[Sequence[object]], reach: Reach) -> None:
    fewest = min(len(split.train) for split in splits)
    if fewest >= FEWEST_TRAINING_ROWS and all(inner):
        return
    raise DataError(
        f"a gap of {reach.gap:g} and a rolling window of {reach.rolling:g} leave {fewest} rows to "
        f"train on in some fold, or none to choose settings on; {FEWEST_TRAINING_ROWS} are the "
        "fewest",
        "give a smaller --gap, a larger --rolling, or fewer --folds",
    )


def cut_stretches(times: Array, groups: Sequence[Array], wanted: int = WANTED_STRETCHES) -> Array:
    """Cut rows into stretches of time that count as one observation each.

    Parameters
    ----------
    times : ndarray, shape (n_rows,)
        Time of each row.
    groups : sequence of ndarray of int
        Rows that are cut for themselves, each a stretch of time: the held-out rows of each fold.
    wanted : int
        Stretches wanted in all; each group has its share, and no more than distinct times.

    Returns
    -------
    ndarray of int, shape (n_rows,)
        Stretch of each row, in the order of time; -1 for rows of no group.

    Examples
    --------
    >>> cut_stretches(np.array([1.0, 1.0, 2.0, 3.0, 4.0]), [np.arange(5)], wanted=2).tolist()
    [0, 0, 0, 1, 1]
    """
    found = np.full(len(times), -1, dtype=np.int64)
    share, number = math.ceil(wanted / max(len(groups), 1)), 0
    for rows in sorted(groups, key=lambda rows: float(times[rows].min())):
        distinct, place = np.unique(times[rows], return_inverse=True)
        n_parts = min(share, len(distinct))
        found[rows] = number + place.ravel() * n_parts // len(distinct)
        number += n_parts
    return found
