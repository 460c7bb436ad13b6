"""Try ever larger learning rates on one network, to see from which on training breaks.

Source
------
Smith (2017), Cyclical learning rates for training neural networks, WACV.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rung.nets.tables.engine import begin
from rung.nets.tables.plans import TrainingPlan
from rung.nets.tables.shapes import NetworkShape
from rung.nets.tables.single import NetworkRows
from rung.typing import Array, Settings

if TYPE_CHECKING:
    from rung.nets.tables.population import PopulationRows

LOWEST, HIGHEST = 1e-5, 10.0
STEPS = 60
SMOOTHING = 0.8
SETTLED, REACH = 10, 5


def range_test(
    shape: NetworkShape,
    lesson: NetworkRows | PopulationRows,
    rows: Array,
    generator: np.random.Generator,
    *,
    steps: int = STEPS,
) -> Settings:
    """Return the loss while the learning rate grows evenly in its logarithm.

    Parameters
    ----------
    shape : NetworkShape
        Of the network.
    lesson : NetworkRows or PopulationRows
        What it learns from.
    rows : ndarray of int
        Rows to learn from.
    generator : Generator
        Draws first weights and order of rows.
    steps : int
        How many rates are tried, one step each.

    Returns
    -------
    dict
        `rate` and `loss`, one a step, smoothed; `steepest`, the rate at which the loss fell
        fastest.
    """
    rates = np.geomspace(LOWEST, HIGHEST, steps)

    def growing(progress: float) -> float:
        return LOWEST * float((HIGHEST / LOWEST) ** progress)

    per_pass = len(rows) // lesson.batch_rows
    plan = TrainingPlan(
        rows,
        (),
        generator,
        learning_rate=1.0,
        epochs=max(steps // per_pass, 1),
        schedule=growing,
    )
    network = begin(shape, plan, lesson)
    sums = []
    with np.errstate(all="ignore"):  # the last rates break training
        for _ in range(min(steps, plan.epochs * per_pass)):
            network.step()
            sums.append(float(network.lost))
        losses = np.diff(sums, prepend=0.0)
    smooth = smoothed(losses)
    steepest = steepest_of(rates, smooth)
    return {
        "rate": [float(f"{rate:.4g}") for rate in rates[: len(smooth)]],
        "loss": [float(f"{min(loss, 1e30):.4g}") for loss in np.nan_to_num(smooth, nan=1e30)],
        "steepest": float(f"{steepest:.4g}"),
    }


def steepest_of(rates: Array, smooth: Array) -> float:
    """Return the learning rate at which smoothed losses fell fastest.

    Over several steps, and not at the start, where batches differ more than a step changes.

    Examples
    --------
    >>> falls = np.repeat([1.0, 0.0], [20, 10])
    >>> steepest_of(np.arange(30.0), falls)
    15.0
    """
    falling = smooth[SETTLED + REACH :] - smooth[SETTLED:-REACH]
    return float(rates[SETTLED + int(falling.argmin())] if len(falling) else rates[0])


def smoothed(losses: Array) -> Array:
    """Return the running mean of losses, without the pull of its start.

    Examples
    --------
    >>> smoothed(np.array([2.0, 2.0, 2.0])).round(6)
    array([2., 2., 2.])
    """
    out, mean = np.zeros(len(losses)), 0.0
    for i, loss in enumerate(losses):
        mean = SMOOTHING * mean + (1.0 - SMOOTHING) * loss
        out[i] = mean / (1.0 - SMOOTHING ** (i + 1))
    return out
