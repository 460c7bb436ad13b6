"""The law of rungs of images: they learn from their own numbers alone, and come back from a file."""

from dataclasses import replace

import numpy as np

from rung.compute import RunContext
from rung.core.dataset import Column, Dataset
from rung.core.family import Family, Problem
from rung.core.folds import partition_folds
from rung.images.numbers import sources_of

NAMES = (
    *("pixel one", "pixel two", "scattering one", "scattering two"),
    *("column one", "column two", "backbone one", "other one"),
)


def made_problem(word: str, n: int = 120) -> Problem:
    rng = np.random.default_rng(5)
    values = rng.normal(size=(n, len(NAMES)))
    telling = [i for i, one in enumerate(NAMES) if one in [f"{w} one" for w in sources_of(word)]]
    y = (values[:, telling].sum(axis=1) > 0).astype(np.int64)
    columns = tuple(Column(name, "number") for name in NAMES)
    design = Dataset(columns, dict(zip(NAMES, values.T.copy(), strict=True)), n)
    return Problem("binary", design, y, ("a", "b"), "log_loss")


def assert_learns_from(family: Family, word: str) -> None:
    problem = made_problem(word)
    n = problem.design.n_rows
    folds = partition_folds(np.arange(n) % 2, units=np.arange(n))
    fitted = family.cross_fit(problem, folds, RunContext(0, problem))
    own = sources_of(word)
    others = {
        name: values if name.startswith(own) else -values
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


def assert_all_matter(family: Family) -> None:
    """Turn the sign of the columns of one source in held-out rows: each changes predictions."""
    word = family.name.partition("_")[0]
    problem = made_problem(word)
    n = problem.design.n_rows
    folds = partition_folds(np.arange(n) % 2, units=np.arange(n))
    model = family.cross_fit(problem, folds, RunContext(0, problem)).model
    before = model.predict(problem.design)
    for source in sources_of(word):
        turned = {
            name: -values if name.startswith(source) else values
            for name, values in problem.design.values.items()
        }
        after = model.predict(Dataset(problem.design.columns, turned, n))
        assert np.abs(after - before).max() > 0.1, source
