"""Boost trees on columns of the labels table, without a look at the images."""

from __future__ import annotations

from rung.families.on_numbers import on_numbers

FAMILY = on_numbers(
    "column",
    "boosting",
    title="Columns, boosting",
    step=80,
    sources=(),
)
