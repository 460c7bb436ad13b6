"""Choose a mixture of Gaussians: how many components, of which shape, from which start."""

from __future__ import annotations

import math

import numpy as np

from rung.density.gaussians import SHAPES, GaussianMix, fit_from, joint_log_densities, log_sum
from rung.typing import Array

MOST_COMPONENTS = 16
SHORT, LONG = 6, 60  # steps of every guess, and of the one that is ahead
TOLERANCE = 1e-3  # gain a row and step at which a fit ends
PATIENCE = 2  # numbers of components without a gain after which no more are tried


def choose_mixture(
    X: Array,
    rng: np.random.Generator,
    *,
    shapes: tuple[str, ...] = SHAPES,
    most: int = MOST_COMPONENTS,
    starts: int = 2,
) -> GaussianMix:
    """Return the mixture with the best Bayesian information criterion.

    Parameters
    ----------
    X : ndarray, shape (n_rows, n_columns)
        Without missing cells.
    rng : Generator
        Of the starts.
    shapes : tuple of str
        Shapes of covariances to try.
    most : int
        Most components.
    starts : int
        Starts for every number of components.

    Source
    ------
    Schwarz (1978); Fraley & Raftery (2002).
    """
    best, best_score = None, math.inf
    whitened = whiten(X)
    waiting = dict.fromkeys(shapes, 0)
    leading = dict.fromkeys(shapes, math.inf)
    for k in range(1, min(most, max(1, len(X) // 8)) + 1):
        guesses = [nearest_shares(one, k, rng) for one in _views(X, whitened, k, starts)]
        for shape in (one for one in shapes if waiting[one] <= PATIENCE):
            mixture = _fit_best(X, guesses, shape)
            score = mixture.n_parameters * math.log(len(X)) - 2 * mixture.objective[-1]
            waiting[shape] = 0 if score < leading[shape] else waiting[shape] + 1
            leading[shape] = min(score, leading[shape])
            if score < best_score:
                best, best_score = mixture, score
        assert best is not None
        if waiting[best.shape] > PATIENCE:  # shapes that are still gaining are far behind
            break
    assert best is not None
    return best


def _fit_best(X: Array, guesses: list[Array], shape: str) -> GaussianMix:
    """Fit from the guess that is ahead after a few steps.

    Source
    ------
    Biernacki, Celeux & Govaert (2003): short runs, then a long one from the best of them.
    """
    if len(guesses) > 1:
        short = [fit_from(X, guess, shape, limit=(SHORT, TOLERANCE)) for guess in guesses]
        ahead = max(short, key=lambda found: found.objective[-1])
        if len(ahead.objective) < SHORT:
            return ahead
        joint = joint_log_densities(ahead, X)
        guesses = [np.exp(joint - log_sum(joint)[:, None])]
    return fit_from(X, guesses[0], shape, limit=(LONG, TOLERANCE))


def _views(X: Array, whitened: Array, k: int, starts: int) -> list[Array]:
    """Return the coordinates in which first guesses are made: as they are, and whitened."""
    return [X] if k == 1 else [whitened if one % 2 else X for one in range(starts)]


def whiten(X: Array) -> Array:
    """Return rows turned and scaled so that their columns are uncorrelated with variance one."""
    centred = X - X.mean(axis=0)
    values, axes = np.linalg.eigh(centred.T @ centred / len(X))
    kept = values > 1e-9 * max(values[-1], 1e-300)
    return np.asarray(centred @ axes[:, kept] / np.sqrt(values[kept]))


def nearest_shares(X: Array, k: int, rng: np.random.Generator, steps: int = 10) -> Array:
    """Return which of k centres has each row, as shares; a few steps of k-means.

    Source
    ------
    Arthur & Vassilvitskii (2007), k-means++, the best of some candidates a centre.
    """
    centres = _spread_centres(X, k, rng)
    for _ in range(steps):
        nearest = _squares(X, centres).argmin(axis=1)
        shares = np.eye(k)[nearest]
        counts = shares.sum(axis=0)
        centres = np.where(
            counts[:, None] > 0, shares.T @ X / np.maximum(counts, 1)[:, None], centres
        )
    return np.asarray(np.eye(k)[_squares(X, centres).argmin(axis=1)])


def _squares(X: Array, centres: Array) -> Array:
    cross = X @ centres.T
    return np.asarray((X * X).sum(axis=1)[:, None] - 2 * cross + (centres * centres).sum(axis=1))


def _spread_centres(X: Array, k: int, rng: np.random.Generator) -> Array:
    chosen = [int(rng.integers(len(X)))]
    nearest = np.maximum(_squares(X, X[chosen])[:, 0], 0)
    for _ in range(1, k):
        weights = nearest / nearest.sum() if nearest.sum() > 0 else None
        candidates = rng.choice(len(X), size=2 + int(math.log(k)), p=weights)
        squares = np.minimum(np.maximum(_squares(X, X[candidates]), 0), nearest[:, None])
        best = int(squares.sum(axis=0).argmin())
        chosen.append(int(candidates[best]))
        nearest = squares[:, best]
    return X[chosen]
