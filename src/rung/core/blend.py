"""Weigh families into one prediction, without looking at the rows that judge it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rung.typing import Array, Task, Untyped

SMALLEST_SHARE = 0.01
# Divergence from equal shares counts as much as the log loss of so many rows.
PULL = 3.0
SMALLEST_ERROR = 1e-9  # squared error of the best family as a part of the worst one's, at least
# A family that loses so many times as much as the best has no share; beside its errors those of
# the others would be rounding.
FARTHEST = 1e6
LEAST_SHARE = 1e-6  # in the search: the slope of a divergence has no end at 0
MOST_STEPS = 200


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
        sizes = share @ np.square(errors / max(float(np.abs(errors).max()), 1e-300))
        near = sizes <= FARTHEST * max(float(sizes.min()), SMALLEST_ERROR * float(np.median(sizes)))
        largest = float(np.abs(errors[:, near]).max())
        if largest == 0:
            return np.asarray(near / near.sum())
        shares = np.zeros(len(predictions))
        shares[near] = _least_squares(errors[:, near] / largest, share, pull)
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
