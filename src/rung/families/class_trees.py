"""Densities of levels, one a class: each column depends on the class and one other column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.family import Design, Problem, State
from rung.density.tree_shape import spanning_tree
from rung.errors import BadModelFile
from rung.families.cell_levels import CellLevels, learn_levels
from rung.prep.outputs import absent_shares, softmax, spread_shares, take_outputs
from rung.prep.states import REMEDY, merge, take_array
from rung.typing import Array

LAPLACE = 1.0
PRIOR_ROWS = 5.0  # rows of each parent's level that are shared out as without the parent
BLOCK = 8_192


@dataclass(frozen=True)
class ClassTreesModel:
    """Predict by Bayes' rule from densities that have one tree in common.

    Attributes
    ----------
    levels : CellLevels
        From cells to levels.
    log_prior : ndarray, shape (n_present,)
        Logarithms of the shares of the classes seen in training.
    edges : tuple of (int, int)
        Columns (parent, child), parents first; a column has one parent at most.
    information : ndarray, shape (n_edges,)
        Mutual information within classes of the two columns, in nats a row.
    alone : tuple of ndarray, each (n_levels, n_present)
        Log shares of the levels of each column within each class.
    joined : tuple of ndarray, each (n_parent_levels, n_levels, n_present)
        The same for each edge, given the level of the parent.
    present, absent : ndarray
        As in every classifier: classes seen, and probability of the others.
    """

    levels: CellLevels
    log_prior: Array
    edges: tuple[tuple[int, int], ...]
    information: Array
    alone: tuple[Array, ...]
    joined: tuple[Array, ...]
    present: Array
    absent: Array

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return probabilities, shape (n_rows, n_classes); missing cells are summed out."""
        found = self.levels.apply(design, rows)
        scores = [self._scores(found[at : at + BLOCK]) for at in range(0, len(found), BLOCK)]
        score = np.concatenate(scores) if scores else np.empty((0, len(self.log_prior)))
        return spread_shares(softmax(score), self.present, self.absent)

    def _scores(self, found: Array) -> Array:
        """Go from the leaves to the roots; what lies below a missing cell waits at its levels."""
        total = np.tile(self.log_prior, (len(found), 1))
        below: dict[int, Array] = {}
        children = {child for _, child in self.edges}
        for (parent, child), table in zip(self.edges[::-1], self.joined[::-1], strict=True):
            said = _given_parent(table, found[:, child], below.pop(child, None))
            own = found[:, parent]
            known = np.flatnonzero(own >= 0)
            total[known] += said[known, own[known]]
            if len(known) < len(own):
                said[known] = 0.0
                below[parent] = below.get(parent, 0.0) + said
        for j, shares in enumerate(self.alone):
            if j not in children:
                total += _given_parent(shares[None], found[:, j], below.pop(j, None))[:, 0]
        return total

    def to_state(self) -> State:
        """Return all that it is."""
        arrays = {
            "log_prior": self.log_prior,
            "edges": np.array(self.edges, dtype=np.int64).reshape(-1, 2),
            "information": self.information,
            "alone": np.concatenate([np.empty((0, len(self.log_prior))), *self.alone]),
            "joined": np.concatenate([np.empty(0), *(table.ravel() for table in self.joined)]),
            "present": self.present,
            "absent": self.absent,
        }
        return merge(State({"n_outputs": len(self.absent)}, arrays), self.levels.to_state())

    @classmethod
    def from_state(cls, state: State) -> ClassTreesModel:
        """Return the model that a state describes.

        Raises
        ------
        BadModelFile
            If anything in it is not as `to_state` writes it.
        """
        levels, log_prior = (
            CellLevels.from_state(state),
            take_array(state, "log_prior", (None,), high=0),
        )
        sizes, k = levels.sizes, len(log_prior)
        absent, present = take_outputs(state, "present", k)
        last = max(len(sizes) - 1, 0)
        pairs = take_array(state, "edges", (None, 2), low=0, high=last, whole=True)
        edges = tuple((int(parent), int(child)) for parent, child in pairs)
        _check_edges(edges)
        rows = take_array(state, "alone", (sum(sizes), k), high=0)
        alone = tuple(np.split(rows, np.cumsum(sizes)[:-1])) if sizes else ()
        shapes = [(sizes[parent], sizes[child], k) for parent, child in edges]
        lengths = [a * b * c for a, b, c in shapes]
        flat = take_array(state, "joined", (sum(lengths),), high=0)
        cut = np.split(flat, np.cumsum(lengths)[:-1]) if edges else []
        joined = tuple(own.reshape(shape) for own, shape in zip(cut, shapes, strict=True))
        whole = [np.exp(log_prior).sum(), *(np.exp(t).sum(axis=-2) for t in (*alone, *joined))]
        if any(np.abs(np.asarray(sums) - 1).max(initial=0) > 1e-6 for sums in whole):
            raise BadModelFile("probabilities of the model do not sum to one", REMEDY)
        information = take_array(state, "information", (len(edges),), low=0)
        return cls(levels, log_prior, edges, information, alone, joined, present, absent)


def _check_edges(edges: tuple[tuple[int, int], ...]) -> None:
    """Refuse edges that are no tree with parents first."""
    children: set[int] = set()
    later = [child for _, child in edges]
    for number, (parent, child) in enumerate(edges):
        if child in children or parent in later[number:]:
            raise BadModelFile("the edges of the model are no tree", REMEDY)
        children.add(child)


