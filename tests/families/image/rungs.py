"""The law of rungs of images: they learn from their own numbers alone, and come back from a file."""

from dataclasses import replace

import numpy as np

from rung.compute import RunContext
from rung.core.dataset import Column, Dataset
from rung.core.family import Family, Problem
from rung.core.folds import partition_folds

NAMES = ("pixel one", "pixel two", "scattering one", "scattering two")


def made_problem(n: int = 60) -> Problem:
    rng = np.random.default_rng(5)
    values = rng.normal(size=(n, len(NAMES)))
    y = (values[:, 0] + values[:, 2] > 0).astype(np.int64)
    columns = tuple(Column(name, "number") for name in NAMES)
    design = Dataset(columns, dict(zip(NAMES, values.T.copy(), strict=True)), n)
    return Problem("binary", design, y, ("a", "b"), "log_loss")


def assert_learns_from(family: Family, word: str) -> None:
    problem = made_problem()
    n = problem.design.n_rows
    folds = partition_folds(np.arange(n) % 2, units=np.arange(n))
    fitted = family.cross_fit(problem, folds, RunContext(0, problem))
    others = {
        name: values if name.startswith(word) else -values
        for name, values in problem.design.values.items()
    }
    changed = replace(problem, design=Dataset(problem.design.columns, others, n))
    again = family.cross_fit(changed, folds, RunContext(0, changed))
    for before, after in zip(fitted.predictions, again.predictions, strict=True):
        assert np.array_equal(before, after)
    assert np.ptp(fitted.predictions[0][:, 0]) > 0.1
    loaded = family.load(fitted.model.to_state())
    assert np.array_equal(loaded.predict(problem.design), fitted.model.predict(problem.design))
    assert family.name.startswith(f"{word}_")
    assert family.inputs == "image"
