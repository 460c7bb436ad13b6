"""Read `results.json` back into the frozen result of a run."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from rung.core.result import SCHEMA, Result
from rung.errors import DataError

NAN = float("nan")


def result_from(found: Any) -> Result:
    """Return the result that `Result.to_dict` wrote; the command line is not in it.

    Parameters
    ----------
    found : Any
        What `results.json` holds: a dict.

    Returns
    -------
    Result
        Numbers that were not finite are NaN, or None where that is allowed.

    Raises
    ------
    DataError
        If it is none of a run, or of another version of the format.

    Examples
    --------
    >>> result_from({"schema": 99})
    Traceback (most recent call last):
        ...
    rung.errors.DataError: results have the schema 99; 1 can be read; use the rung that wrote them
    """
    schema = found.get("schema") if isinstance(found, dict) else None
    if schema != SCHEMA:
        raise DataError(
            f"results have the schema {schema!r}; {SCHEMA} can be read",
            "use the rung that wrote them",
        )
    try:
        result: Result = _rebuilt(Result, found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(
            f"results are not whole ({type(error).__name__}: {error})", "run `rung fit` again"
        ) from error
    return result


def _rebuilt(kind: Any, value: Any) -> Any:
    """Return a value of plain JSON as the type that a field declares."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else _rebuilt(inner[0], value)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        known = [each.name for each in fields(kind) if each.name in value]
        return kind(**{name: _rebuilt(hints[name], value[name]) for name in known})
    if origin is tuple:
        return tuple(_rebuilt(inner[0], each) for each in value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: _rebuilt(inner[1], each) for key, each in value.items()}
    if kind is float:
        return NAN if value is None else float(value)
    if origin is Literal and value not in inner:
        raise ValueError(f"{value!r} is none of {', '.join(map(repr, inner))}")
    return value
