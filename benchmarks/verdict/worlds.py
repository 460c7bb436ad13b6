"""Draw tables from worlds whose true risk is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

Array = np.ndarray
N_FEATURES = 5
SLOPES = np.array([0.6, 0.4, 0.3, 0.2, 0.1])
N_TEST = 3_000
# Where features have heavy tails, rare rows decide the risk.
N_TEST_HEAVY = 30_000


@dataclass(frozen=True)
class World:
    """Say how a target follows from five standard normal features.

    Attributes
    ----------
    title : str
        What is hard about it.
    signal : callable
        Features (n_rows, 5) to the mean of the target, or to the log odds of class 1.
    is_binary : bool
        Whether the target is a class.
    noise, features : float
        Degrees of freedom of Student's t from which noise and features come, scaled to variance
        1; infinite for normal ones.
    """

    title: str
    signal: Callable[[Array], Array]
    is_binary: bool = False
    noise: float = np.inf
    features: float = np.inf


def _linear(X: Array) -> Array:
    signal: Array = X @ SLOPES
    return signal


WORLDS: Mapping[str, World] = {
    "noise": World("nothing to learn", lambda X: 0.0 * X[:, 0]),
    "linear": World("linear, heavy-tailed noise", _linear, noise=3),
    "border": World(
        "an interaction worth about 0.6 margins", lambda X: _linear(X) + 0.16 * X[:, 0] * X[:, 1]
    ),
    "quadratic": World(
        "clear interaction and curvature",
        lambda X: _linear(X) + 0.45 * X[:, 0] * X[:, 1] + 0.3 * (X[:, 2] ** 2 - 1) / 2**0.5,
    ),
    "strong": World(
        "little noise, small interaction", lambda X: 4 * _linear(X) + 0.35 * X[:, 0] * X[:, 1]
    ),
    "outliers": World("linear, noise with a variance that no table shows", _linear, noise=2.1),
    "explodes": World("linear, features with heavy tails: squares run away", _linear, features=2.5),
    "leverage": World(
        "bounded signal of features with heavy tails: lines run away too",
        lambda X: 2 * np.tanh(_linear(X)),
        features=4,
    ),
    "rare_class": World("rare class, linear log odds", lambda X: 1.5 * _linear(X) - 2.6, True),
}


@dataclass(frozen=True)
class Draw:
    """One table, its folds, and the rows on which true risks are computed.

    `truth` is the mean of the target, or the probability of class 1, of each test row.
    """

    X: Array
    y: Array
    fold: Array
    X_test: Array
    truth: Array
    is_binary: bool


def draw(world: World, n_rows: int, n_folds: int, rng: np.random.Generator) -> Draw:
    """Draw a table of a world and deal it into folds, stratified for a class."""
    X = student((n_rows, N_FEATURES), world.features, rng)
    n_test = N_TEST if np.isinf(world.features) else N_TEST_HEAVY
    X_test = student((n_test, N_FEATURES), world.features, rng)
    signal, truth = world.signal(X), world.signal(X_test)
    if not world.is_binary:
        noise = student((n_rows,), world.noise, rng)
        return Draw(X, signal + noise, rng.permutation(n_rows) % n_folds, X_test, truth, False)
    y = (rng.random(n_rows) < 1 / (1 + np.exp(-signal))).astype(np.int64)
    fold = np.empty(n_rows, dtype=np.int64)
    fold[np.argsort(y + 0.5 * rng.random(n_rows))] = np.arange(n_rows) % n_folds
    return Draw(X, y, fold, X_test, 1 / (1 + np.exp(-truth)), True)


def student(shape: tuple[int, ...], freedom: float, rng: np.random.Generator) -> Array:
    """Draw Student's t with variance 1; normal numbers for infinite degrees of freedom."""
    if np.isinf(freedom):
        return rng.normal(size=shape)
    return rng.standard_t(freedom, shape) / (freedom / (freedom - 2)) ** 0.5
