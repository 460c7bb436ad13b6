"""Add up wavelet scattering."""

from __future__ import annotations

from rung.families.on_numbers import on_numbers

FAMILY = on_numbers(
    "scattering",
    "linear",
    title="Scattering, linear",
    step=500,
    sources=(
        "Mallat (2012), Comm. Pure and Applied Mathematics 65, 1331-1398",
        "Bruna & Mallat (2013), IEEE TPAMI 35, 1872-1886",
    ),
)
