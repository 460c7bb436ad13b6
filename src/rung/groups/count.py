"""Count groups: components of mixtures with no valley between them are one group."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from rung.density.gaussians import GaussianMix, joint_log_densities
from rung.groups.starts import choose_mixture
from rung.groups.valleys import valley
from rung.typing import Array

LEVEL = 0.01


def joined(mixture: GaussianMix, X: Array, level: float = LEVEL) -> Array:
    """Return the group of every component: those with no valley between them are one.

    Returns
    -------
    ndarray of int, shape (n_components,)
        Groups are numbered from zero by their first component.
    """
    group = np.arange(mixture.n_components)
    for one, two in combinations(range(mixture.n_components), 2):
        if group[one] != group[two] and valley(mixture, (one, two), X).level > level:
            group[group == group[two]] = group[one]
    return np.unique(group, return_inverse=True)[1]


def count_split(X: Array, rng: np.random.Generator, share: float = 0.5, level: float = LEVEL):
    order = rng.permutation(len(X))
    cut = int(len(X) * share)
    learn, held = X[order[:cut]], X[order[cut:]]
    mixture = choose_mixture(learn, rng)
    group = joined(mixture, held, level)
    return mixture, group
