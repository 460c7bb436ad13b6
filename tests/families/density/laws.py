"""What every density is tried on."""

import numpy as np

from rung.compute import RunContext
from rung.core.family import Problem
from rung.core.folds import partition_folds
from rung.data import read_table
from rung.families import find


def cross_fit(columns, name):
    """Cross-fit a density on four folds."""
    table = read_table(columns).dataset
    problem = Problem("density", table, np.zeros(table.n_rows))
    folds = partition_folds(np.arange(table.n_rows) % 4)
    family = find(name, "density")
    assert family is not None
    return family.cross_fit(problem, folds, RunContext(0, problem, 1))


def mean(columns, name):
    """Return the mean held-out log density."""
    return np.concatenate(cross_fit(columns, name).predictions).mean()


def line(n=200):
    """Return two columns with a correlation of .95."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=n)
    return {"x": x, "y": 0.95 * x + np.sqrt(1 - 0.95**2) * rng.normal(size=n)}
