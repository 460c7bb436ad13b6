"""Say how large the steps are in the course of training: up, then down."""

from __future__ import annotations

import math

WARM_UP = 0.1
LAST = 0.02


def one_cycle(progress: float, *, warm_up: float = WARM_UP, last: float = LAST) -> float:
    """Return the share of the largest learning rate at this point of training.

    It rises along a line over the first part of training, then falls along half a cosine.

    Parameters
    ----------
    progress : float in [0, 1]
        Steps done divided by all steps.
    warm_up : float in [0, 1)
        Part of training in which it rises.
    last : float
        Share at the end, and at the start of the rise.

    Source
    ------
    Smith (2018), A disciplined approach to neural network hyper-parameters, arXiv:1803.09820;
    Loshchilov & Hutter (2017), SGDR, ICLR.

    Examples
    --------
    >>> one_cycle(0.1), round(one_cycle(1.0), 3)
    (1.0, 0.02)
    """
    if progress < warm_up:
        return last + (1.0 - last) * progress / warm_up
    angle = math.pi * (progress - warm_up) / (1.0 - warm_up)
    return last + (1.0 - last) * 0.5 * (1.0 + math.cos(angle))
