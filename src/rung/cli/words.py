"""Read values that are typed with their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from rung.errors import UsageError


def named_numbers(words: Sequence[str] | None) -> dict[str, float]:
    """Read values given as NAME=NUMBER.

    Examples
    --------
    >>> named_numbers(["a=3", "b=-1e-2"])
    {'a': 3.0, 'b': -0.01}
    """
    found: dict[str, float] = {}
    for word in words or ():
        name, sign, text = (part.strip() for part in word.partition("="))
        if not sign or not name.isidentifier():
            raise UsageError(
                f"{word!r} is no value for a name; NAME=NUMBER is accepted",
                "write a=3, and keep the whole expression in quotes",
            )
        if name in found:
            raise UsageError(f"{name!r} is given twice", "leave one of the values out")
        try:
            found[name] = float(text)
        except ValueError:
            raise UsageError(
                f"{text!r} in {word!r} is no number", f"write it as {name}=1.5 or {name}=2e-3"
            ) from None
    return found


def reading(arguments: Any) -> Any:
    """Return how a table shall be read, from what was given on the command line."""
    from rung.data import ReadOptions

    typed = {field.name: getattr(arguments, field.name, None) for field in fields(ReadOptions)}
    return ReadOptions(**{name: value for name, value in typed.items() if value is not None})
