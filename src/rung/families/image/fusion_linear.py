"""Add up numbers of the image and columns of the labels table."""

from __future__ import annotations

from rung.families.on_numbers import on_numbers

FAMILY = on_numbers(
    "fusion",
    "linear",
    title="Images and columns, linear",
    step=840,
    sources=("Baltrusaitis, Ahuja & Morency (2019), Multimodal machine learning, IEEE TPAMI 41",),
)
