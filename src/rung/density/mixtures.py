"""Densities that are mixtures: one Gaussian, a few, or one a training row."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rung.core.family import Design, State
from rung.density.cells import CellScaling, learn_scaling
from rung.density.gaussians import (
    PRIOR_ROWS,
    SHAPES,
    Categories,
    GaussianMix,
    fit_from,
    joint_log_densities,
    log_sum,
)
from rung.density.one_column import ColumnDensity
from rung.density.scores import fit_margins, load_margins, margin_arrays, to_scores
from rung.errors import BadModelFile
from rung.prep.states import REMEDY, take_array
from rung.typing import Array

BLOCK = 256
MOST_ROUNDS = 20
PRIOR_SHARE = 1e-3  # of the variance of a column: thin sheets of rows are found too


@dataclass(frozen=True)
class MixtureDensity:
    """A mixture of Gaussians and tables of categories, in the units of the table.

    Attributes
    ----------
    scaling : CellScaling
        Of numbers and categories.
    mixture : GaussianMix
        Of scaled numbers, or of their normal scores.
    margins : tuple of ColumnDensity
        The density of each number alone, which gives its normal score; empty for none.
    """

    scaling: CellScaling
    mixture: GaussianMix
    margins: tuple[ColumnDensity, ...] = ()

    def joint(self, design: Design, rows: Array | None = None) -> Array:
        """Return log weight times density of every component, shape (n_rows, n_components)."""
        X, codes = self.scaling.numbers(design, rows), self.scaling.codes(design, rows)
        return self._joint(X, codes) + self.scaling.log_jacobian(design, rows)[:, None]

    def _joint(self, X: Array, codes: Array) -> Array:
        """Return the same of scaled numbers, in their scale."""
        added = np.zeros(len(X))
        if self.margins:
            X, added = to_scores(self.margins, X)
        found = [
            joint_log_densities(self.mixture, X[at : at + BLOCK], codes[at : at + BLOCK])
            for at in range(0, len(X), BLOCK)
        ]
        joint = np.concatenate(found) if found else np.empty((0, self.mixture.n_components))
        return np.asarray(joint + added[:, None])

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return the log density of every row in nats, shape (n_rows, 1)."""
        X, codes = self.scaling.numbers(design, rows), self.scaling.codes(design, rows)
        logs = self.scaling.with_background(log_sum(self._joint(X, codes)), X, codes)
        return np.asarray(logs + self.scaling.log_jacobian(design, rows))[:, None]

    def sample(self, n: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Draw rows: numbers in the units of the table, and codes."""
        mixture = self.mixture
        which = rng.choice(mixture.n_components, n, p=mixture.weights / mixture.weights.sum())
        roots = np.linalg.cholesky(mixture.covariances)
        noise = rng.normal(size=(n, mixture.means.shape[1]))
        X = mixture.means[which] + np.einsum("nde,ne->nd", roots[which], noise)
        codes = np.empty((n, len(mixture.tables)), dtype=int)
        for j, table in enumerate(mixture.tables):
            codes[:, j] = (table[which].cumsum(axis=1) < rng.random(n)[:, None]).sum(axis=1)
        for j, margin in enumerate(self.margins):
            X[:, j] = margin.numbers(X[:, j])
        return X * self.scaling.scale + self.scaling.centre, codes

    def to_state(self) -> State:
        """Return all that it is."""
        mixture = self.mixture
        covariances = mixture.covariances[:1] if mixture.shape == "tied" else mixture.covariances
        arrays = {
            "centre": self.scaling.centre,
            "scale": self.scaling.scale,
            "weights": mixture.weights,
            "means": mixture.means,
            "covariances": covariances,
        }
        arrays |= {f"base/{j}": base for j, base in enumerate(self.scaling.bases)}
        arrays |= {f"table/{j}": table for j, table in enumerate(mixture.tables)}
        arrays |= margin_arrays(self.margins)
        spec = {"shape": mixture.shape, "n_categories": len(mixture.tables)}
        return State(spec | {"background": self.scaling.background}, arrays)


def load_scaling(state: State) -> CellScaling:
    """Return the scaling of a state, after checking it."""
    n = state.spec["n_categories"]
    if not isinstance(n, int) or not 0 <= n <= len(state.arrays):
        raise BadModelFile(f"{n!r} is no number of categories", REMEDY)
    centre = take_array(state, "centre", (None,))
    scale = take_array(state, "scale", (len(centre),), low=5e-324)
    bases = [take_array(state, f"base/{j}", (None,), low=1e-300, high=1) for j in range(n)]
    background = state.spec["background"]
    if not isinstance(background, float) or not 0 < background < 1:
        raise BadModelFile(f"a background of {background!r} is no share of rows", REMEDY)
    return CellScaling(centre, scale, tuple(bases), background)


def load_mixture(state: State) -> MixtureDensity:
    """Turn a state into a model, after checking all of it."""
    scaling, shape = load_scaling(state), state.spec["shape"]
    if shape not in SHAPES:
        raise BadModelFile(f"shape {shape!r}; {', '.join(SHAPES)} are known", REMEDY)
    weights = take_array(state, "weights", (None,), low=1e-300, high=1 + 1e-9)
    k, d = len(weights), len(scaling.centre)
    means = take_array(state, "means", (k, d))
    covariances = take_array(state, "covariances", (1 if shape == "tied" else k, d, d))
    try:
        np.linalg.cholesky(covariances)
    except np.linalg.LinAlgError as error:
        raise BadModelFile("a covariance of the model is not positive", REMEDY) from error
    tables = [
        take_array(state, f"table/{j}", (k, len(base)), low=1e-300, high=1 + 1e-9)
        for j, base in enumerate(scaling.bases)
    ]
    if any(np.abs(one.sum(axis=-1) - 1).max() > 1e-6 for one in (weights, *tables)):
        raise BadModelFile("probabilities of the model do not sum to one", REMEDY)
    full = np.repeat(covariances, k, axis=0) if shape == "tied" else covariances
    margins = load_margins(state, d) if "margin/0" in state.arrays else ()
    found = GaussianMix(weights, means, full, shape, (), tuple(tables))
    return MixtureDensity(scaling, found, margins)


def fit_gaussian(design: Design, rows: Array) -> MixtureDensity:
    """Fit one Gaussian with full, shrunk covariance; categories each alone."""
    return fit_mixture(design, rows, 1, "full", np.random.default_rng(0))


def fit_mixture(
    design: Design, rows: Array, k: int, shape: str, rng: np.random.Generator
) -> MixtureDensity:
    """Fit a mixture of so many components of one shape, from one start."""
    scaling = learn_scaling(design, rows)
    X, codes = scaling.numbers(design, rows), scaling.codes(design, rows)
    shares = first_shares(X, codes, k, rng)
    categories = Categories(codes, scaling.bases)
    mixture = fit_from(
        X, shares, shape, categories=categories, limit=(100, 1e-4), prior=(PRIOR_ROWS, PRIOR_SHARE)
    )
    return MixtureDensity(scaling, replace(mixture, objective=()))


def first_shares(X: Array, codes: Array, k: int, rng: np.random.Generator) -> Array:
    """Return first shares of components: k-means from rows that are drawn far apart.

    Source
    ------
    Arthur & Vassilvitskii (2007), SODA: k-means++. A level that differs counts as a distance of two
    squared standard deviations.
    """
    if k == 1:
        return np.ones((len(X), 1))
    levels = [np.eye(column.max() + 2)[column] for column in codes.T]
    Z = np.column_stack([np.nan_to_num(X), *levels])
    drawn = int(rng.integers(len(Z)))
    squares = (Z**2).sum(axis=1)
    centres, nearest = Z[[drawn]], np.full(len(Z), np.inf)
    for _ in range(1, k):
        to_last = squares - 2 * Z @ centres[-1] + squares[drawn]
        nearest = np.minimum(nearest, np.maximum(to_last, 0.0))
        total = nearest.sum()
        drawn = int(rng.choice(len(Z), p=nearest / total if total > 0 else None))
        centres = np.vstack([centres, Z[drawn]])
    before = _nearest(Z, centres)
    for _ in range(MOST_ROUNDS):
        shares = np.eye(k)[before]
        counts = shares.sum(axis=0)[:, None]
        centres = np.where(counts > 0, shares.T @ Z / np.maximum(counts, 1), centres)
        found = _nearest(Z, centres)
        if np.array_equal(found, before):
            break
        before = found
    return np.asarray(np.eye(k)[before])


def _nearest(Z: Array, centres: Array) -> Array:
    """Return the nearest of the centres to each row."""
    return np.asarray((Z @ centres.T - 0.5 * (centres**2).sum(axis=1)).argmax(axis=1))


WIDTHS = np.geomspace(0.05, 1.0, 12)
MOST_CENTRES = 2_000


def fit_kernel(design: Design, rows: Array, rng: np.random.Generator) -> MixtureDensity:
    """Put a Gaussian on normal scores of training rows, as wide as makes left-out rows likeliest.

    Missing cells of a centre are filled by regression on the others; a category keeps its level
    with a probability that grows as the kernels narrow.

    Source
    ------
    Duin (1976), leave one out; Aitchison & Aitken (1976) for categories.
    """
    if len(rows) > MOST_CENTRES:
        rows = np.sort(rng.choice(rows, MOST_CENTRES, replace=False))
    scaling = learn_scaling(design, rows)
    X, codes = scaling.numbers(design, rows), scaling.codes(design, rows)
    margins = fit_margins(X)
    Z, _ = to_scores(margins, X)
    prior = (PRIOR_ROWS, PRIOR_SHARE)
    whole = fit_from(Z, np.ones((len(Z), 1)), "full", limit=(100, 1e-4), prior=prior)
    filled = _fill(Z, whole)
    scored = rng.permutation(len(rows))[:500]
    fits = [_kernel(filled, codes, (whole, scaling), width) for width in WIDTHS]
    scores = [_left_out(fit, Z, codes, scored) for fit in fits]
    return MixtureDensity(scaling, fits[int(np.argmax(scores))], margins)


def _fill(X: Array, one: GaussianMix) -> Array:
    filled, covariance, mean = X.copy(), one.covariances[0], one.means[0]
    for i in np.flatnonzero(np.isnan(X).any(axis=1)):
        lost, seen = np.flatnonzero(np.isnan(X[i])), np.flatnonzero(~np.isnan(X[i]))
        weights = np.linalg.solve(covariance[np.ix_(seen, seen)], covariance[np.ix_(seen, lost)])
        filled[i, lost] = mean[lost] + (X[i, seen] - mean[seen]) @ weights
    return filled


def _kernel(
    filled: Array, codes: Array, whole: tuple[GaussianMix, CellScaling], width: float
) -> GaussianMix:
    n, (one, scaling) = len(filled), whole
    tables = []
    for j, base in enumerate(scaling.bases):
        own = np.where(codes[:, j, None] < 0, base, np.eye(len(base))[codes[:, j]])
        tables.append((1 - width / 2) * own + width / 2 * base)
    covariances = np.repeat(one.covariances * width**2, n, axis=0)
    return GaussianMix(np.full(n, 1 / n), filled, covariances, "tied", (), tuple(tables))


def _left_out(fit: GaussianMix, X: Array, codes: Array, scored: Array) -> float:
    total = 0.0
    for at in range(0, len(scored), BLOCK):
        rows = scored[at : at + BLOCK]
        joint = joint_log_densities(fit, X[rows], codes[rows])
        joint[np.arange(len(rows)), rows] = -np.inf
        total += float(log_sum(joint).sum())
    return total
