"""Average trees on pixel statistics."""

from __future__ import annotations

from rung.families.on_numbers import on_numbers

FAMILY = on_numbers(
    "pixel",
    "forest",
    title="Pixels, forest",
    step=300,
    sources=(
        "Conselice (2003), ApJS 147, 1-28",
        "Lotz, Primack & Madau (2004), AJ 128, 163-182",
    ),
)
