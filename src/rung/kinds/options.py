"""Check values of options, whatever the kind of data; one message for shell and Python."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

from rung.errors import UsageError, suggest

CHOICES = ("simplest", "leader")


def check_whole(name: str, value: Any, *, low: int, high: int) -> None:
    """Refuse an option that is no whole number within limits."""
    if isinstance(value, bool) or not isinstance(value, Integral) or not low <= int(value) <= high:
        raise UsageError(
            f"{name} must be a whole number from {low} to {high}, it is {value!r}",
            f"use --{name.replace('_', '-')} {max(low, 1)}",
        )


def check_number(name: str, value: Any, *, low: float, high: float) -> None:
    """Refuse an option that is no number within limits."""
    if isinstance(value, bool) or not isinstance(value, Real) or not low <= float(value) <= high:
        bound = f"from {low:g} to {high:g}" if math.isfinite(high) else f"of at least {low:g}"
        raise UsageError(
            f"{name} must be a number {bound}, it is {value!r}",
            f"give --{name.replace('_', '-')} such a number",
        )


def check_switch(name: str, value: Any) -> None:
    """Refuse an option that is neither true nor false."""
    if not isinstance(value, bool):
        raise UsageError(
            f"{name} must be True or False, it is {value!r}", f"use {name}=False to switch it off"
        )


def check_member(name: str, value: Any, accepted: Sequence[str]) -> None:
    """Refuse an option that is not one of those accepted."""
    if value not in accepted:
        raise UsageError(
            f"{name} {value!r} is not known; {', '.join(accepted)} are",
            f"use --{name} {suggest(str(value), accepted) or accepted[0]}",
        )
