"""Train the network of an autoregressive density; torch alone, in single precision."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from rung.core.family import Design
from rung.density.autoregressive import AutoregressiveDensity
from rung.density.cells import learn_scaling
from rung.density.gaussians import PRIOR_ROWS, GaussianMix, fit_from
from rung.density.mixtures import PRIOR_SHARE
from rung.density.ordered_network import LOG_WIDTHS, OrderedNetwork, cut, draw_network
from rung.density.scores import fit_margins, to_scores
from rung.nets.training.threads import torch_threads
from rung.typing import Array

ORDERS, WIDTH, COMPONENTS = 4, 128, 8
STEPS, BATCH_ROWS, FEWEST_BATCH_ROWS = 600, 256, 32
BATCH_OUTPUTS = 75_000  # outputs of a step: wide tables take fewer rows
RATE, WARMING, MOMENTA, MOST_SLOPE = 0.02, 50, (0.9, 0.98), 5.0
FEWEST_HELD, MOST_HELD = 50, 2_000  # rows held out inside, a tenth between these
LOOK_EVERY, PATIENCE = 50, 4
BLANKED_SHARE, BLANKS = 0.25, 64
FINEST = 2.0**-16  # of normal scores that are learned from
LEAST_NATS = 20.0  # a column: the background takes over below


@dataclass(frozen=True)
class _OrderedRows:
    """Rows as the orders see them.

    Attributes
    ----------
    scores : ndarray, shape (n_rows, n_numbers)
        Normal scores, NaN for missing.
    residuals : sequence of ndarray, each (n_rows, n_numbers)
        What a Gaussian leaves of them in each order.
    codes : ndarray of int, shape (n_rows, n_categories)
        Levels.
    """

    scores: Array
    residuals: Sequence[Array]
    codes: Array

    def batch(self, network: OrderedNetwork, order: int, rows: Array) -> tuple[Tensor, ...]:
        """Return inputs, residuals, which are known, levels, and which columns stand alone."""
        scores, residuals = self.scores[rows], self.residuals[order][rows]
        inputs = network.inputs(scores, residuals, self.codes[rows])
        known = np.isfinite(scores).astype(np.float32)
        return (
            torch.from_numpy(inputs.astype(np.float32)),
            torch.from_numpy(residuals.astype(np.float32)),
            torch.from_numpy(known),
            torch.from_numpy(self.codes[rows]),
            torch.from_numpy(network.is_alone(order, scores, self.codes[rows])),
        )


def fit_autoregressive(
    design: Design, rows: Array, rng: np.random.Generator
) -> AutoregressiveDensity:
    """Fit margins and one Gaussian of their normal scores, and train a network on what they leave.

    A quarter of the rows that a step sees have some cells blanked, as rows that are asked about may
    have. Rows held out inside say which weights are kept, the untrained ones among them.

    Parameters
    ----------
    design : Design
        The table.
    rows : ndarray of int
        Training rows.
    rng : Generator
        Of first weights, orders, rows of steps, blanks and rows that are held out.

    Source
    ------
    Uria, Murray & Larochelle (2014); Germain, Gregor, Murray & Larochelle (2015). NOTE[DIFF] a
    Gaussian explains what is linear, and the network sees what it leaves too.
    """
    scaling = learn_scaling(design, rows)
    X, codes = scaling.numbers(design, rows), scaling.codes(design, rows)
    margins = fit_margins(X)
    # other units of a column change last bits, which a long training would make large
    scores = np.round(to_scores(margins, X)[0] / FINEST) * FINEST
    prior = (PRIOR_ROWS, PRIOR_SHARE)
    whole = fit_from(cut(scores), np.ones((len(X), 1)), "full", limit=(100, 1e-4), prior=prior)
    sizes = [len(base) - 1 for base in scaling.bases]
    network = draw_network(sizes, len(margins), (ORDERS, WIDTH, COMPONENTS), rng)
    _expect_shares(network, scaling.bases)
    start = AutoregressiveDensity(scaling, margins, _correlation(whole), network, 0, len(rows))
    with torch_threads(1):
        return _train(start, scores, codes, rng)


def _correlation(one: GaussianMix) -> Array:
    spread = np.sqrt(np.diag(one.covariances[0]))
    found = one.covariances[0] / np.outer(spread, spread)
    np.fill_diagonal(found, 1.0)
    return np.asarray(found)


def _expect_shares(network: OrderedNetwork, bases: Sequence[Array]) -> None:
    """Begin at the shares that levels have in all rows."""
    at = network.n_numbers * 3 * network.n_components
    logs = [np.log(base[:-1]) for base in bases]
    network.weights["head.bias"][:, at:] = np.concatenate([*logs, np.empty(0)])


def _train(
    start: AutoregressiveDensity, scores: Array, codes: Array, rng: np.random.Generator
) -> AutoregressiveDensity:
    n, network = len(scores), start.network
    n_held = min(max(n // 10, min(FEWEST_HELD, n // 4), 1), MOST_HELD)
    order = rng.permutation(n)
    held, learned = order[:n_held], order[n_held:]
    rows = _blanked(start, scores[learned], codes[learned], rng)
    watched = _rows(start, scores[held], codes[held])
    n_batch = min(max(BATCH_OUTPUTS // len(network.of_outputs), FEWEST_BATCH_ROWS), BATCH_ROWS)
    n_batch = min(n_batch, len(learned))
    training = _OrderedTraining(network, start.scaling.bases)
    best, kept, waiting = training.judge(watched), training.weights(), 0
    steps = 0
    for step in range(1, STEPS + 1 if len(learned) else 1):
        is_blanked = rng.random(n_batch) < BLANKED_SHARE
        drawn = rng.integers(len(learned), size=n_batch) + len(learned) * is_blanked
        which = step % len(network.orders)
        training.step(rows.batch(network, which, drawn), which, _rate(step))
        if step % LOOK_EVERY:
            continue
        found = training.judge(watched)
        if found > best:
            best, kept, waiting, steps = found, training.weights(), 0, step
        else:
            waiting += 1
        if waiting == PATIENCE:
            break
    return replace(start, network=replace(network, weights=kept), steps=steps)


def _rate(step: int) -> float:
    fall = 0.5 * (1 + math.cos(math.pi * (step - 1) / STEPS))
    return RATE * min(step / WARMING, 1.0) * (fall + 0.01)


def _rows(start: AutoregressiveDensity, scores: Array, codes: Array) -> _OrderedRows:
    orders = range(len(start.network.orders))
    return _OrderedRows(scores, [start.residuals(scores, order)[0] for order in orders], codes)


def _blanked(
    start: AutoregressiveDensity, scores: Array, codes: Array, rng: np.random.Generator
) -> _OrderedRows:
    """Return rows, and below them the same with cells blanked, any number of them."""
    n = scores.shape[1] + codes.shape[1]
    places = rng.permuted(np.tile(np.arange(n), (BLANKS, 1)), axis=1)
    blanks = places < rng.integers(n, size=(BLANKS, 1))
    own = blanks[rng.integers(BLANKS, size=len(scores))]
    some_scores = np.where(own[:, : scores.shape[1]], np.nan, scores)
    some_codes = np.where(own[:, scores.shape[1] :], -1, codes)
    return _rows(start, np.vstack([scores, some_scores]), np.vstack([codes, some_codes]))


class _OrderedTraining:
    """Hold weights and momenta while a network is trained by Adam (Kingma & Ba 2015).

    All weights are one vector. The steps are written out, as `torch.optim` takes seconds to load.
    """

    def __init__(self, network: OrderedNetwork, bases: Sequence[Array]) -> None:
        self.network = network
        self.bases = [torch.from_numpy(np.log(base[:-1]).astype(np.float32)) for base in bases]
        self.values = _one_vector(network, network.weights).requires_grad_()
        ones = {name: np.ones(shape) for name, shape in network.shapes.items()}
        orders = range(len(network.orders))
        self.masks = [_one_vector(network, ones | network.masks(order)) for order in orders]
        self.means, self.squares = torch.zeros(2, len(self.values)).unbind()
        self.done = 0

    def weights(self) -> dict[str, Array]:
        """Return the weights as they are now."""
        parts = self._parts(self.values.detach().double())
        return {name: each.numpy().copy() for name, each in parts.items()}

    def _parts(self, values: Tensor) -> dict[str, Tensor]:
        """Return the weights of a vector by name."""
        shapes = self.network.shapes
        parts = torch.split(values, [math.prod(shape) for shape in shapes.values()])
        named = zip(shapes.items(), parts, strict=True)
        return {name: each.reshape(shape) for (name, shape), each in named}

    def logs(self, batch: tuple[Tensor, ...], order: int) -> Tensor:
        """Return the log density of residuals and levels of every row."""
        inputs, residuals, known, codes, is_alone = batch
        d, k, start = self.network.n_numbers, self.network.n_components, 0
        outputs = self._outputs(inputs, order)
        total = torch.zeros(len(inputs))
        if d:
            start = 3 * k * d
            shares, means, widths = outputs[:, :start].reshape(-1, 3, k, d).unbind(1)
            widths = widths.clamp(*LOG_WIDTHS)
            z = (residuals[:, None] - means) * torch.exp(-widths)
            each = torch.logsumexp(shares - widths - 0.5 * z * z, 1) - torch.logsumexp(shares, 1)
            each = torch.where(is_alone[:, :d], -0.5 * residuals**2, each)
            total = ((each - 0.5 * math.log(2 * math.pi)) * known).sum(1)
        for j, size in enumerate(self.network.sizes):
            if size:
                shares = torch.log_softmax(outputs[:, start : start + size], 1)
                shares = torch.where(is_alone[:, [d + j]], self.bases[j], shares)
                has_level = (codes[:, j] >= 0) & (codes[:, j] < size)
                at = codes[:, j].clamp(0, size - 1)[:, None]
                total = total + shares.gather(1, at)[:, 0] * has_level
            start += size
        return total

    def _outputs(self, inputs: Tensor, order: int) -> Tensor:
        own, silu = self._parts(self.values * self.masks[order]), torch.nn.functional.silu
        first = torch.addmm(own["first.bias"][order], inputs, own["first.weight"])
        second = torch.addmm(own["second.bias"][order], silu(first), own["second.weight"])
        return torch.addmm(own["head.bias"][order], silu(first + second), own["head.weight"])

    def judge(self, watched: _OrderedRows) -> float:
        """Return the mean log of the mean density of watched rows over all orders."""
        rows, orders = np.arange(len(watched.scores)), range(len(self.masks))
        least = -LEAST_NATS * (self.network.n_numbers + len(self.network.sizes))
        with torch.no_grad():
            found = [self.logs(watched.batch(self.network, i, rows), i) for i in orders]
            together = torch.logsumexp(torch.stack(found).clamp(min=least), 0)
        return float(together.mean())

    def step(self, batch: tuple[Tensor, ...], order: int, rate: float) -> None:
        """Take one step up the mean log density of a batch."""
        (slope,) = torch.autograd.grad(-self.logs(batch, order).mean(), [self.values])
        self.done += 1
        one, two = MOMENTA
        unit = rate * math.sqrt(1 - two**self.done) / (1 - one**self.done)
        with torch.no_grad():
            slope *= torch.clamp(MOST_SLOPE / (torch.linalg.vector_norm(slope) + 1e-9), max=1.0)
            self.means.lerp_(slope, 1 - one)
            self.squares.mul_(two).addcmul_(slope, slope, value=1 - two)
            self.values.addcdiv_(self.means, self.squares.sqrt().add_(1e-8), value=-unit)


def _one_vector(network: OrderedNetwork, named: Mapping[str, Array]) -> Tensor:
    """Return arrays, named as the weights are, as one vector."""
    parts = [named[name].ravel() for name in network.shapes]
    return torch.from_numpy(np.concatenate(parts).astype(np.float32))
