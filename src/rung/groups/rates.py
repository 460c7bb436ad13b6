"""Publish how often the number of groups was right where it is known: `benchmarks/clusters`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """How often rung was right on tables drawn from some worlds.

    Attributes
    ----------
    world : str
        What the tables hold.
    tables : int
        Drawn and counted.
    right, false, undecided : float
        Shares of tables with the right number claimed, a wrong one claimed, and nothing claimed; in
        the others groups were called none.
    """

    world: str
    tables: int
    right: float
    false: float
    undecided: float


# By rows a table; the columns of the tables are named with them.
RATES: dict[int, tuple[str, tuple[Rate, ...]]] = {
    300: (
        "2, 5, 12",
        (
            Rate("one group of any shape", 90, 0.99, 0.0, 0.01),
            Rate("2 to 8 groups, 3 standard deviations apart", 60, 0.02, 0.0, 0.1),
            Rate("2 to 8 groups, 4.5 apart", 60, 0.95, 0.05, 0.0),
            Rate("2 to 8 groups, 6 apart", 60, 1.0, 0.0, 0.0),
            Rate("3 or 4 unequal or stretched groups, 6 apart", 30, 0.97, 0.03, 0.0),
            Rate("2 bent groups", 30, 0.1, 0.0, 0.17),
        ),
    ),
}


def rates_for(n_rows: int) -> tuple[int, str, tuple[Rate, ...]]:
    """Return the rates at the number of rows nearest to this, by ratio: rows, columns, rates.

    Examples
    --------
    >>> rates_for(200)[0]
    300
    """
    rows = min(RATES, key=lambda one: max(one, n_rows) / min(one, n_rows))
    return rows, *RATES[rows]
