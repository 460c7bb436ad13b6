"""Turn numbers that go together into directions that do not, so that small differences are seen.

Where columns are much alike, as brightness in neighbouring bands, what tells rows apart are their
differences, which a network that starts from the columns finds slowly. Principal components of the
training rows, each divided by its spread, lay the differences open.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.family import State
from rung.errors import BadModelFile
from rung.prep.states import REMEDY, take_array
from rung.typing import Array

MOST_NUMBERS = 32
# With fewer rows a number, the narrow directions are those of the rows at hand.
ROWS_OF_A_NUMBER = 10
# Added to the share that a direction has of one number's variance: flat ones stay flat.
RIDGE = 1e-4
# Of a weight; the spread of a number that hardly varies is no smaller than that of one row.
LARGEST = 1e9


@dataclass(frozen=True)
class Rotation:
    """Centre numbers and weigh them into directions of spread one.

    Attributes
    ----------
    mean : ndarray, shape (n_numbers,)
        Of the training rows.
    axes : ndarray, shape (n_numbers, n_directions)
        Weights, the direction of the widest spread first; no direction where none is learned.
    """

    mean: Array
    axes: Array

    @property
    def width(self) -> int:
        """Number of directions."""
        return int(self.axes.shape[1])

    def apply(self, numbers: Array) -> Array:
        """Return numbers, (n_rows, n_numbers), as directions, (n_rows, n_directions)."""
        return np.asarray((numbers - self.mean) @ self.axes)

    def to_state(self) -> State:
        """Return the rotation as data; `from_state` turns it back."""
        return State({}, {"mean": self.mean, "axes": self.axes})

    @classmethod
    def from_state(cls, state: State, n_numbers: int) -> Rotation:
        """Return the rotation that a state describes.

        Raises
        ------
        BadModelFile
            If anything in it is not as `to_state` writes it.
        """
        axes = take_array(state, "axes", (n_numbers, None), low=-LARGEST, high=LARGEST)
        if axes.shape[1] not in (0, n_numbers):
            raise BadModelFile(
                f"the model turns {n_numbers} numbers into {axes.shape[1]} directions", REMEDY
            )
        mean = take_array(state, "mean", (n_numbers,), low=-LARGEST, high=LARGEST)
        return cls(mean, axes)


def no_rotation(n_numbers: int) -> Rotation:
    """Return a rotation that gives no directions.

    Examples
    --------
    >>> no_rotation(3).apply(np.ones((2, 3))).shape
    (2, 0)
    """
    return Rotation(np.zeros(n_numbers), np.zeros((n_numbers, 0)))


def fit_rotation(numbers: Array) -> Rotation:
    """Learn directions from the training rows.

    Parameters
    ----------
    numbers : ndarray, shape (n_rows, n_numbers)
        Finite and of moderate size; gaps filled.

    Returns
    -------
    Rotation
        Without directions for one number, more than `MOST_NUMBERS`, or few rows.

    Examples
    --------
    >>> first = np.linspace(-1.0, 1.0, 100)
    >>> numbers = np.stack([first, first + 0.1 * np.cos(9.0 * first)], axis=1)
    >>> fit_rotation(numbers).apply(numbers).std(axis=0).round(2)
    array([1.  , 0.99])
    """
    n_rows, n_numbers = numbers.shape
    if not 1 < n_numbers <= MOST_NUMBERS or n_rows < ROWS_OF_A_NUMBER * n_numbers:
        return no_rotation(n_numbers)
    mean = numbers.mean(axis=0)
    centred = numbers - mean
    spread = np.sqrt((centred**2).mean(axis=0))
    if not (spread > 1.0 / LARGEST).all():
        return no_rotation(n_numbers)
    centred /= spread
    variance, directions = np.linalg.eigh(centred.T @ centred / n_rows)
    variance, directions = variance[::-1], directions[:, ::-1]
    # A direction and its opposite are the same to a library, but not to a network.
    strongest = np.take_along_axis(directions, np.abs(directions).argmax(axis=0)[None], axis=0)
    directions = directions * np.where(strongest < 0.0, -1.0, 1.0)
    gain = 1.0 / np.sqrt(np.maximum(variance, 0.0) + RIDGE)
    return Rotation(mean, np.ascontiguousarray(directions * gain / spread[:, None]))
