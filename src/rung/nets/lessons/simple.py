"""Offer the plainest network there is, for teaching: one hidden layer, ReLU, steps on few rows."""

from __future__ import annotations

import numpy as np
import torch
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import check_is_fitted, validate_data
from torch import nn

from rung.nets.lessons.descent import DescentPace, descend, ran_away
from rung.typing import Array, Untyped


def one_hidden_layer(n_inputs: int, width: int, *, seed: int) -> nn.Sequential:
    """Return a network whose hidden units bend somewhere inside a standardised table.

    A unit is max(0, w·x + b): a plane, cut off on one side of a fold. Folds go through points
    drawn like the data, neighbouring units look in opposite directions, and the output starts
    at random heights; so no unit begins dead, which it would stay.

    Parameters
    ----------
    n_inputs, width : int
        Numbers of a row; hidden units.
    seed : int
        Of the first weights.

    Returns
    -------
    torch.nn.Sequential
        Linear, ReLU, Linear; float64.

    Examples
    --------
    >>> one_hidden_layer(2, 5, seed=0)(torch.zeros(3, 2, dtype=torch.float64)).shape
    torch.Size([3, 1])
    """
    generator = np.random.default_rng(seed)
    direction = generator.normal(size=(width, n_inputs))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    if n_inputs == 1:
        direction[:, 0] = np.where(np.arange(width) % 2, -1.0, 1.0)
    # Standardised values of a column lie within √3 where they are spread evenly.
    through = generator.uniform(-np.sqrt(3.0), np.sqrt(3.0), size=(width, n_inputs))
    height = generator.normal(size=(1, width)) / np.sqrt(width)
    network = nn.Sequential(nn.Linear(n_inputs, width), nn.ReLU(), nn.Linear(width, 1)).double()
    values = (direction, -np.sum(direction * through, axis=1), height, np.zeros(1))
    with torch.no_grad():
        for parameter, value in zip(network.parameters(), values, strict=True):
            parameter.copy_(torch.from_numpy(value))
    return network


class OneHiddenLayer(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Predict numbers with one hidden layer of ReLUs, trained by stochastic gradient descent.

    Inputs and target are standardised by the rows it is fitted on; nothing stops it early and
    nothing is tuned, so that what is seen is what the four lines of the loop do.

    Parameters
    ----------
    width : int
        Hidden units.
    learning_rate : float or None
        Share of the gradient that a step takes off the weights. None is 0.2 / (1 + n_inputs), as
        the slopes of a unit's weights and bias add up: 0.1 for one input.
    n_steps : int
        Steps in all.
    batch_rows : int or None
        Rows that a step looks at; None for all of them.
    random_state : int or None
        Seed of first weights and order of rows; None is 0.

    Attributes
    ----------
    network_ : torch.nn.Sequential
        On standardised values.
    walk_ : Descent
        Losses of each step and pass, on the standardised target.

    Examples
    --------
    >>> X = np.linspace(-2, 2, 200)[:, None]
    >>> model = OneHiddenLayer(8, n_steps=500).fit(X, np.abs(X[:, 0]))
    >>> bool(model.score(X, np.abs(X[:, 0])) > 0.98)
    True
    """

    def __init__(
        self,
        width: int = 16,
        *,
        learning_rate: float | None = None,
        n_steps: int = 2000,
        batch_rows: int | None = 32,
        random_state: int | None = None,
    ) -> None:
        self.width = width
        self.learning_rate = learning_rate
        self.n_steps = n_steps
        self.batch_rows = batch_rows
        self.random_state = random_state

    def fit(self, X: Untyped, y: Untyped) -> OneHiddenLayer:
        """Train on these rows.

        Parameters
        ----------
        X : array, shape (n_rows, n_inputs)
            Finite numbers.
        y : array, shape (n_rows,)
            Finite numbers.

        Raises
        ------
        UsageError
            If the descent runs away.
        """
        X, y = validate_data(self, X, y, dtype=np.float64, y_numeric=True)
        self.shift_, self.scale_ = _standard(X)
        self.y_shift_, self.y_scale_ = _standard(y)
        seed = 0 if self.random_state is None else int(self.random_state)
        self.network_ = one_hidden_layer(X.shape[1], self.width, seed=seed)
        rate = 0.2 / (1 + X.shape[1]) if self.learning_rate is None else self.learning_rate
        self.walk_ = descend(
            self.network_,
            torch.from_numpy((X - self.shift_) / self.scale_),
            torch.from_numpy((y - self.y_shift_) / self.y_scale_)[:, None],
            pace=DescentPace(rate, self.n_steps, self.batch_rows, seed),
        )
        if not all(torch.isfinite(each).all() for each in self.network_.parameters()):
            raise ran_away(rate, f"learning_rate={rate / 4:g}")
        return self

    def predict(self, X: Untyped) -> Array:
        """Return one value a row."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        with torch.no_grad():
            output = self.network_(torch.from_numpy((X - self.shift_) / self.scale_))
        return np.asarray(output.numpy()[:, 0] * self.y_scale_ + self.y_shift_)


def _standard(values: Array) -> tuple[Array, Array]:
    """Return mean and standard deviation of columns, 1 where they do not vary."""
    spread = np.asarray(values.std(axis=0))
    return np.asarray(values.mean(axis=0)), np.where(spread > 0, spread, 1.0)
