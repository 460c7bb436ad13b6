"""Weigh families into one prediction, without looking at the rows that judge it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.core.folds import Folds, Split
from rung.errors import NotApplicable
from rung.typing import Array, Task, Untyped

SMALLEST_SHARE = 0.01
# Divergence from equal shares counts as much as the log loss of so many rows.
PULL = 3.0
SMALLEST_ERROR = 1e-9  # squared error of the best family as a part of the worst one's, at least
LEAST_SHARE = 1e-6  # in the search: the slope of a divergence has no end at 0
MOST_STEPS = 200
MANY_FOLDS = 10


@dataclass(frozen=True)
class GroupedFolds:
    """Hold folds that leave out several folds of a run each, and where each split of it looks.

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


def group_folds(folds: Folds) -> GroupedFolds:
    """Make the folds that a blend learns its shares on.

    Folds are taken out in groups of two, of three where there are ten or more. One model without
    folds i, j and l serves all three: what it predicts for j and l gives the shares for i, and so
    on. Where folds do not leave each other's rows in their training sets (an order in time), each
    is taken out with the first fold that nests in its training set.

    Parameters
    ----------
    folds : Folds
        The folds of a run.

    Returns
    -------
    GroupedFolds
        Inner splits lie inside the training sets.

    Raises
    ------
    NotApplicable
        If a training set is too small to be divided twice more.

    Examples
    --------
    >>> from rung.core.folds import partition_folds
    >>> grouped = group_folds(partition_folds(np.arange(8) % 4))
    >>> grouped.folds.splits[0].test.tolist(), grouped.folds.splits[0].train.tolist()
    ([0, 1, 4, 5], [2, 3, 6, 7])
    >>> grouped.rows(0).tolist(), grouped.rows(1).tolist()
    ([1, 5], [0, 4])
    """
    held = [_atoms_of(folds, split.test) for split in folds.splits]
    made: list[_Group] = []
    home: dict[int, int] = {}
    for i in range(len(folds.splits)):
        if i not in home:
            made.append(_group_of(folds, held, i))
            home |= {j: len(made) - 1 for j in made[-1].members if j not in home}
    splits = tuple(
        Split(folds.atom_rows(one.train), folds.atom_rows(one.test), one.repeat) for one in made
    )
    inner = (*(one.inner for one in made), folds.inner_pairs[-1])
    masks = np.array([one.train for one in made])
    places = tuple(
        (home[i], np.flatnonzero(~np.isin(splits[home[i]].test, split.test)))
        for i, split in enumerate(folds.splits)
    )
    return GroupedFolds(Folds(splits, folds.atom, masks, inner, folds.kind), places)


@dataclass(frozen=True)
class _Group:
    """Folds taken out together: masks of atoms, and the inner splits that remain."""

    members: tuple[int, ...]
    train: Array
    test: Array
    inner: tuple[tuple[Array, Array], ...]
    repeat: int


def _atoms_of(folds: Folds, rows: Array) -> Array:
    """Return the atoms that rows belong to, as a mask; (n_atoms,)."""
    mask = np.zeros(folds.n_atoms, dtype=bool)
    mask[folds.atom[rows]] = True
    return mask


def _group_of(folds: Folds, held: Sequence[Array], i: int) -> _Group:
    """Take out fold i with those that follow it, or with the first that nests in its training."""
    repeat = folds.splits[i].repeat
    own = [j for j, split in enumerate(folds.splits) if split.repeat == repeat]
    size, place = 3 if len(own) >= MANY_FOLDS else 2, own.index(i)
    members = tuple(own[(place + step) % len(own)] for step in range(size))
    n_held = np.sum([held[j] for j in members], axis=0)
    is_whole = all((folds.in_train[j] ^ held[j]).all() for j in members)
    train = np.logical_and.reduce([folds.in_train[j] for j in members])
    inner = _inside(folds, i, train)
    if not inner or not is_whole or n_held.max() > 1:
        train, test = folds.inner_pairs[i][0]
        inner = _inside(folds, i, train)
        members, n_held = (i,), test
    if not inner:
        raise NotApplicable("a blend needs four folds or more to learn its weights on")
    return _Group(members, train, n_held > 0, inner, repeat)


