"""Add up columns of the labels table, without a look at the images."""

from __future__ import annotations

from rung.families.on_numbers import on_numbers

FAMILY = on_numbers(
    "column",
    "linear",
    title="Columns, linear",
    step=40,
    sources=(),
)
