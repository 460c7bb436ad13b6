"""Boost trees on numbers of the image and columns of the labels table."""

from __future__ import annotations

from rung.families.on_numbers import on_numbers

FAMILY = on_numbers(
    "fusion",
    "boosting",
    title="Images and columns, boosting",
    step=860,
    sources=("Baltrusaitis, Ahuja & Morency (2019), Multimodal machine learning, IEEE TPAMI 41",),
)
