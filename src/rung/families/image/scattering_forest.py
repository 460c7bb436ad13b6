"""Average trees on wavelet scattering."""

from __future__ import annotations

from rung.families.on_numbers import on_numbers

FAMILY = on_numbers(
    "scattering",
    "forest",
    title="Scattering, forest",
    step=700,
    sources=(
        "Mallat (2012), Comm. Pure and Applied Mathematics 65, 1331-1398",
        "Bruna & Mallat (2013), IEEE TPAMI 35, 1872-1886",
    ),
)
