"""Find rows in order of time or of acquisition, where neighbours are alike.

Three orders are looked at: columns of dates, columns of numbers that are called as a time, and the
order of the file. A file that was sorted by its target or by a feature is in no order of its own:
what follows from the sorting is set aside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from shlex import quote

import numpy as np

from rung.check import SEVERITIES, Check, Seen
from rung.check.entities import find_entities
from rung.check.maps import grids, named_maps
from rung.check.names import is_part_name, is_time_name
from rung.check.price import MOST_ROWS, N_FOLDS, Price, Sheet, make_sheet, measure, share
from rung.core.dataset import Dataset
from rung.core.family import Problem
from rung.core.findings import Finding, Severity
from rung.core.lag import Likeness, is_sorted, local_likeness, neighbour_correlation
from rung.core.likeness import least_squares_residual, standard_ranks
from rung.typing import Array

FEWEST_ROWS = 60
# Blocks of neighbouring rows; two of them, half the table apart, make a fold.
N_BLOCKS = 10
CERTAIN = 4.5
ALIKE = 0.1
# A column of few values is no sign that neighbours are alike: tables are sorted by those.
FEWEST_VALUES = 20
# Features that must be alike next to each other, where the target tells nothing.
ALIKE_FEATURES = 0.3
# How alike neighbours in a file without times must be: the target, and the share of features.
HARDLY, STRONGLY = 0.15, 0.5
# Rows that go from thing to thing: runs of equal values for each of them.
RUNS = 1.5
# A long table is looked at in stretches.
STRETCHES, STRETCH = 30, MOST_ROWS // 30
FILE = "the order of the file"


@dataclass(frozen=True)
class Order:
    """One order of the training rows.

    Attributes
    ----------
    name : str
        Column that it follows; empty for the order of the file.
    rows : ndarray of int, shape (n_rows,)
        Training rows, in this order.
    is_time, is_date : bool
        Whether the column says by its name that it is a time; whether it holds dates.
    has_clock : bool
        Of the file: whether it has a column of a time, or of a part of one.
    """

    name: str
    rows: Array
    is_time: bool = False
    is_date: bool = False
    has_clock: bool = False


@dataclass(frozen=True)
class OrderEvidence:
    """What neighbours in an order show: likeness in target, residuals and features, and its price."""

    order: Order
    target: Likeness
    residual: Likeness
    features: float
    price: Price | None

    @property
    def share(self) -> float:
        """Correlation of neighbours: of the target, or of what a line leaves of it."""
        return max(self.target, self.residual, key=_z).share

    @property
    def is_alike(self) -> bool:
        """Whether neighbours are alike beyond doubt."""
        best = max(self.target, self.residual, key=_z)
        return (best.z > CERTAIN and best.share > ALIKE) or self.features >= ALIKE_FEATURES

    @property
    def severity(self) -> Severity | None:
        """How grave it is; None where there is nothing to say.

        A file alone, without any column of a time, may be sorted in ways that nobody states: its
        order is believed where target and features are alike and the price is certain.
        """
        order, matters = self.order, self.price is not None and self.price.matters
        if order.is_time or order.has_clock:
            if not self.is_alike:
                return "info" if order.is_date else None
            if matters:
                return "alarm"
            return "warning" if self.price is None or not self.price.is_nothing else "info"
        price = self.price
        if price is None or not matters or self.share < HARDLY or self.features < STRONGLY:
            return None
        if price.low > 0:
            return "alarm"
        return "warning" if price.z > CERTAIN else None


def find_order(
    problem: Problem, target: str, place: Array | None = None, seed: int = 0
) -> tuple[Finding, ...]:
    """Find orders in which neighbouring rows are alike, and the price of not respecting them.

    Parameters
    ----------
    problem : Problem
        Training rows.
    target : str
        Name of the target.
    place : ndarray of int, shape (n_rows,), optional
        Where each row stands in the file.
    seed : int
        Of the folds.

    Returns
    -------
    tuple of Finding
        Code `time`: at most one; the dearest order.
    """
    design = problem.design
    assert isinstance(design, Dataset)
    if design.n_rows < FEWEST_ROWS:
        return ()
    orders = [one for one in _orders(design, target, place) if len(one.rows) >= FEWEST_ROWS]
    if not orders:
        return ()
    sheet = make_sheet(problem)
    found = [_look(order, sheet, design, seed) for order in orders]
    told = [one for one in found if one.severity is not None]
    best = min(told, key=lambda one: SEVERITIES.index(one.severity), default=None)
    return () if best is None else (_finding(best, design, place),)


def _orders(design: Dataset, target: str, place: Array | None) -> Iterator[Order]:
    for column in design.columns:
        is_date = column.kind == "datetime"
        if column.name == target or column.is_coded or column.role == "weight":
            continue
        values = design.values[column.name]
        known = np.flatnonzero(np.isfinite(values))
        if (is_date or is_time_name(column.name)) and len(np.unique(values[known])) >= N_BLOCKS:
            tie = values[known] if place is None else place[known]
            rows = known[np.lexsort((tie, values[known]))]
            yield Order(column.name, rows, is_time=True, is_date=is_date)
    if place is not None:
        order = np.argsort(place, kind="stable")
        if not _is_sorted_by_things(design, target, order):
            yield Order("", order, has_clock=_has_clock(design))


def _has_clock(design: Dataset) -> bool:
    """Tell whether a column holds a date, a time or a part of one."""
    return any(
        column.kind == "datetime" or is_time_name(column.name) or is_part_name(column.name)
        for column in design.columns
    )


def _is_sorted_by_things(design: Dataset, target: str, order: Array) -> bool:
    """Tell whether the file goes from subject to subject, or from place to place."""
    maps = chain(named_maps(design, target), grids(design, target))
    if next(maps, None) is not None:
        return True
    for entity in filter(lambda one: one.is_possible, find_entities(design, target)):
        codes = entity.codes[order]
        n_runs = int((np.diff(codes) != 0).sum()) + 1
        told = entity.is_named or entity.is_code or (not entity.is_number and entity.n_groups > 1)
        if told and n_runs <= RUNS * entity.n_groups and 2 * n_runs <= len(codes):
            return True
    return False


def _look(order: Order, sheet: Sheet, design: Dataset, seed: int) -> OrderEvidence:
    """Measure the likeness of neighbours, and its price where there is any or time is at stake."""
    rows = order.rows
    y, ranks = sheet.y[rows], standard_ranks(sheet.X)[rows]
    nothing = OrderEvidence(order, Likeness(0.0, 0.0), Likeness(0.0, 0.0), 0.0, None)
    if not order.is_time and any(is_sorted(y[:, j]) for j in range(y.shape[1])):
        return nothing
    keys = _keys(order, sheet, design)
    kept = [j for j, name in enumerate(sheet.owner) if name not in keys]
    measured = neighbour_correlation if order.is_date else local_likeness
    columns = list(y.T)
    residual = max(
        (measured(least_squares_residual(one, ranks[:, kept])) for one in columns), key=_z
    )
    in_target = max((measured(one) for one in columns), key=_z)
    if keys and not order.is_time:
        in_target = residual
    alike = OrderEvidence(order, in_target, residual, _alike_features(sheet.X[rows][:, kept]), None)
    if not alike.is_alike and not order.is_date:
        return alike
    price = _price(order, sheet, seed)
    return OrderEvidence(order, in_target, residual, alike.features, price)


def _z(one: Likeness) -> float:
    return one.z


def _keys(order: Order, sheet: Sheet, design: Dataset) -> set[str]:
    """Return features that the rows are sorted by, other than a time."""
    if order.is_time:
        return {order.name}
    names = dict(zip(sheet.owner, sheet.X[order.rows].T, strict=True))
    return {
        name
        for name, values in names.items()
        if design.column(name).kind != "datetime" and not is_time_name(name) and is_sorted(values)
    }


def _alike_features(X: Array) -> float:
    """Return the share of features of many values whose neighbours are alike by themselves."""
    alike, counted = 0, 0
    for values in X.T:
        known = values[np.isfinite(values)]
        if len(known) < FEWEST_ROWS or len(np.unique(known)) < FEWEST_VALUES:
            continue
        counted += 1
        if not is_sorted(known):
            found = local_likeness(np.argsort(np.argsort(known, kind="stable")).astype(float))
            alike += found.z > CERTAIN and found.share > 2 * ALIKE
    return alike / counted if counted else 0.0


def _price(order: Order, sheet: Sheet, seed: int) -> Price:
    """Measure what random folds flatter by, against blocks of neighbours."""
    n_rows = len(order.rows)
    n_blocks = N_BLOCKS if n_rows <= MOST_ROWS else STRETCHES
    block = np.arange(n_rows) * n_blocks // n_rows
    first = np.searchsorted(block, np.arange(n_blocks))
    longest = n_rows if n_rows <= MOST_ROWS else STRETCH
    kept = np.flatnonzero(np.arange(n_rows) - first[block] < longest)
    block = block[kept]
    sample = sheet.take(order.rows[kept])
    return measure(sample, lambda again: (block + again) % N_FOLDS, block, seed=seed)


def _finding(best: OrderEvidence, design: Dataset, place: Array | None) -> Finding:
    order, price = best.order, best.price
    assert price is not None
    where = f"column {order.name!r}" if order.name else FILE
    alike = "alike" if best.is_alike else "not alike"
    message = (
        f"rows that follow each other in {where} are {alike}: correlation {share(best.share)} of "
        f"the target or of what a line leaves of it, and {share(best.features)} of the features "
        f"are alike; {price.weigh()}"
    )
    columns = (order.name,) if order.name else ()
    severity = best.severity
    assert severity is not None
    return Finding("time", severity, columns, message, _remedy(order, design, place))


def _remedy(order: Order, design: Dataset, place: Array | None) -> str:
    if order.name:
        return f"if new rows will be later ones, use --time {quote(order.name)}"
    name = _counter(design, place)
    if name:
        return f"if new rows will be later ones, use --time {quote(name)}"
    return "if new rows will be later ones, add a column with their time, and use --time with it"


def _counter(design: Dataset, place: Array | None) -> str:
    """Return a column of numbers that rises along the file; empty where there is none."""
    if place is None:
        return ""
    order = np.argsort(place, kind="stable")
    for column in design.columns:
        values = design.values[column.name]
        if not column.is_coded and column.role in ("identifier", "feature"):
            steps = np.diff(values[order])
            if np.isfinite(steps).all() and (steps >= 0).all() and (steps > 0).mean() > 0.5:
                return column.name
    return ""


def _find(seen: Seen) -> tuple[Finding, ...]:
    if seen.problem is None or any(column.role == "time" for column in seen.dataset.columns):
        return ()
    return find_order(seen.problem, seen.target, seen.place, seen.seed)


CHECK = Check(
    code="time",
    title="rows in order of time or of acquisition",
    severity="alarm",
    source="Bergmeir & Benítez (2012), Information Sciences 191",
    remedy="predict later rows from earlier ones with --time COL",
    look=_find,
    needs_target=True,
)
