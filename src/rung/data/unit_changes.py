"""Say where new rows have other units than those of training, and convert what can be converted."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np

from rung.core.dataset import Column
from rung.core.findings import Finding
from rung.data.drift import Tell
from rung.typing import Array


def in_unit_of_training(values: Array, column: Column, unit: str, tell: Tell) -> Array:
    """Return numbers in the unit that the model was trained with.

    Parameters
    ----------
    values : ndarray, shape (n_rows,)
        As the new table has them.
    column : Column
        What training knows.
    unit : str
        The unit that the new table states; empty for none.
    tell : callable
        Told where the units differ.

    Examples
    --------
    >>> column = Column("d", "number", unit="km")
    >>> in_unit_of_training(np.array([1.0]), column, "km", print)
    array([1.])
    """
    if column.kind != "number" or not unit or not column.unit or unit == column.unit:
        return values
    factor = conversion(unit, column.unit)
    said = f"column {column.name!r} is in {unit!r}; the model was trained with {column.unit!r}"
    if factor is None:
        remedy = "read as it stands: convert it first, or correct the unit"
        tell(Finding("other_unit", "warning", (column.name,), said, remedy))
        return values
    if factor != 1.0:
        remedy = f"multiplied by {factor:.10g}"
        tell(Finding("other_unit", "warning", (column.name,), said, remedy))
    return values * factor


def conversion(unit: str, wanted: str) -> float | None:
    """Return what numbers are multiplied by to go from one unit to another, None if that is unknown.

    Without astropy nothing is known; a shift of the zero, as from °C to K, is no factor.

    Examples
    --------
    >>> conversion("km", "a word") is None
    True
    """
    if find_spec("astropy") is None:
        return None
    from astropy import units

    try:
        factor = float(units.Unit(unit).to(units.Unit(wanted)))
    except (ValueError, TypeError, AttributeError):
        return None
    return factor if np.isfinite(factor) else None