def _inside(folds: Folds, i: int, train: Array) -> tuple[tuple[Array, Array], ...]:
    """Return the inner splits of split i as they are inside a smaller training set."""
    pairs = ((a & train, b) for a, b in folds.inner_pairs[i] if not (b & ~train).any())
    return tuple((a, b) for a, b in pairs if a.any())


def blend_weights(predictions: Sequence[Array], y: Array, *, weight: Array, task: Task) -> Array:
    """Find the shares that make the mean of predictions lose least, drawn a little to equal ones.

    A dozen shares learned on a hundred rows follow their noise. So their divergence from equal
    shares counts too, as if it were the log loss of `PULL` rows: it fades as rows grow.

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
    (2007), Super learner. NOTE[DIFF] weights come from one or two other folds, not from all.
    Juditsky, Rigollet & Tsybakov (2008), Annals of Statistics 36: divergence from equal weights.

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
    pull = PULL * float(share @ share)  # one part in as many rows as these weights are worth
    if task == "regression":
        errors = np.column_stack([one[:, 0] for one in predictions]) - y[:, None]
        largest = float(np.abs(errors).max())
        if largest == 0:
            return np.full(len(predictions), 1.0 / len(predictions))
        shares = _least_squares(errors / largest, share, pull)
    else:
        rows = np.arange(len(y))
        columns = np.column_stack([one[rows, y] for one in predictions])
        shares = _most_likely(np.maximum(columns, 1.0 / (2.0 * len(y))), share, pull)
    shares = np.where(shares < SMALLEST_SHARE, 0.0, shares)
    return np.asarray(shares / shares.sum())


def _least_squares(errors: Array, share: Array, pull: float) -> Array:
    """Minimise w' A w over the simplex, with A the mean products of errors."""
    products = errors.T @ (errors * share[:, None])
    # Half a squared error, in units of the best family's, is the log loss of a normal law.
    sizes = np.diag(products)
    scaled = products / max(float(sizes.min()), SMALLEST_ERROR * float(sizes.max()))
    return _on_simplex(
        lambda w: float(w @ scaled @ w) / 2.0, lambda w: scaled @ w, len(scaled), pull=pull
    )


def _most_likely(columns: Array, share: Array, pull: float) -> Array:
    """Minimise the log loss of a mixture over the simplex."""

    def loss(w: Array) -> float:
        return -float(share @ np.log(columns @ w))

    def slope(w: Array) -> Array:
        return np.asarray(-(columns.T @ (share / (columns @ w))))

    return _on_simplex(loss, slope, columns.shape[1], pull=pull)


def _on_simplex(loss: Untyped, slope: Untyped, n: int, *, pull: float) -> Array:
    """Minimise a convex function of shares plus `pull` times their divergence from equal ones.

    The best corner wins if the search fails.
    """
    from scipy import optimize

    def surprise(w: Array) -> Array:
        # A search may step past its bounds by a rounding.
        return np.asarray(np.log(n * np.maximum(w, LEAST_SHARE)))

    def pulled(w: Array) -> float:
        return float(loss(w) + pull * (w @ surprise(w)))

    def pulled_slope(w: Array) -> Array:
        return np.asarray(slope(w) + pull * (surprise(w) + 1.0))

    minimize: Untyped = optimize.minimize  # its stubs refuse functions of plain arrays
    found = minimize(
        pulled,
        np.full(n, 1.0 / n),
        jac=pulled_slope,
        method="SLSQP",
        bounds=[(LEAST_SHARE, 1.0)] * n,
        constraints=[{"type": "eq", "fun": lambda w: w.sum() - 1.0, "jac": lambda w: np.ones(n)}],
        options={"maxiter": MOST_STEPS, "ftol": 1e-12},
    )
    shares = np.clip(found.x, LEAST_SHARE, None)
    shares = shares / shares.sum()
    best = min(np.where(np.eye(n), 1.0 - (n - 1) * LEAST_SHARE, LEAST_SHARE), key=pulled)
    is_sound = bool(np.isfinite(shares).all()) and pulled(shares) <= pulled(best)
    return np.asarray(shares if is_sound else best)
