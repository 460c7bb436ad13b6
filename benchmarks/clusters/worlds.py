"""Draw tables with a known number of groups, and tables without any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rung.typing import Array

SEPARATIONS = {"touching": 3.0, "apart": 4.5, "clear": 6.0}  # standard deviations between centres


@dataclass(frozen=True)
class World:
    """One way to make tables: a name, the number of groups, how to draw rows and groups."""

    name: str
    k: int
    draw: Callable[[np.random.Generator, int, int], tuple[Array, Array]]


def _none(
    make: Callable[[np.random.Generator, int, int], Array],
) -> Callable[..., tuple[Array, Array]]:
    return lambda rng, n, d: (make(rng, n, d), np.zeros(n, int))


def box(rng: np.random.Generator, n: int, d: int) -> Array:
    """Draw from a box."""
    return rng.random((n, d)) * rng.uniform(0.5, 2, d)


def correlated(rng: np.random.Generator, n: int, d: int) -> Array:
    """Draw from one Gaussian with correlated columns."""
    return rng.normal(size=(n, d)) @ rng.normal(size=(d, d))


def heavy(rng: np.random.Generator, n: int, d: int) -> Array:
    """Draw from one t distribution with 3 degrees of freedom."""
    return rng.normal(size=(n, d)) / np.sqrt(rng.chisquare(3, size=(n, 1)) / 3)


def lognormal(rng: np.random.Generator, n: int, d: int) -> Array:
    """Draw from one skewed distribution."""
    return np.exp(rng.normal(size=(n, d)) @ (np.eye(d) + 0.3))


def banana(rng: np.random.Generator, n: int, d: int) -> Array:
    """Draw from one bent group."""
    X = rng.normal(size=(n, d))
    X[:, 0] *= 2
    X[:, 1] += 0.7 * (X[:, 0] ** 2 - 4)
    return X


def ring(rng: np.random.Generator, n: int, d: int) -> Array:
    """Draw from one ring."""
    angle = rng.uniform(0, 2 * np.pi, n)
    X = rng.normal(size=(n, d)) * 0.15
    X[:, 0] += np.cos(angle)
    X[:, 1] += np.sin(angle)
    return X


def gaussians(
    k: int, separation: float, *, sizes: str = "equal", shape: str = "round"
) -> Callable[..., tuple[Array, Array]]:
    """Make a world of groups whose nearest centres are `separation` deviations apart."""

    def draw(rng: np.random.Generator, n: int, d: int) -> tuple[Array, Array]:
        centres = _centres(rng, k, d, separation)
        weights = (
            np.full(k, 1 / k)
            if sizes == "equal"
            else np.geomspace(1, 5, k) / np.geomspace(1, 5, k).sum()
        )
        group = rng.choice(k, n, p=weights)
        noise = rng.normal(size=(n, d))
        X = centres[group] + noise
        if shape == "stretched":
            X = X @ (np.eye(d) + rng.normal(size=(d, d)) * 0.5)
        return X, group

    return draw


def _centres(rng: np.random.Generator, k: int, d: int, separation: float) -> Array:
    """Draw centres, each about as far from its nearest as asked: a random walk that refuses."""
    centres = [np.zeros(d)]
    while len(centres) < k:
        way = rng.normal(size=d)
        new = centres[rng.integers(len(centres))] + way / np.linalg.norm(
            way
        ) * separation * rng.uniform(1, 1.3)
        if min(np.linalg.norm(new - one) for one in centres) >= separation:
            centres.append(new)
    return np.array(centres)


def moons(rng: np.random.Generator, n: int, d: int) -> tuple[Array, Array]:
    """Draw two half rings that reach into each other."""
    group = rng.integers(0, 2, n)
    angle = rng.uniform(0, np.pi, n)
    X = rng.normal(size=(n, d)) * 0.1
    X[:, 0] += np.where(group, 1 - np.cos(angle), np.cos(angle))
    X[:, 1] += np.where(group, 0.5 - np.sin(angle), np.sin(angle))
    return X, group


def circles(rng: np.random.Generator, n: int, d: int) -> tuple[Array, Array]:
    """Draw a group with a ring about it."""
    group = rng.integers(0, 2, n)
    angle = rng.uniform(0, 2 * np.pi, n)
    X = rng.normal(size=(n, d)) * 0.1
    radius = np.where(group, 1.0, 0.25)
    X[:, 0] += radius * np.cos(angle)
    X[:, 1] += radius * np.sin(angle)
    return X, group


NONE = tuple(
    World(make.__name__, 1, _none(make))
    for make in (box, correlated, heavy, lognormal, banana, ring)
)
GROUPS = (
    *(
        World(f"{k} {name}", k, gaussians(k, separation))
        for name, separation in SEPARATIONS.items()
        for k in (2, 3, 5, 8)
    ),
    World("4 unequal, clear", 4, gaussians(4, 6.0, sizes="unequal")),
    World("3 stretched, clear", 3, gaussians(3, 6.0, shape="stretched")),
    World("two moons", 2, moons),
    World("ring about a group", 2, circles),
)
