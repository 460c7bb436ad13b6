"""One Gaussian with full, shrunk covariance; categories each alone."""

from __future__ import annotations

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Model, Problem
from rung.core.folds import Folds
from rung.density.crossing import cross_fit_density
from rung.density.mixtures import fit_gaussian, load_mixture
from rung.typing import Array


def _fit(design: Design, rows: Array, rng: np.random.Generator) -> Model:
    return fit_gaussian(design, rows)


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Fit every fold and all training rows."""
    return cross_fit_density(problem, folds, context, fit=_fit)


FAMILY = Family(
    name="gaussian",
    title="One Gaussian",
    step=100,
    tasks=("density",),
    inputs="density",
    sources=("Fraley & Raftery (2007), Journal of Classification 24",),
    final="refit",
    cross_fit=cross_fit,
    load=load_mixture,
)
