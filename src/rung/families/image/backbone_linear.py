"""Add up the features of a network that was trained elsewhere and is kept as it is."""

from __future__ import annotations

from dataclasses import replace

from rung.families.on_numbers import on_numbers

FAMILY = replace(
    on_numbers(
        "backbone",
        "linear",
        title="Backbone, linear",
        step=950,
        sources=("Yosinski, Clune, Bengio & Lipson (2014), How transferable are features?, NIPS",),
    ),
    needs=("torch",),
)
