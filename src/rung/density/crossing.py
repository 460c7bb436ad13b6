"""Cross-fit a density: one job a fold, and one for all training rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rung.core.family import Context, CrossFit, Design, Model, Problem
from rung.core.folds import Folds
from rung.density.autoregressive import AutoregressiveDensity
from rung.typing import Array, Settings

Fit = Callable[[Design, Array, np.random.Generator], Any]


@dataclass(frozen=True)
class _DensityJob:
    design: Design
    rows: Array
    held: Array
    fit: Fit
    rng: np.random.Generator


def cross_fit_density(problem: Problem, folds: Folds, context: Context, *, fit: Fit) -> CrossFit:
    """Return log densities of held-out rows, and the model of all training rows.

    Parameters
    ----------
    problem : Problem
        Its `y` is not looked at.
    folds : Folds
        How its rows are divided.
    context : Context
        Of the run.
    fit : callable
        `(design, rows, rng)` gives a model.
    """
    design = problem.design
    parts = [(split.train, split.test) for split in folds.splits]
    parts.append((np.arange(design.n_rows), np.arange(0)))
    jobs = [
        _DensityJob(design, train, test, fit, context.rng("density", number))
        for number, (train, test) in enumerate(parts)
    ]
    found = context.map(_do, jobs)
    return CrossFit(
        predictions=tuple(predicted for _, predicted in found[:-1]),
        settings=tuple(_settings(model) for model, _ in found[:-1]),
        model=found[-1][0],
        models=tuple(model for model, _ in found[:-1]),
    )


def _do(job: _DensityJob) -> tuple[Model, Array]:
    model = job.fit(job.design, job.rows, job.rng)
    return model, model.predict(job.design, job.held)


def _settings(model: Any) -> Settings:
    if isinstance(model, AutoregressiveDensity):
        return model.settings
    mixture = getattr(model, "mixture", None)
    if mixture is None:
        return {"edges": len(model.edges)}
    return {"components": mixture.n_components, "shape": mixture.shape}
