"""Follow the ridge between two components of a mixture, and find how far the density falls."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from rung.density.gaussians import GaussianMix, joint_log_densities, log_sum
from rung.typing import Array

PLACES = np.linspace(0, 1, 25)


def ridge_ratios(mixture: GaussianMix) -> Array:
    """Return how much of the lower of two components' densities is left between them.

    All stationary points of the density of two Gaussians lie on the curve that is followed here.
    Where it leads through the rows of a third component the two are no neighbours, and zero is
    returned: what lies between them is told by their ridges to the third.

    Returns
    -------
    ndarray, shape (n_components, n_components)
        One where the density does not fall, near zero where nothing lies between.

    Source
    ------
    Ray & Lindsay (2005); Hennig (2010) for joining components.

    Examples
    --------
    >>> far = GaussianMix(np.full(2, 0.5), np.array([[0.0], [4.0]]), np.ones((2, 1, 1)))
    >>> ridge_ratios(far)[0, 1].round(3)
    np.float64(0.271)
    """
    k, d = mixture.means.shape
    inverses = np.linalg.inv(mixture.covariances)
    pulls = np.einsum("kde,ke->kd", inverses, mixture.means)
    pairs = list(combinations(range(k), 2))
    ratios = np.ones((k, k))
    if not pairs:
        return ratios
    one, two = np.array(pairs).T
    share = PLACES[None, :, None]
    pull = (1 - share) * pulls[one][:, None] + share * pulls[two][:, None]
    precision = (1 - share[..., None]) * inverses[one][:, None] + share[..., None] * inverses[two][
        :, None
    ]
    ways = np.linalg.solve(precision, pull[..., None])[..., 0]
    joint = joint_log_densities(mixture, ways.reshape(-1, d))
    logs = log_sum(joint).reshape(len(pairs), len(PLACES))
    nearest = joint.argmax(axis=1).reshape(len(pairs), len(PLACES))
    through = ((nearest != one[:, None]) & (nearest != two[:, None])).any(axis=1)
    left = np.exp(np.minimum(logs.min(axis=1) - np.minimum(logs[:, 0], logs[:, -1]), 0))
    ratios[one, two] = ratios[two, one] = np.where(through, 0.0, left)
    return ratios
