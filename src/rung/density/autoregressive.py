"""A density by the chain rule: each column given those before it, averaged over several orders.

Numbers are seen as normal scores. Of each, one Gaussian first explains what it can by the known ones
before it, and a network says how what is left is distributed; a column with nothing before it has its
own distribution. A missing cell is left out of the products and of what later columns see. So the
density of any set of known cells sums to one, and that of a single cell is exact. That of two or
more is the one that the network learned: summing a larger one over a cell gives it only nearly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rung.core.family import Design, State
from rung.density.cells import CellScaling
from rung.density.gaussians import log_sum
from rung.density.missing_cells import patterns
from rung.density.mixtures import load_scaling
from rung.density.one_column import ColumnDensity
from rung.density.ordered_network import OrderedNetwork, cut, load_network
from rung.density.scores import load_margins, margin_arrays, to_scores
from rung.errors import BadModelFile
from rung.prep.nesting import nest, part
from rung.prep.states import REMEDY, take_array, take_count
from rung.typing import Array, Settings

BLOCK = 1_024


@dataclass(frozen=True)
class AutoregressiveDensity:
    """A density of each column given those before it, in the units of the table.

    Attributes
    ----------
    scaling : CellScaling
        Of numbers and categories.
    margins : tuple of ColumnDensity
        The distribution of each number alone, which gives its normal score.
    correlation : ndarray, shape (n_numbers, n_numbers)
        Of normal scores.
    network : OrderedNetwork
        What it says of residuals and levels.
    steps, n_rows : int
        Steps of the training that were kept, and rows that it learned from.
    """

    scaling: CellScaling
    margins: tuple[ColumnDensity, ...]
    correlation: Array
    network: OrderedNetwork
    steps: int = 0
    n_rows: int = 0

    @property
    def settings(self) -> Settings:
        """What was chosen, for the record."""
        return {
            "orders": len(self.network.orders),
            "components": self.network.n_components,
            "width": self.network.width,
            "steps": self.steps,
            "rows": self.n_rows,
        }

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return the log density of every row in nats, shape (n_rows, 1)."""
        X, codes = self.scaling.numbers(design, rows), self.scaling.codes(design, rows)
        scores, added = to_scores(self.margins, X)
        logs = self.scaling.with_background(added + self._logs(scores, codes), X, codes)
        return np.asarray(logs + self.scaling.log_jacobian(design, rows))[:, None]

    def _logs(self, scores: Array, codes: Array) -> Array:
        """Return the log of the mean density of scores and levels over all orders."""
        orders = range(len(self.network.orders))
        found = np.empty((len(scores), len(orders)))
        for order in orders:
            residuals, found[:, order] = self.residuals(scores, order)
            for start in range(0, len(scores), BLOCK):
                rows = slice(start, start + BLOCK)
                own = scores[rows], residuals[rows], codes[rows]
                found[rows, order] += self._logs_in_order(order, *own)
        return log_sum(found) - math.log(len(orders))

    def _logs_in_order(self, order: int, scores: Array, residuals: Array, codes: Array) -> Array:
        """Return log densities of residuals and levels."""
        network, d = self.network, len(self.margins)
        outputs = network.outputs(order, network.inputs(scores, residuals, codes))
        is_alone = network.is_alone(order, scores, codes)
        normal = -0.5 * residuals**2 - 0.5 * math.log(2 * math.pi)
        numbers = np.where(is_alone[:, :d], normal, network.number_logs(outputs, residuals))
        total: Array = np.where(np.isnan(scores), 0.0, numbers).sum(axis=1)
        for j, shares in enumerate(self._shares(outputs, is_alone[:, d:])):
            # the last column stands for a missing cell, which costs nothing
            logs = np.column_stack([np.log(shares), np.zeros(len(shares))])
            total += logs[np.arange(len(logs)), codes[:, j]]
        return total

    def _shares(self, outputs: Array, is_alone: Array) -> Iterator[Array]:
        """Yield the probability of every level, a little of it by the shares of all rows."""
        few, levels = self.scaling.background, self.network.level_logs(outputs)
        for base, logs, alone in zip(self.scaling.bases, levels, is_alone.T, strict=True):
            given = (1 - few) * np.exp(logs) * (1 - base[-1]) + few * base[:-1]
            shares = np.column_stack([given, np.full(len(logs), base[-1])])
            yield np.where(alone[:, None], base, shares)

    def residuals(self, scores: Array, order: int) -> tuple[Array, Array]:
        """Return what known scores before each leave of it, and the log of how it was stretched.

        Parameters
        ----------
        scores : ndarray, shape (n_rows, n_numbers)
            NaN is missing.
        order : int
            Of columns.
        """
        numbers, near = self._numbers(order), cut(scores)
        found, added = np.zeros_like(scores), np.zeros(len(scores))
        for rows, seen in patterns(scores):
            own = numbers[np.isin(numbers, seen)]
            whiten = self._whitening(own)
            left = near[np.ix_(rows, own)] @ whiten.T
            far = (scores - near)[np.ix_(rows, own)] * np.diag(whiten)
            found[np.ix_(rows, own)] = left + far
            added[rows] = np.log(np.diag(whiten)).sum()
        return found, added

    def _numbers(self, order: int) -> Array:
        columns = self.network.orders[order]
        return np.asarray(columns[columns < len(self.margins)])

    def _whitening(self, columns: Array) -> Array:
        """Return the lower triangle that makes these scores, in this order, independent."""
        return np.linalg.inv(np.linalg.cholesky(self.correlation[np.ix_(columns, columns)]))

    def sample(self, n: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Draw rows: numbers in the units of the table, and codes."""
        orders = rng.integers(len(self.network.orders), size=n)
        X = np.full((n, len(self.margins)), np.nan)
        codes = np.full((n, len(self.scaling.bases)), -1)
        for order in np.unique(orders):
            rows = np.flatnonzero(orders == order)
            X[rows], codes[rows] = self._drawn(int(order), len(rows), rng)
        for j, margin in enumerate(self.margins):
            X[:, j] = margin.numbers(X[:, j])
        return X * self.scaling.scale + self.scaling.centre, codes

    def _drawn(self, order: int, n: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Return scores and levels, drawn column by column in an order."""
        d, network, numbers = len(self.margins), self.network, self._numbers(order)
        whiten, place = self._whitening(numbers), 0
        scores, codes = np.full((n, d), np.nan), np.full((n, len(network.sizes)), -1)
        residuals = np.zeros((n, d))
        for column in network.orders[order]:
            outputs = network.outputs(order, network.inputs(scores, residuals, codes))
            is_alone = network.is_alone(order, scores, codes)
            if column >= d:
                shares = list(self._shares(outputs, is_alone[:, d:]))[column - d]
                codes[:, column - d] = _draw(shares, rng)
                continue
            log_shares, means, widths = (each[:, column] for each in network.mixtures(outputs))
            which = np.arange(n), _draw(np.exp(log_shares), rng)
            normal = rng.normal(size=n)
            given = means[which] + np.exp(widths[which]) * normal
            residuals[:, column] = np.where(is_alone[:, column], normal, given)
            before = cut(scores[:, numbers[:place]]) @ whiten[place, :place]
            scores[:, column] = (residuals[:, column] - before) / whiten[place, place]
            place += 1
        return scores, codes

    def to_state(self) -> State:
        """Return all that it is."""
        arrays = {
            "centre": self.scaling.centre,
            "scale": self.scaling.scale,
            "correlation": self.correlation,
        }
        arrays |= {f"base/{j}": base for j, base in enumerate(self.scaling.bases)}
        arrays |= margin_arrays(self.margins)
        spec = {
            "n_categories": len(self.scaling.bases),
            "background": self.scaling.background,
            "steps": self.steps,
            "rows": self.n_rows,
        }
        return nest({"own": State(spec, arrays), "network": self.network.to_state()})


def _draw(shares: Array, rng: np.random.Generator) -> Array:
    """Return one of the columns for every row, as probable as its share."""
    below = shares.cumsum(axis=1) < rng.random(len(shares))[:, None]
    return np.asarray(np.minimum(below.sum(axis=1), shares.shape[1] - 1))


def load_autoregressive(state: State) -> AutoregressiveDensity:
    """Turn a state into a model, after checking all of it."""
    own = part(state, "own")
    scaling = load_scaling(own)
    if not all(len(base) for base in scaling.bases):
        raise BadModelFile("a category of the model has no levels", REMEDY)
    n = len(scaling.centre)
    correlation = take_array(own, "correlation", (n, n))
    try:
        np.linalg.cholesky(correlation)
    except np.linalg.LinAlgError as error:
        raise BadModelFile("the correlation of the model is not positive", REMEDY) from error
    if n and np.abs(np.diag(correlation) - 1).max() > 1e-9:
        raise BadModelFile("the correlation of the model has no ones on its diagonal", REMEDY)
    return AutoregressiveDensity(
        scaling,
        load_margins(own, n),
        correlation,
        load_network(part(state, "network"), n, [len(base) - 1 for base in scaling.bases]),
        take_count(own, "steps", high=10**9),
        take_count(own, "rows", high=10**12),
    )
