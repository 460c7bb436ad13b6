"""Take what families of a table are compared by: the key of a metric, or a function of the user."""

from __future__ import annotations

from typing import Any

from rung.errors import UsageError
from rung.kinds.declaration import Option, OptionValue, Spelled, one_word


def metric_or_function() -> OptionValue:
    """Take the key of a metric, or from Python a function that gives each row's loss."""

    def check(option: Option, value: Any) -> Any:
        if value is None or isinstance(value, str) or callable(value):
            return value
        raise UsageError(
            f"{option.name} must be a text or a function, it is {value!r}",
            f"use {option.name}='mae', or {option.name}=my_loss with `def my_loss(true, predicted)`",
        )

    def spell(option: Option, value: Any) -> Spelled:
        if callable(value):
            return Spelled((), _called(value))
        return one_word(option, value)

    return OptionValue(
        says="str or function",
        check=check,
        spell=spell,
        record=lambda value: _called(value) if callable(value) else value,
    )


def _called(function: Any) -> str:
    return str(getattr(function, "__name__", "a function"))