def _given_parent(table: Array, level: Array, below: Array | None) -> Array:
    """Return log shares of what a row shows at a column and below, for each level of its parent.

    Parameters
    ----------
    table : ndarray, shape (n_parent_levels, n_levels, n_present)
        Log shares of the levels given the parent's.
    level : ndarray of int, shape (n_rows,)
        -1 is missing.
    below : ndarray or None, shape (n_rows, n_levels, n_present)
        Log shares of what lies below, where the level is missing.

    Returns
    -------
    ndarray, shape (n_rows, n_parent_levels, n_present)
    """
    # one more level, which costs nothing, stands for a missing cell without anything below it
    wide = np.concatenate([table, np.zeros((len(table), 1, table.shape[2]))], axis=1)
    said = np.ascontiguousarray(wide.transpose(1, 0, 2)[level])
    if below is not None:
        lost = np.flatnonzero(level < 0)
        logs = table[None] + below[lost][:, None]
        top = logs.max(axis=2, keepdims=True)
        said[lost] = top[:, :, 0] + np.log(np.exp(logs - top).sum(axis=2))
    return said


def fit_class_trees(problem: Problem, train: Array, *, bins: int) -> ClassTreesModel:
    """Count levels by class, and join columns by the tree that holds most information within them.

    Parameters
    ----------
    problem : Problem
        A classification.
    train : ndarray of int, shape (n_train,)
        Rows to learn from.
    bins : int
        Most bins of a number.

    Source
    ------
    Friedman, Geiger & Goldszmidt (1997), Machine Learning 29. NOTE[DIFF] bins hold as many rows
    each instead of Fayyad & Irani's, and shares are drawn towards those of the column within the
    class instead of within all rows, so that without rows it is naive Bayes.
    """
    levels = learn_levels(problem, train, bins=bins)
    weight = problem.weights(train)
    weight = weight if weight.any() else np.ones(len(train))
    n_classes = len(problem.classes)
    share = np.bincount(problem.y[train], weights=weight, minlength=n_classes)
    present = np.flatnonzero(share > 0)
    rows = np.flatnonzero((share[problem.y[train]] > 0) & (weight > 0))
    found, weight = levels.apply(problem.design, train[rows]), weight[rows]
    y = np.searchsorted(present, problem.y[train[rows]])
    counts = _Counts(found, y, weight, levels.sizes, len(present))
    information = counts.information()
    edges = tuple(spanning_tree(information, n_numbers=0))
    alone = tuple(counts.alone(j) for j in range(len(levels.sizes)))
    joined = tuple(counts.joined(parent, child, alone[child]) for parent, child in edges)
    return ClassTreesModel(
        levels,
        np.log(share[present] / share.sum()),
        edges,
        np.array([information[edge] for edge in edges]),
        tuple(np.log(table) for table in alone),
        tuple(np.log(table) for table in joined),
        present,
        absent_shares(present, n_classes, len(train)),
    )


@dataclass(frozen=True)
class _Counts:
    """Count training rows: levels (n_rows, n_columns), classes, weights, levels of each column."""

    found: Array
    y: Array
    weight: Array
    sizes: tuple[int, ...]
    n_present: int

    def alone(self, j: int) -> Array:
        """Return shares of the levels of a column within each class, with a row of each more."""
        size = self.sizes[j]
        table = self._count(self.found[:, j], size) + LAPLACE
        return np.asarray(table / table.sum(axis=0))

    def joined(self, parent: int, child: int, alone: Array) -> Array:
        """Return shares of the levels of a child, given those of its parent and the class."""
        above, below = self.sizes[parent], self.sizes[child]
        both = np.minimum(self.found[:, parent], self.found[:, child]) >= 0
        level = np.where(both, self.found[:, parent] * below + self.found[:, child], -1)
        table = self._count(level, above * below).reshape(above, below, -1)
        prior = PRIOR_ROWS * alone
        return np.asarray((table + prior) / (table.sum(axis=1, keepdims=True) + PRIOR_ROWS))

    def _count(self, level: Array, size: int) -> Array:
        """Return weighted rows of each level and class, shape (size, n_present)."""
        known = level >= 0
        flat = level[known] * self.n_present + self.y[known]
        length = size * self.n_present
        counts = np.bincount(flat, weights=self.weight[known], minlength=length)
        return np.asarray(counts.reshape(size, self.n_present))

    def information(self) -> Array:
        """Return mutual information of every two columns within classes, in nats a row.

        Rows count that have both cells; shape (n_columns, n_columns).
        """
        n = len(self.sizes)
        total, rows = np.zeros((n, n)), np.zeros((n, n))
        starts = np.cumsum([0, *self.sizes])[:-1]
        for label in range(self.n_present if n else 0):
            pairs = self._pairs(self.y == label, starts)
            sides = np.add.reduceat(pairs, starts, axis=1)  # levels x columns
            both = np.add.reduceat(sides, starts, axis=0)
            of_sides = np.add.reduceat(_log_times(sides), starts, axis=0)
            of_pairs = np.add.reduceat(np.add.reduceat(_log_times(pairs), starts, 0), starts, 1)
            total += of_pairs - of_sides - of_sides.T + _log_times(both)
            rows += both
        return np.maximum(total / np.where(rows > 0, rows, 1.0), 0.0)

    def _pairs(self, own: Array, starts: Array) -> Array:
        """Return weighted rows of every two levels of any columns."""
        found, weight = self.found[own], self.weight[own]
        width = sum(self.sizes)
        total = np.zeros((width, width))
        for at in range(0, len(found), BLOCK):
            part = found[at : at + BLOCK]
            row, column = np.nonzero(part >= 0)
            shown = np.zeros((len(part), width))
            shown[row, starts[column] + part[row, column]] = 1.0
            total += shown.T @ (shown * weight[at : at + BLOCK, None])
        return total


def _log_times(values: Array) -> Array:
    """Return x log x, 0 at 0."""
    return np.asarray(values * np.log(np.where(values > 0, values, 1.0)))
