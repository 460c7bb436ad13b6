"""Fit logistic regressions with a ridge penalty: Newton's method where small, L-BFGS above.

The objective is the weighted mean log loss plus penalty / 2 times the sum of squared coefficients;
intercepts are free. With classes in plenty, every class has coefficients of its own.

Sources: le Cessie & van Houwelingen (1992), Applied Statistics 41, 191-201; Nocedal & Wright
(2006), Numerical Optimization, chapters 3 and 7.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rung.typing import Array, Untyped

NEWTON_PARAMETERS = 400
NEWTON_STEPS = 60
LBFGS_STEPS = 600
BLOCK_ROWS = 16_384
# Expected falls of the objective below which one step more is the last; it squares what is left.
EXACT = 1e-10
LOOSE = 1e-7
# Relative falls of the objective below which L-BFGS stops.
LBFGS_EXACT = 1e-11
LBFGS_LOOSE = 1e-6
CURVATURE_FLOOR = 1e-12
# Columns, and scores, up to which the calls of products take longer than the products.
NARROW, FEW_SCORES = 4, 12


@dataclass(frozen=True)
class NewtonRows:
    """Hold training rows, ready to fit.

    Attributes
    ----------
    X : ndarray or sparse matrix, shape (n_rows, 1 + width)
        Encoded rows after a first column of ones; see `compact`.
    y : ndarray of int, shape (n_rows,)
        Class of each row, 0 to n_classes - 1; each occurs.
    weight : ndarray, shape (n_rows,)
        Weights that sum to one.
    n_classes : int
        At least two.
    """

    X: Untyped
    y: Array
    weight: Array
    n_classes: int

    @property
    def n_scores(self) -> int:
        """Columns of coefficients: one for two classes, else one for each class."""
        return 1 if self.n_classes == 2 else self.n_classes

    @property
    def n_parameters(self) -> int:
        """Number of coefficients and intercepts."""
        return int(self.X.shape[1]) * self.n_scores

    @cached_property
    def target(self) -> Array:
        """1 where a row has the class of a score, else 0; shape (n_rows, n_scores)."""
        if self.n_scores == 1:
            return self.y[:, None].astype(np.float64)
        return np.eye(self.n_classes)[self.y]


def compact(X: Array, n_scores: int) -> Untyped:
    """Return a matrix as sparse where that is quicker: many columns, most cells zero."""
    from scipy import sparse

    if X.shape[1] * n_scores <= NEWTON_PARAMETERS or np.count_nonzero(X) > X.size / 5:
        return X
    return sparse.csr_matrix(X)


def fit_logistic(
    rows: NewtonRows, penalty: float, start: Array | None = None, *, tolerance: float = EXACT
) -> Array:
    """Fit the coefficients for one penalty.

    Parameters
    ----------
    rows : NewtonRows
        What to fit.
    penalty : float
        Relative to the sum of weights.
    start : ndarray, shape (1 + width, n_scores), optional
        Where to begin; zeros if not given.
    tolerance : float
        Stop when the expected decrease of the objective is below this.

    Returns
    -------
    ndarray, shape (1 + width, n_scores)
        Intercepts first.

    Examples
    --------
    >>> X = np.column_stack([np.ones(4), [-1.0, 1.0, -1.0, 1.0]])
    >>> rows = NewtonRows(X, np.array([0, 1, 1, 0]), np.full(4, 0.25), 2)
    >>> bool(np.abs(fit_logistic(rows, 1.0)).max() < 1e-9)
    True
    """
    theta = np.zeros((rows.X.shape[1], rows.n_scores)) if start is None else start.copy()
    if rows.n_parameters <= NEWTON_PARAMETERS:
        return _newton(rows, penalty, theta, tolerance)
    return _lbfgs(rows, penalty, theta, tolerance)


def shares(scores: Array) -> Array:
    """Return the probability of each score's class: logistic for one score, else softmax."""
    if scores.shape[1] == 1:
        decay = np.exp(-np.abs(scores))
        return np.where(scores >= 0, 1.0, decay) / (1.0 + decay)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def row_losses(scores: Array, y: Array) -> Array:
    """Return the log loss of each row; shape (n_rows,)."""
    if scores.shape[1] == 1:
        signed = np.where(y == 1, scores[:, 0], -scores[:, 0])
        return np.asarray(np.logaddexp(0.0, -signed))
    top = scores.max(axis=1)
    total = top + np.log(np.exp(scores - top[:, None]).sum(axis=1))
    return np.asarray(total - scores[np.arange(len(y)), y])


def _objective(rows: NewtonRows, penalty: float, theta: Array, scores: Array) -> float:
    loss = float(rows.weight @ row_losses(scores, rows.y))
    return loss + penalty / 2 * float(np.sum(theta[1:] ** 2))


def _gradient(rows: NewtonRows, penalty: float, theta: Array, share: Array) -> Array:
    gradient = rows.X.T @ ((share - rows.target) * rows.weight[:, None])
    gradient[1:] += penalty * theta[1:]
    return np.asarray(gradient)


def _blocks(n_rows: int) -> Iterator[slice]:
    for first in range(0, n_rows, BLOCK_ROWS):
        yield slice(first, first + BLOCK_ROWS)


