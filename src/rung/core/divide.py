"""Decide the folds of a run: by class, group, time or place, or as a splitter says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rung.core.buffered import buffered_folds
from rung.core.folds import Folds, deal, default_n_folds, given_folds, partition_folds
from rung.core.keys import Keys
from rung.core.placing import Placing
from rung.core.stretches import Reach, divide_time
from rung.errors import DataError, UsageError
from rung.typing import Array

FEWEST_ROWS = 10


@dataclass(frozen=True)
class FoldPlan:
    """How the user wants the training rows divided.

    Attributes
    ----------
    n_folds : int or None
        Number of folds; None for ten below 2,000 units and five from there on.
    n_repeats : int
        How often to deal anew.
    seed : int
        Seed of the hash that deals.
    reach : Reach or None
        For folds by time: how far training rows may lie before what is held out.
    placing : Placing or None
        For folds by place: where the training rows lie; their blocks are the keys.
    """

    n_folds: int | None
    n_repeats: int
    seed: int
    reach: Reach | None = None
    placing: Placing | None = None


def divide(
    keys: Keys, labels: Array | None, plan: FoldPlan, *, times: Array | None, is_grouped: bool
) -> Folds:
    """Cut the training rows into folds.

    Parameters
    ----------
    keys : Keys
        Keys of the training rows; rows of one key stay together.
    labels : ndarray of int, shape (n_rows,), or None
        Class of each row; None for regression.
    plan : FoldPlan
        Folds, repeats and seed wanted.
    times : ndarray, shape (n_rows,), or None
        Time of each row, where folds must train on the past only.
    is_grouped : bool
        Whether keys are declared groups.

    Raises
    ------
    DataError
        If there are too few rows, groups or times.
    """
    n_rows = len(keys.of_row)
    if n_rows < FEWEST_ROWS:
        raise DataError(
            f"{n_rows} rows are left to train on; {FEWEST_ROWS} are the fewest that can be "
            "cross-fitted",
            "give a table with more rows that have a target",
        )
    n_units = len(keys.distinct) if is_grouped else n_rows
    n_folds = plan.n_folds or default_n_folds(n_units)
    if times is not None:
        return divide_time(times, n_folds, plan.reach)
    n_folds = min(n_folds, len(keys.distinct))
    strata = _strata(keys, labels)
    fold = np.stack(
        [
            deal(keys.distinct, strata, keys.sizes, n_folds=n_folds, seed=plan.seed + repeat)
            for repeat in range(plan.n_repeats)
        ],
        axis=1,
    )[keys.of_row]
    place = plan.placing
    if place is not None and place.buffer > 0:
        return buffered_folds(fold, place.near, kind="space", buffer_text=place.buffer_text)
    if place is not None:
        return partition_folds(fold, kind="space", units=keys.of_row)
    kind = "grouped" if is_grouped else "random" if labels is None else "stratified"
    return partition_folds(fold, kind=kind, units=keys.of_row)


def cut_inside(folds: Folds, groups: Array) -> bool:
    """Tell whether some inner split has rows of one group on both sides.

    Parameters
    ----------
    folds : Folds
        How the rows are divided.
    groups : ndarray of int, shape (n_rows,)
        Group of each row.

    Examples
    --------
    >>> from rung.core.folds import partition_folds
    >>> groups = np.array([0, 0, 0, 1, 1, 1])
    >>> cut_inside(partition_folds(groups, units=groups), groups)
    True
    """
    inner = (pair for split in range(len(folds.splits)) for pair in folds.inner(split))
    return any(np.isin(groups[one.test], groups[one.train]).any() for one in inner)


def _strata(keys: Keys, labels: Array | None) -> Array:
    """Return the commonest class of each key (the first of equals), zeros for regression."""
    if labels is None:
        return np.zeros(len(keys.distinct), dtype=np.int64)
    counts = np.zeros((len(keys.distinct), int(labels.max()) + 1), dtype=np.int64)
    np.add.at(counts, (keys.of_row, labels), 1)
    return np.asarray(counts.argmax(axis=1))


def divide_as_given(
    splitter: Any, *, y: Array, file_order: Array, units: Array, is_grouped: bool = False
) -> Folds:
    """Cut as a scikit-learn splitter, or a list of index pairs, says.

    Parameters
    ----------
    splitter : splitter or iterable of (train, test)
        Anything with `split(X, y, groups)`, or index pairs.
    y : ndarray, shape (n_rows,)
        Target of the training rows in the run's order.
    file_order : ndarray of int, shape (n_rows,)
        Training rows in the order of the file: the splitter counts in this order.
    units : ndarray of int, shape (n_rows,)
        Rows of one unit are never cut by an inner split.
    is_grouped : bool, default False
        Whether units are declared groups, which the splitter is then told.

    Raises
    ------
    UsageError
        If it is neither, or its splits are not usable.
    """
    pairs: Iterable[Any]
    if isinstance(splitter, str) or not (hasattr(splitter, "split") or _is_iterable(splitter)):
        raise UsageError(
            f"folds={splitter!r} is not usable; a number of folds, a scikit-learn splitter or a "
            "list of (train, test) index pairs is",
            "use folds=5",
        )
    if hasattr(splitter, "split"):
        groups = (units[file_order],) if is_grouped else ()
        pairs = splitter.split(np.zeros((len(y), 1)), y[file_order], *groups)
    else:
        pairs = splitter
    in_run_order = ((file_order[train], file_order[test]) for train, test in pairs)
    return given_folds(in_run_order, len(y), units)


def _is_iterable(value: Any) -> bool:
    return isinstance(value, Iterable)
