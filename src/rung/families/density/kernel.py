"""A Gaussian on every training row, as wide as leaving rows out says."""

from __future__ import annotations

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Model, Problem
from rung.core.folds import Folds
from rung.density.crossing import cross_fit_density
from rung.density.mixtures import fit_kernel, load_mixture
from rung.typing import Array


def _fit(design: Design, rows: Array, rng: np.random.Generator) -> Model:
    return fit_kernel(design, rows, rng)


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Fit every fold and all training rows."""
    return cross_fit_density(problem, folds, context, fit=_fit)


FAMILY = Family(
    name="kernel",
    title="Kernel density",
    step=400,
    tasks=("density",),
    inputs="density",
    sources=(
        "Duin (1976), IEEE Transactions on Computers 25",
        "Aitchison & Aitken (1976)",
    ),
    final="refit",
    cross_fit=cross_fit,
    load=load_mixture,
)
