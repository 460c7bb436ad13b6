"""A small network that gives each column from those before it, averaged over a few orders."""

from __future__ import annotations

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Model, Problem
from rung.core.folds import Folds
from rung.core.memory import ProblemSizes
from rung.density.autoregressive import load_autoregressive
from rung.density.crossing import cross_fit_density
from rung.typing import Array

MOST_ROWS = 20_000


def _fit(design: Design, rows: Array, rng: np.random.Generator) -> Model:
    from rung.nets.densities.train import fit_autoregressive

    return fit_autoregressive(design, rows, rng)


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Fit every fold and all training rows."""
    return cross_fit_density(problem, folds, context, fit=_fit)


def most_rows(sizes: ProblemSizes) -> int:
    """Return the training rows that its steps can make use of."""
    return MOST_ROWS


FAMILY = Family(
    name="flow",
    title="Autoregressive network",
    step=500,
    tasks=("density",),
    inputs="density",
    sources=(
        "Uria, Murray & Larochelle (2014), A deep and tractable density estimator, ICML 31",
        "Germain, Gregor, Murray & Larochelle (2015), MADE, ICML 32",
    ),
    final="refit",
    cross_fit=cross_fit,
    load=load_autoregressive,
    needs=("torch",),
    most_rows=most_rows,
)
