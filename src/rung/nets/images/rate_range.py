"""Try ever larger learning rates on a network of images, to see at which the loss falls fastest.

Source
------
Smith (2017), Cyclical learning rates for training neural networks, WACV.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import numpy as np

from rung.nets.images.learner import ImageLearner
from rung.nets.tables.rate_range import smoothed, steepest_of
from rung.typing import Array, Settings

LOWEST, HIGHEST, STEPS = 1e-5, 1.0, 50


def image_range_test(
    network: ImageLearner, batches: Iterable[tuple[Array, Array]], *, steps: int = STEPS
) -> Settings:
    """Return the loss while the learning rate grows evenly in its logarithm.

    Parameters
    ----------
    network : ImageLearner
        With its first weights; of no use afterwards.
    batches : iterable
        What each step learns from; fewer than `steps` end the test.
    steps : int
        How many rates are tried, one step each.

    Returns
    -------
    dict
        `rate` and `loss`, one a step, smoothed; `steepest`, the rate at which the loss fell
        fastest.
    """
    rates = np.geomspace(LOWEST, HIGHEST, steps)
    taken = zip(islice(batches, steps), rates.tolist(), strict=False)
    with np.errstate(all="ignore"):  # the last rates break training
        losses = np.array([network.learn_at(batch, rate) for batch, rate in taken])
    smooth = smoothed(np.nan_to_num(losses, nan=1e30, posinf=1e30))
    return {
        "rate": [float(f"{rate:.4g}") for rate in rates[: len(smooth)]],
        "loss": [float(f"{min(loss, 1e30):.4g}") for loss in smooth],
        "steepest": float(f"{steepest_of(rates, smooth):.4g}"),
    }
