"""Fit trees: margins, the pairs that hold most mutual information, and what joins them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from rung.core.family import Design, State
from rung.density.cells import learn_scaling
from rung.density.mixtures import load_scaling
from rung.density.one_column import ColumnDensity
from rung.density.scores import fit_margins, load_margins
from rung.density.tree import PRIOR_ROWS, TreeDensity, TreeEdge
from rung.density.tree_shape import spanning_tree
from rung.errors import BadModelFile
from rung.prep.states import REMEDY, take_array
from rung.typing import Array

BINS = (8, 12, 16, 24, 32, 48)
FEWEST_HELD, MOST_SEARCHED, LEAST_NATS = 40, 20_000, 20.0
CORRELATIONS = np.tanh(np.linspace(-3.8, 3.8, 1521))  # up to .999, finest at the ends


def fit_tree(
    design: Design, rows: Array, *, joined: bool = True, is_smooth: bool = False
) -> TreeDensity:
    """Fit each column alone, and join columns by the tree of most mutual information.

    Parameters
    ----------
    design : Design
        The table.
    rows : ndarray of int
        Training rows.
    joined : bool, default True
        False leaves every column alone.
    is_smooth : bool, default False
        Gaussians and correlations alone, without histograms of columns and tables of numbers.

    Source
    ------
    Chow & Liu (1968), IEEE Transactions on Information Theory 14; Miller (1955) for what chance adds
    to the mutual information of tables.
    """
    scaling = learn_scaling(design, rows)
    X, codes = scaling.numbers(design, rows), scaling.codes(design, rows)
    margins = fit_margins(X)
    if is_smooth:
        margins = tuple(ColumnDensity(margin.gaussians) for margin in margins)
    alone = TreeDensity(scaling, margins, ())
    if not joined:
        return alone
    scores = np.full_like(X, np.nan)
    for j, margin in enumerate(margins):
        known = np.isfinite(X[:, j])
        scores[known, j] = margin.scores(X[known, j])
    n_bins = 0 if is_smooth else _likeliest_bins(alone, scores, codes)
    return _joined(alone, scores, codes, n_bins)


def _likeliest_bins(alone: TreeDensity, scores: Array, codes: Array) -> int:
    """Return the bins that make rows held out inside likeliest; 0 where correlations do as well."""
    order = np.random.default_rng(0).permutation(len(scores))[:MOST_SEARCHED]
    held, train = order[: len(order) // 5], order[len(order) // 5 :]
    if len(held) < FEWEST_HELD or not scores.shape[1]:
        return 0
    least = -LEAST_NATS * (scores.shape[1] + codes.shape[1])  # the background takes over
    logs = {}
    for n_bins in (0, *BINS):
        tree = _joined(alone, scores[train], codes[train], n_bins)
        logs[n_bins] = np.maximum(tree.log_ratios(scores[held], codes[held]), least)
    best = max(BINS, key=lambda n_bins: float(logs[n_bins].mean()))
    gain = logs[best] - logs[0]
    return best if gain.mean() > gain.std() / math.sqrt(len(gain)) else 0


def _joined(alone: TreeDensity, scores: Array, codes: Array, n_bins: int) -> TreeDensity:
    """Join columns by correlations and tables, or by tables of so many bins alone."""
    tree = replace(alone, n_bins=n_bins)
    sizes = [len(base) for base in alone.scaling.bases]
    if n_bins:
        codes, sizes = tree.level_codes(scores, codes), [n_bins] * scores.shape[1] + sizes
        scores = scores[:, :0]
    return replace(tree, edges=_edges(scores, codes, sizes, is_binned=n_bins > 0))


def _edges(
    scores: Array, codes: Array, sizes: list[int], *, is_binned: bool
) -> tuple[TreeEdge, ...]:
    d, n = scores.shape[1], scores.shape[1] + len(sizes)
    pairs: dict[tuple[int, int], TreeEdge] = {}
    information, least = np.zeros((n, n)), np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1, n):
            edge, n_free = _pair(scores, codes, sizes, i, j)
            rows = max(float(edge.counts.sum()), 2.0)
            bound = 0.5 * n_free * math.log(rows) / rows
            if is_binned:  # less what chance adds; edges are worth more than their tables cost
                added = added_by_chance(edge.counts)
                edge = replace(edge, information=edge.information - added)
                bound = (n_free + 3 * math.sqrt(n_free)) / rows - added
            pairs[i, j] = edge
            information[i, j] = information[j, i] = edge.information
            least[i, j] = least[j, i] = bound
    found = spanning_tree(information, least, n_numbers=d)
    return tuple(_turned(pairs[min(edge), max(edge)], *edge) for edge in found)


def added_by_chance(counts: Array) -> float:
    """Return what chance adds to the mutual information of a table, in nats a row.

    Examples
    --------
    >>> added_by_chance(np.array([[30, 20], [25, 25]]))
    0.005
    """
    seen = counts > 0
    n_free = seen.sum() - seen.any(axis=0).sum() - seen.any(axis=1).sum() + 1
    return 0.5 * float(n_free) / max(float(counts.sum()), 1.0)


def _turned(edge: TreeEdge, parent: int, child: int) -> TreeEdge:
    """Return an edge that points from this parent to this child."""
    is_table = edge.counts.ndim == 2 and parent != edge.parent
    counts = edge.counts.T.copy() if is_table else edge.counts
    return TreeEdge(parent, child, edge.information, counts, edge.parts)


def _pair(scores: Array, codes: Array, sizes: list[int], i: int, j: int) -> tuple[TreeEdge, int]:
    """Return what joins two columns, and its number of free parameters."""
    d = scores.shape[1]
    if j < d:
        both = np.isfinite(scores[:, i]) & np.isfinite(scores[:, j])
        found, gain = likeliest_correlation(scores[both, i], scores[both, j])
        return TreeEdge(i, j, gain, np.array([float(both.sum())]), np.array([found])), 1
    if i < d:
        return _link(scores[:, i], codes[:, j - d], sizes[j - d], (j, i))
    return _joint(codes[:, [i - d, j - d]], (sizes[i - d], sizes[j - d]), (i, j))


def likeliest_correlation(one: Array, two: Array) -> tuple[float, float]:
    """Return the correlation that makes pairs of scores likeliest, and what it gains a row.

    The margins are never exactly normal: the moment would overstate what holds in the tails.
    """
    rows = len(one) + PRIOR_ROWS
    squares = (float(one @ one + two @ two) + 2 * PRIOR_ROWS) / rows
    product = float(one @ two) / rows
    rho = CORRELATIONS
    gains = -0.5 * np.log1p(-(rho**2)) - (rho**2 * squares - 2 * rho * product) / (2 - 2 * rho**2)
    best = int(gains.argmax())
    return float(rho[best]), float(gains[best])


def _link(scores: Array, codes: Array, size: int, ends: tuple[int, int]) -> tuple[TreeEdge, int]:
    """Return mean and spread of a score by level, each with a prior row of the whole."""
    both = np.isfinite(scores) & (codes >= 0)
    z, level = scores[both], codes[both]
    counts = np.bincount(level, minlength=size).astype(float)
    means = np.bincount(level, z, minlength=size) / (counts + PRIOR_ROWS)
    squares = np.bincount(level, (z - means[level]) ** 2, minlength=size) + PRIOR_ROWS
    spreads = np.sqrt(np.maximum(squares / (counts + PRIOR_ROWS), 1e-6))
    within = ((z - means[level]) / spreads[level]) ** 2
    gain = float((0.5 * (z**2 - within) - np.log(spreads[level])).mean()) if len(z) else 0.0
    used = int((counts > 0).sum())
    return TreeEdge(*ends, gain, counts, np.stack([means, spreads])), 2 * max(used - 1, 1)


def _joint(codes: Array, sizes: tuple[int, int], ends: tuple[int, int]) -> tuple[TreeEdge, int]:
    """Return the counts of pairs of levels, and their mutual information."""
    both = (codes >= 0).all(axis=1)
    flat = codes[both, 0] * sizes[1] + codes[both, 1]
    counts = np.bincount(flat, minlength=sizes[0] * sizes[1]).reshape(sizes).astype(float)
    share = counts / max(counts.sum(), 1)
    apart = np.outer(share.sum(axis=1), share.sum(axis=0))
    held = share > 0
    gain = float((share[held] * np.log(share[held] / apart[held])).sum())
    n_free = (held.any(axis=1).sum() - 1) * (held.any(axis=0).sum() - 1)
    return TreeEdge(*ends, gain, counts, np.empty(0)), int(n_free)


def load_tree(state: State) -> TreeDensity:
    """Turn a state into a model, after checking all of it."""
    scaling = load_scaling(state)
    d, sizes = len(scaling.centre), [len(base) for base in scaling.bases]
    margins = load_margins(state, d)
    last = d + len(sizes) - 1
    pairs = take_array(state, "edges", (None, 2), low=0, high=max(last, 0), whole=True)
    ends = [(int(a), int(b)) for a, b in pairs]
    n_bins = state.spec.get("n_bins", 0)
    if type(n_bins) is not int or not 0 <= n_bins <= max(BINS):
        raise BadModelFile(f"{n_bins!r} is no number of bins", REMEDY)
    # binned numbers are levels before those of categories
    n_numbers, sizes = (0, [n_bins] * d + sizes) if n_bins else (d, sizes)
    _check_edges(ends, n_numbers)
    information = take_array(state, "information", (len(ends),))
    edges = [
        TreeEdge(*pair, float(information[i]), *_read_parts(state, i, pair, (n_numbers, sizes)))
        for i, pair in enumerate(ends)
    ]
    return TreeDensity(scaling, margins, tuple(edges), n_bins)


def _read_parts(
    state: State, i: int, ends: tuple[int, int], of: tuple[int, list[int]]
) -> tuple[Array, Array]:
    (parent, child), (d, sizes) = ends, of
    counts, parts = f"counts/{i}", f"parts/{i}"
    if parent < d:
        found = take_array(state, parts, (1,), low=-0.9999, high=0.9999)
        return take_array(state, counts, (1,), low=0), found
    if child < d:
        found = take_array(state, parts, (2, sizes[parent - d]))
        if found[1].min() <= 0:
            raise BadModelFile("a spread of the model is not positive", REMEDY)
        return take_array(state, counts, (sizes[parent - d],), low=0), found
    shape = (sizes[parent - d], sizes[child - d])
    return take_array(state, counts, shape, low=0), take_array(state, parts, (0,))


def _check_edges(edges: list[tuple[int, int]], n_numbers: int) -> None:
    """Refuse edges that are no tree with parents first and categories above numbers."""
    children: set[int] = set()
    for number, (parent, child) in enumerate(edges):
        later = {below for _, below in edges[number:]}
        if child in children or parent in later or parent < n_numbers <= child:
            raise BadModelFile("the edges of the model are no tree", REMEDY)
        children.add(child)
