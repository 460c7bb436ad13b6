"""Hold what expressions ask of a table, so that it can be asked of new rows again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from rung.core.dataset import Column
from rung.core.findings import Finding
from rung.data.computing import Cells, cells_of, compute
from rung.data.expressions import columns_of, parse_condition, parse_definition
from rung.typing import Array

LONGEST_SHOWN = 80


@dataclass(frozen=True)
class Expressions:
    """Hold what expressions ask of a table, and the columns that they use.

    Attributes
    ----------
    definitions : tuple of str
        Columns to make, `NAME = EXPRESSION` each; a later one may use an earlier one.
    parents : tuple of Column
        What these are made of, as it is read: numbers that stand for missing among them.
    condition : str
        What every row of training met; empty for none.
    asked : tuple of Column
        What the condition looks at, as files have it.
    """

    definitions: tuple[str, ...] = ()
    parents: tuple[Column, ...] = ()
    condition: str = ""
    asked: tuple[Column, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns that are made."""
        return tuple(parse_definition(one)[0] for one in self.definitions)

    def makers(self, name: str) -> frozenset[str]:
        """Return all columns that a column is made of, over others if need be."""
        known: dict[str, frozenset[str]] = {}
        for one in self.definitions:
            made, steps = parse_definition(one)
            known[made] = frozenset().union(
                *(known.get(used, frozenset()) | {used} for used in columns_of(steps))
            )
        return known.get(name, frozenset())

    def of(self, features: Collection[str]) -> Expressions:
        """Return what a model of these features must do again with new rows."""
        needed = set(features)
        if self.condition:
            needed |= set(columns_of(parse_condition(self.condition)))
        kept: list[str] = []
        for one in reversed(self.definitions):
            name, steps = parse_definition(one)
            if name in needed:
                needed |= set(columns_of(steps))
                kept.append(one)
        used = {name for one in kept for name in columns_of(parse_definition(one)[1])}
        parents = tuple(column for column in self.parents if column.name in used)
        return replace(self, definitions=tuple(reversed(kept)), parents=parents)

    def make(self, columns: Mapping[str, Cells], n_rows: int) -> dict[str, Cells]:
        """Return the columns that are made, of the values of their parents."""
        known, made = dict(columns), {}
        for one in self.definitions:
            name, steps = parse_definition(one)
            found = compute(one, steps, known)
            made[name] = known[name] = replace(found, values=every_row(found.values, n_rows))
        return made


NOTHING = Expressions()


def every_row(values: Array, n_rows: int) -> Array:
    """Return one value a row, where an expression is the same for all.

    Examples
    --------
    >>> every_row(np.float64(2.0), 2)
    array([2., 2.])
    """
    return np.broadcast_to(values, (n_rows,)) if np.ndim(values) == 0 else values


def shortened(source: str) -> str:
    """Quote an expression, the beginning of a long one.

    Examples
    --------
    >>> shortened("z > 1")
    "'z > 1'"
    """
    return repr(source if len(source) <= LONGEST_SHOWN else source[:LONGEST_SHOWN] + "…")


def make_again(
    expressions: Expressions,
    present: Collection[str],
    read: Callable[[Column], Array],
    tell: Callable[[Finding], None],
    *,
    n_rows: int,
) -> dict[str, Array]:
    """Make columns of new rows as training made them.

    Parameters
    ----------
    expressions : Expressions
        What training asked.
    present : collection of str
        Columns of the new table.
    read : callable
        Returns a column of it, shape (n_rows,), as training read it.
    tell : callable
        Told of columns that are not looked at.
    n_rows : int
        Rows of the new table.
    """
    for name in set(expressions.names) & set(present):
        message = f"column {name!r} of the table is not used: it is made as in training"
        tell(Finding("made_again", "warning", (name,), message, "leave it out"))
    cells = {one.name: cells_of(one, read(one)) for one in expressions.parents}
    return {name: one.values for name, one in expressions.make(cells, n_rows).items()}


def tell_outside(
    expressions: Expressions,
    present: Collection[str],
    read: Callable[[Column], Array],
    tell: Callable[[Finding], None],
    *,
    n_rows: int,
) -> None:
    """Count the new rows that do not meet what every row of training met, where that can be told.

    Parameters
    ----------
    expressions, present, read, tell, n_rows
        As for `make_again`.
    """
    if not {one.name for one in (*expressions.parents, *expressions.asked)} <= set(present):
        return
    parents = {one.name: cells_of(one, read(one)) for one in expressions.parents}
    asked = {one.name: cells_of(one, read(one)) for one in expressions.asked}
    columns = asked | expressions.make(parents, n_rows)
    condition = expressions.condition
    met = every_row(compute(condition, parse_condition(condition), columns).values, n_rows)
    n_outside = int((met != 1.0).sum())
    if n_outside:
        message = (
            f"{n_outside:,} of {n_rows:,} rows do not meet {shortened(condition)}, as all rows of "
            "training did"
        )
        remedy = "predicted all the same, from rows unlike them; --where leaves them out"
        tell(Finding("outside_where", "warning", (), message, remedy))
