"""A few Gaussians, as many and of the shape that the training rows support."""

from __future__ import annotations

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Model, Problem
from rung.core.folds import Folds
from rung.density.choosing import fit_best
from rung.density.crossing import cross_fit_density
from rung.density.mixtures import load_mixture
from rung.typing import Array

MOST_COMPONENTS = 32


def _fit(design: Design, rows: Array, rng: np.random.Generator) -> Model:
    return fit_best(design, rows, rng, most=MOST_COMPONENTS)


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Fit every fold and all training rows."""
    return cross_fit_density(problem, folds, context, fit=_fit)


FAMILY = Family(
    name="mixture",
    title="Mixture of Gaussians",
    step=300,
    tasks=("density",),
    inputs="density",
    sources=(
        "Dempster, Laird & Rubin (1977)",
        "Fraley & Raftery (2002)",
    ),
    final="refit",
    cross_fit=cross_fit,
    load=load_mixture,
)
