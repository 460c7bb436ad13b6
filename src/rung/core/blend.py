"""Weigh families into one prediction, without looking at the rows that judge it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.core.folds import Folds, Split
from rung.errors import NotApplicable
from rung.typing import Array, Task, Untyped

SMALLEST_SHARE = 0.01
MOST_STEPS = 200


@dataclass(frozen=True)
class PairedFolds:
    """Hold folds that leave out two folds of a run each, and where each split of the run looks.

    Attributes
    ----------
    folds : Folds
        One split for each training set.
    places : tuple of (int, ndarray of int)
        For each split of the run: the split of `folds` that trained without it, and the positions
        in that split's test rows of those that it learns shares on.
    """

    folds: Folds
    places: tuple[tuple[int, Array], ...]

    def rows(self, split: int) -> Array:
        """Return the rows that a split of the run learns its shares on."""
        number, positions = self.places[split]
        return np.asarray(self.folds.splits[number].test[positions])

    def of(self, predictions: Sequence[Array], split: int) -> Array:
        """Return what was predicted for these rows, from the predictions of all `folds`."""
        number, positions = self.places[split]
        return np.asarray(predictions[number][positions])


def pair_folds(folds: Folds) -> PairedFolds:
    """Make the folds that a blend learns its weights on.

    For split i of the run there is one that trains without fold i and without the first fold that
    nests in its training set, and is tested on that one: a weight learned there has seen nothing
    of fold i. Two folds that hold out each other share what is trained without both.

    Parameters
    ----------
    folds : Folds
        The folds of a run.

    Returns
    -------
    PairedFolds
        Inner splits lie inside the training sets.

    Raises
    ------
    NotApplicable
        If a training set is too small to be divided twice more.

    Examples
    --------
    >>> from rung.core.folds import partition_folds
    >>> paired = pair_folds(partition_folds(np.arange(8) % 4))
    >>> paired.folds.splits[0].test.tolist(), paired.folds.splits[0].train.tolist()
    ([0, 1, 4, 5], [2, 3, 6, 7])
    >>> paired.rows(0).tolist(), paired.rows(1).tolist()
    ([1, 5], [0, 4])
    """
    held: dict[bytes, list[int]] = {}
    for i in range(len(folds.splits)):
        held.setdefault(folds.inner_pairs[i][0][0].tobytes(), []).append(i)
    places: dict[int, tuple[int, Array]] = {}
    splits, masks, inner = [], [], []
    for number, members in enumerate(held.values()):
        first, split = members[0], _paired_split(folds, members)
        splits.append(split)
        masks.append(folds.inner_pairs[first][0][0])
        inner.append(_nested_pairs(folds, first))
        for i in members:
            wanted = folds.atom_rows(folds.inner_pairs[i][0][1])
            places[i] = number, np.searchsorted(split.test, wanted)
    paired = Folds(
        tuple(splits), folds.atom, np.array(masks), (*inner, folds.inner_pairs[-1]), folds.kind
    )
    return PairedFolds(paired, tuple(places[i] for i in range(len(places))))


def _paired_split(folds: Folds, members: Sequence[int]) -> Split:
    """Return what is trained without two folds, and all rows that it is asked for."""
    train = folds.atom_rows(folds.inner_pairs[members[0]][0][0])
    tests = [folds.atom_rows(folds.inner_pairs[i][0][1]) for i in members]
    return Split(train, np.unique(np.concatenate(tests)), folds.splits[members[0]].repeat)


def _nested_pairs(folds: Folds, split: int) -> tuple[tuple[Array, Array], ...]:
    (train, test), *others = folds.inner_pairs[split]
    pairs = tuple((a & ~test, b) for a, b in others if (a & ~test).any() and (b & train).any())
    if not pairs:
        raise NotApplicable("a blend needs four folds or more to learn its weights on")
    return pairs


def blend_weights(predictions: Sequence[Array], y: Array, *, weight: Array, task: Task) -> Array:
    """Find the shares that make the mean of predictions lose least.

    Parameters
    ----------
    predictions : sequence of ndarray, each (n_rows, n_outputs)
        Of each family, for the same rows that its model had not seen.
    y : ndarray, shape (n_rows,)
        Values, or class indices.
    weight : ndarray, shape (n_rows,)
        Weights of rows.
    task : str
        Squared error for `regression`, log loss otherwise.

    Returns
    -------
    ndarray, shape (n_families,)
        At least 0, sum 1; shares below 1 % are set to 0.

    Source
    ------
    Breiman (1996), Stacked regressions, Machine Learning 24; van der Laan, Polley & Hubbard
    (2007), Super learner. NOTE[DIFF] weights come from one inner fold a split, not from all.

    Examples
    --------
    >>> y = np.array([0.0, 1.0, 2.0])
    >>> shares = blend_weights(
    ...     [y[:, None] + 1, y[:, None] - 1], y, weight=np.ones(3), task="regression"
    ... )
    >>> shares.round(6).tolist()
    [0.5, 0.5]
    """
    share = weight / weight.sum()
    if task == "regression":
        errors = np.column_stack([one[:, 0] for one in predictions]) - y[:, None]
        largest = float(np.abs(errors).max())
        if largest == 0:
            return np.full(len(predictions), 1.0 / len(predictions))
        shares = _least_squares(errors / largest, share)
    else:
        rows = np.arange(len(y))
        columns = np.column_stack([one[rows, y] for one in predictions])
        shares = _most_likely(np.maximum(columns, 1.0 / (2.0 * len(y))), share)
    shares = np.where(shares < SMALLEST_SHARE, 0.0, shares)
    return np.asarray(shares / shares.sum())


def _least_squares(errors: Array, share: Array) -> Array:
    """Minimise w' A w over the simplex, with A the mean products of errors."""
    products = errors.T @ (errors * share[:, None])
    return _on_simplex(
        lambda w: float(w @ products @ w), lambda w: 2.0 * products @ w, len(products)
    )


def _most_likely(columns: Array, share: Array) -> Array:
    """Minimise the log loss of a mixture over the simplex."""

    def loss(w: Array) -> float:
        return -float(share @ np.log(columns @ w))

    def slope(w: Array) -> Array:
        return np.asarray(-(columns.T @ (share / (columns @ w))))

    return _on_simplex(loss, slope, columns.shape[1])


def _on_simplex(loss: Untyped, slope: Untyped, n: int) -> Array:
    """Minimise a convex function of shares; the best corner wins if the search fails."""
    from scipy import optimize

    minimize: Untyped = optimize.minimize  # its stubs refuse functions of plain arrays
    start = np.full(n, 1.0 / n)
    found = minimize(
        loss,
        start,
        jac=slope,
        method="SLSQP",
        bounds=[(0.0, 1.0)] * n,
        constraints=[{"type": "eq", "fun": lambda w: w.sum() - 1.0, "jac": lambda w: np.ones(n)}],
        options={"maxiter": MOST_STEPS, "ftol": 1e-12},
    )
    shares = np.clip(found.x, 0.0, None)
    corners = np.eye(n)
    best = min(corners, key=loss)
    if not np.isfinite(shares).all() or shares.sum() <= 0:
        return np.asarray(best)
    shares = shares / shares.sum()
    return np.asarray(shares if loss(shares) <= loss(best) else best)