def _hessian(rows: NewtonRows, penalty: float, share: Array) -> Array:
    """Return second derivatives, parameters ordered score by score."""
    width, n_scores = rows.X.shape[1], rows.n_scores
    out = np.zeros((n_scores, width, n_scores, width))
    for block in _blocks(len(rows.X)):
        X, p, w = rows.X[block], share[block], rows.weight[block]
        if width <= NARROW and 1 < n_scores <= FEW_SCORES:
            out += _narrow_products(X, p, w)
            continue
        for k in range(n_scores):
            for m in range(k + 1):
                if k == m:
                    # A matrix times its own transpose takes half the work of two matrices.
                    half = X * np.sqrt(w * p[:, k] * (1.0 - p[:, k]))[:, None]
                    out[k, :, k, :] += half.T @ half
                    continue
                out[k, :, m, :] -= X.T @ (X * (w * p[:, k] * p[:, m])[:, None])
    for k in range(n_scores):
        diagonal = np.arange(1, width)
        out[k, diagonal, k, diagonal] += penalty
        out[k, 0, k, 0] += CURVATURE_FLOOR
        for m in range(k):
            out[m, :, k, :] = out[k, :, m, :].T
    if n_scores > 1:
        # Adding one number to all intercepts changes nothing; hold their sum where it is.
        out[:, 0, :, 0] += 1.0
    return out.reshape(n_scores * width, n_scores * width)


def _narrow_products(X: Array, p: Array, w: Array) -> Array:
    """Return second derivatives of the loss, all pairs of classes in one product."""
    n_scores, columns = p.shape[1], np.ascontiguousarray(X.T)
    share, classes = np.ascontiguousarray(p.T), np.arange(n_scores)
    spread = ((np.sqrt(w) * share)[:, None] * columns).reshape(-1, len(X))
    out = -(spread @ spread.T).reshape(n_scores, len(columns), n_scores, len(columns))
    # What a class has with itself must not be a difference of sums: it can be very small.
    bent = ((w * share * (1.0 - share))[:, None] * columns).reshape(-1, len(X))
    own = (bent @ X).reshape(n_scores, len(columns), len(columns))
    out[classes, :, classes, :] = own
    return np.asarray(out)


def _newton(rows: NewtonRows, penalty: float, theta: Array, tolerance: float) -> Array:
    from scipy.linalg import cho_factor, cho_solve

    scores = rows.X @ theta
    value = _objective(rows, penalty, theta, scores)
    for _ in range(NEWTON_STEPS):
        share = shares(scores)
        gradient = _gradient(rows, penalty, theta, share)
        curvature = _hessian(rows, penalty, share)
        factor = cho_factor(curvature, overwrite_a=True, check_finite=False)
        flat = cho_solve(factor, gradient.T.ravel(), check_finite=False)
        step = flat.reshape(theta.shape[1], theta.shape[0]).T
        decrease = float(np.sum(step * gradient))
        if decrease <= tolerance:
            # The last step is free: the system is solved already.
            return np.asarray(theta - step)
        taken = _line_search(rows, penalty, (theta, scores, value), step=step, decrease=decrease)
        if taken is None:
            return theta
        theta, scores, value = taken
    return theta


def _line_search(
    rows: NewtonRows,
    penalty: float,
    here: tuple[Array, Array, float],
    *,
    step: Array,
    decrease: float,
) -> tuple[Array, Array, float] | None:
    """Halve the step until the objective falls enough; None when rounding hides any fall."""
    theta, scores, value = here
    change = rows.X @ step
    length = 1.0
    while length > 1e-10:
        moved, moved_scores = theta - length * step, scores - length * change
        new = _objective(rows, penalty, moved, moved_scores)
        if new <= value - 1e-4 * length * decrease:
            return moved, moved_scores, new
        length /= 2
    return None


def _lbfgs(rows: NewtonRows, penalty: float, theta: Array, tolerance: float) -> Array:
    from scipy.optimize import minimize

    here = np.arange(len(rows.y))

    def value_and_gradient(flat: Array) -> tuple[float, Array]:
        now = flat.reshape(theta.shape)
        residual, losses = _shares_and_losses(rows.X @ now, rows.y)
        value = float(rows.weight @ losses) + penalty / 2 * float(np.sum(now[1:] ** 2))
        if rows.n_scores == 1:
            residual[:, 0] -= rows.y
        else:
            residual[here, rows.y] -= 1.0
        residual *= rows.weight[:, None]
        gradient = rows.X.T @ residual
        gradient[1:] += penalty * now[1:]
        return value, gradient.ravel()

    exact = tolerance <= EXACT
    found = minimize(
        value_and_gradient,
        theta.ravel(),
        jac=True,
        method="L-BFGS-B",
        options={
            "maxiter": LBFGS_STEPS if exact else LBFGS_STEPS // 5,
            "maxcor": 10,
            "ftol": LBFGS_EXACT if exact else LBFGS_LOOSE,
            "gtol": 1e-8 if exact else 1e-6,
        },
    )
    return np.asarray(found.x).reshape(theta.shape)


def _shares_and_losses(scores: Array, y: Array) -> tuple[Array, Array]:
    """Return `shares` and `row_losses` with one pass of exponentials; overwrites scores."""
    if scores.shape[1] == 1:
        return shares(scores), row_losses(scores, y)
    scores -= scores.max(axis=1, keepdims=True)
    own = scores[np.arange(len(y)), y]
    powers = np.exp(scores, out=scores)
    total = powers.sum(axis=1)
    powers /= total[:, None]
    return powers, np.asarray(np.log(total) - own)
