"""Draw the boundary with the widest margin between pixel statistics."""

from __future__ import annotations

from rung.families.on_numbers import on_numbers

FAMILY = on_numbers(
    "pixel",
    "svm",
    title="Pixels, SVM",
    step=200,
    sources=(
        "Conselice (2003), ApJS 147, 1-28",
        "Lotz, Primack & Madau (2004), AJ 128, 163-182",
    ),
)
