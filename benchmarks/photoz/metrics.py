"""Measure photometric redshifts as astronomers do: bias, scatter, outliers, each with an interval."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

# The standard deviation of a normal distribution over its median absolute deviation.
NORMAL = 1.4826
RESAMPLES, LEVEL, AT_ONCE = 1_000, 0.95, 50


def residuals(z_phot: np.ndarray, z_spec: np.ndarray) -> np.ndarray:
    """Return dz = (z_phot - z_spec) / (1 + z_spec), the error in the unit that the field uses.

    Examples
    --------
    >>> residuals(np.array([0.5, 1.0]), np.array([0.5, 3.0])).tolist()
    [0.0, -0.5]
    """
    return np.asarray((z_phot - z_spec) / (1.0 + z_spec))


def bias(dz: np.ndarray) -> np.ndarray:
    """Return the mean of dz over the last axis."""
    return np.asarray(dz.mean(axis=-1))


def scatter(dz: np.ndarray) -> np.ndarray:
    """Return 1.4826 times the median distance of dz from its median: sigma_NMAD."""
    middle = np.median(dz, axis=-1, keepdims=True)
    return np.asarray(NORMAL * np.median(np.abs(dz - middle), axis=-1))


def outliers(dz: np.ndarray, *, beyond: float) -> np.ndarray:
    """Return the share of rows whose dz lies further from zero than `beyond`."""
    return np.asarray((np.abs(dz) > beyond).mean(axis=-1))


METRICS = {
    "bias": bias,
    "scatter": scatter,
    "outliers": partial(outliers, beyond=0.15),
    "outliers_05": partial(outliers, beyond=0.05),
}


def measured(dz: np.ndarray, *, seed: int) -> dict[str, list[float]]:
    """Return every metric with its percentile interval over resampled rows.

    Parameters
    ----------
    dz : ndarray, shape (n_rows,)
        Residuals, each of a model that had not seen the row.
    seed : int
        Seed of the resampling. Residuals of equal length and seed are resampled alike.

    Returns
    -------
    dict of str to list
        Value, and the bounds of the 95 % interval. The models are held as they are: the interval
        is that of the rows they are judged by.
    """
    found = resampled({"dz": dz}, seed=seed)["dz"]
    return {name: [float(METRICS[name](dz)), *_bounds(draws)] for name, draws in found.items()}


def compared(
    before: np.ndarray, after: np.ndarray, *, name: str, seed: int
) -> tuple[float, float, float]:
    """Return how much a metric changes, with its interval, when the rows are resampled as pairs.

    Parameters
    ----------
    before, after : ndarray, shape (n_rows,)
        Residuals of the same rows by two models.
    name : str
        A key of `METRICS`.
    seed : int
        Seed of the resampling.
    """
    draws = resampled({"before": before, "after": after}, seed=seed, names=(name,))
    change = float(METRICS[name](after) - METRICS[name](before))
    low, high = _bounds(draws["after"][name] - draws["before"][name])
    return change, low, high


def resampled(
    residuals_of: Mapping[str, np.ndarray], *, seed: int, names: tuple[str, ...] = tuple(METRICS)
) -> dict[str, dict[str, np.ndarray]]:
    """Return metrics of rows drawn with replacement, the same rows for all that are given.

    Parameters
    ----------
    residuals_of : mapping of str to ndarray, each (n_rows,)
        Residuals by model.
    seed : int
        Seed of the draws.
    names : tuple of str
        Keys of `METRICS`.

    Returns
    -------
    dict of str to dict of str to ndarray, each (n_resamples,)
    """
    generator = np.random.default_rng(seed)
    n_rows = len(next(iter(residuals_of.values())))
    found: dict[str, dict[str, list[np.ndarray]]] = {
        model: {name: [] for name in names} for model in residuals_of
    }
    for _ in range(RESAMPLES // AT_ONCE):
        rows = generator.integers(0, n_rows, size=(AT_ONCE, n_rows))
        for model, dz in residuals_of.items():
            drawn = dz[rows]
            for name in names:
                found[model][name].append(METRICS[name](drawn))
    return {
        model: {name: np.concatenate(parts) for name, parts in of_model.items()}
        for model, of_model in found.items()
    }


def _bounds(draws: np.ndarray) -> tuple[float, float]:
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
