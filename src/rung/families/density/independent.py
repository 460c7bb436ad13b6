"""Each column by its own distribution, whatever the others hold: the constant guess."""

from __future__ import annotations

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Model, Problem
from rung.core.folds import Folds
from rung.density.crossing import cross_fit_density
from rung.density.tree_fitting import fit_tree, load_tree
from rung.typing import Array


def _fit(design: Design, rows: Array, rng: np.random.Generator) -> Model:
    return fit_tree(design, rows, joined=False)


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Fit every fold and all training rows."""
    return cross_fit_density(problem, folds, context, fit=_fit)


FAMILY = Family(
    name="independent",
    title="Each column alone",
    step=0,
    tasks=("density",),
    inputs="density",
    sources=(
        "Chow & Liu (1968), without edges",
        "Scargle, Norris, Jackson & Chiang (2013), Astrophysical Journal 764",
    ),
    final="refit",
    cross_fit=cross_fit,
    load=load_tree,
)
