"""A small network that gives each column from those before it, averaged over a few orders."""

from __future__ import annotations

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Model, Problem
from rung.core.folds import Folds
from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.density.autoregressive import load_autoregressive
from rung.density.crossing import cross_fit_density
from rung.typing import Array

# What its steps can make use of: each row is then seen a few times.
MOST_ROWS, FEWEST_ROWS, MOST_CELLS = 20_000, 2_000, 2_000_000
COPIES = 14  # of the numbers of a row: scores and residuals in four orders, also with cells blanked


def _fit(design: Design, rows: Array, rng: np.random.Generator) -> Model:
    from rung.nets.densities.train import fit_autoregressive

    most = _most_rows(len(design.number_names) + len(design.category_columns))
    if len(rows) > most:
        rows = np.sort(rng.choice(rows, most, replace=False))
    return fit_autoregressive(design, rows, rng)


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Fit every fold and all training rows."""
    return cross_fit_density(problem, folds, context, fit=_fit)


def _most_rows(n_columns: int) -> int:
    return min(max(MOST_CELLS // max(n_columns, 1), FEWEST_ROWS), MOST_ROWS)


def most_rows(sizes: ProblemSizes) -> int:
    """Return the training rows that its steps can make use of, fewer of wide tables.

    Examples
    --------
    >>> most_rows(ProblemSizes(90_000, 72_000, 18_000, 5, 5, 200, 0, 200, 1))
    10000
    """
    return _most_rows(sizes.n_numbers + sizes.n_categories)


def memory(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate from the rows as orders see them, and those to predict."""
    n_columns = sizes.n_numbers + sizes.n_categories
    learned = min(sizes.n_train, _most_rows(n_columns))
    return MemoryEstimate(
        job=sizes.matrix(learned, COPIES * n_columns) + sizes.matrix(sizes.n_test, 6 * n_columns)
    )


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
    memory=memory,
)
