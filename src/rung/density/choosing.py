"""Choose how many Gaussians a table supports, and of which shape, by rows held out inside."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from rung.core.family import Design
from rung.density.cells import learn_scaling
from rung.density.gaussians import (
    PRIOR_ROWS,
    Categories,
    GaussianMix,
    fit_from,
    joint_log_densities,
    log_density,
    log_sum,
)
from rung.density.mixtures import PRIOR_SHARE, MixtureDensity, first_shares
from rung.density.one_column import ColumnDensity
from rung.density.scores import fit_margins, to_scores
from rung.typing import Array

COUNTS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
SHAPES_TRIED = ("full", "tied", "diagonal")
MOST_WAITING = 2  # counts in a row that bring nothing
FEWEST_ROWS, MOST_SEARCHED = 20, 4_000
LEAST_NATS = 20.0
JUDGED_ROWS = 300  # held out inside, in parts of a fifth of the rows
SHORT_ROUNDS, ROUNDS, LAST_ROUNDS = (8, 1e-2), (40, 2e-3), (100, 5e-4)


def fit_best(
    design: Design, rows: Array, rng: np.random.Generator, *, most: int, starts: int = 2
) -> MixtureDensity:
    """Fit a mixture, its components, shape and scale chosen by rows that are held out inside.

    The scale is that of the numbers or, where that is better by more than two standard errors, of their
    normal scores by the density of each column alone: skewed columns and those with a
    heap at one value then need no components of their own.

    Parameters
    ----------
    design : Design
        The table.
    rows : ndarray of int
        Training rows.
    rng : Generator
        Of starts and of rows that are held out.
    most : int
        Components that are tried at most.
    starts : int, default 2
        Of the last fit, of which the likeliest is taken.

    Source
    ------
    Smyth (2000), Statistics and Computing 10: held-out likelihood for the number of components.
    """
    scaling = learn_scaling(design, rows)
    X, codes = scaling.numbers(design, rows), scaling.codes(design, rows)
    margins = fit_margins(X)
    within = X / np.array([_within(margin) for margin in margins])
    plain = _Points(X, np.zeros(len(X)), codes, scaling.bases, within)
    scored = _Points(*to_scores(margins, X), codes, scaling.bases, within)
    points, k, shape = plain, 1, "full"
    if len(rows) >= FEWEST_ROWS:
        splits = _splits(rng, len(rows))
        own, other = (each.path(splits, "full", rng, most) for each in (plain, scored))
        is_scored = _is_better(max(other, key=_mean).logs, max(own, key=_mean).logs, 2.0)
        points, path = (scored, other) if is_scored else (plain, own)
        k, shape, _ = points.choose(path, splits, rng, most)
    whole = np.arange(len(rows))
    fits = [points.fit(whole, k, shape, rng, LAST_ROUNDS) for _ in range(starts if k > 1 else 1)]
    best = max(fits, key=lambda one: one.objective[-1])
    used = margins if points is scored else ()
    return MixtureDensity(scaling, replace(best, objective=()), used)


def _splits(rng: np.random.Generator, n_rows: int) -> list[tuple[Array, Array]]:
    """Return rows to fit and rows held out, of many rows a part."""
    order = rng.permutation(n_rows)[:MOST_SEARCHED]
    part = len(order) // 5
    held = [order[i * part : (i + 1) * part] for i in range(min(-(-JUDGED_ROWS // part), 5))]
    return [(np.setdiff1d(order, one), one) for one in held]


def _is_better(logs: Array, others: Array, errors: float = 1.0) -> bool:
    """Tell whether rows are more probable by more than so many standard errors."""
    gain = logs - others
    return bool(gain.mean() > errors * gain.std() / math.sqrt(len(gain)))


class _HeldOutCount(NamedTuple):
    """Components, shape and the log densities of held-out rows."""

    k: int
    shape: str
    logs: Array


@dataclass(frozen=True)
class _Points:
    """Training rows as a mixture sees them.

    Attributes
    ----------
    X : ndarray, shape (n_rows, n_numbers)
        Scaled numbers, or their normal scores.
    added : ndarray, shape (n_rows,)
        What a density of these points lacks to one of scaled numbers.
    codes : ndarray of int, shape (n_rows, n_categories)
        Levels.
    bases : tuple of ndarray
        Share of every level.
    within : ndarray, shape (n_rows, n_numbers)
        Scaled numbers in units of the spread inside the clouds that their columns show alone.
    """

    X: Array
    added: Array
    codes: Array
    bases: tuple[Array, ...]
    within: Array

    def fit(
        self, rows: Array, k: int, shape: str, rng: np.random.Generator, limit: tuple[int, float]
    ) -> GaussianMix:
        """Fit so many components of one shape, from the better of two starts."""
        X, codes = self.X[rows], self.codes[rows]
        given = Categories(codes, self.bases)
        prior = (PRIOR_ROWS, PRIOR_SHARE)
        views = (X, self.within[rows]) if k > 1 else (X,)
        tried = [first_shares(view, codes, k, rng) for view in views]
        if len(tried) > 1:  # a few steps tell which is the better
            short = [
                fit_from(X, one, shape, categories=given, limit=SHORT_ROUNDS, prior=prior)
                for one in tried
            ]
            best = max(short, key=lambda one: one.objective[-1])
            tried = [_shares(best, X, codes)]
        return fit_from(X, tried[0], shape, categories=given, limit=limit, prior=prior)

    def choose(
        self,
        known: list[_HeldOutCount],
        splits: list[tuple[Array, Array]],
        rng: np.random.Generator,
        most: int,
    ) -> _HeldOutCount:
        """Return the fewest components of the best shape that no count beats for certain."""
        others = [shape for shape in SHAPES_TRIED if shape != known[0].shape]
        paths = [known, *(self.path(splits, shape, rng, most) for shape in others)]
        best = max((max(path, key=_mean) for path in paths), key=_mean)
        path = next(path for path in paths if path[0].shape == best.shape)
        return next(one for one in path if one is best or not _is_better(best.logs, one.logs))

    def path(
        self, splits: list[tuple[Array, Array]], shape: str, rng: np.random.Generator, most: int
    ) -> list[_HeldOutCount]:
        """Return what held-out rows say of every count that was tried."""
        found: list[_HeldOutCount] = []
        top, waiting = -math.inf, 0
        for k in (one for one in COUNTS if one <= most):
            logs = np.concatenate([self._judge(split, k, shape, rng) for split in splits])
            found.append(_HeldOutCount(k, shape, logs))
            waiting = 0 if logs.mean() > top else waiting + 1
            top = max(top, float(logs.mean()))
            if waiting == MOST_WAITING:
                break
        return found

    def _judge(
        self, split: tuple[Array, Array], k: int, shape: str, rng: np.random.Generator
    ) -> Array:
        """Return log densities of held-out rows, none below a bound."""
        train, held = split
        found = self.fit(train, k, shape, rng, ROUNDS)
        logs = log_density(found, self.X[held], self.codes[held]) + self.added[held]
        least = -LEAST_NATS * (self.X.shape[1] + len(self.bases))  # the background takes over
        return np.asarray(np.maximum(np.nan_to_num(logs, nan=least), least))


def _within(margin: ColumnDensity) -> float:
    """Return the spread of a number inside the components of its distribution."""
    own = margin.gaussians
    return float(np.sqrt(own.weights @ own.covariances[:, 0, 0]))


def _shares(found: GaussianMix, X: Array, codes: Array) -> Array:
    joint = joint_log_densities(found, X, codes)
    return np.asarray(np.exp(joint - log_sum(joint)[:, None]))


def _mean(one: _HeldOutCount) -> float:
    return float(one.logs.mean())
