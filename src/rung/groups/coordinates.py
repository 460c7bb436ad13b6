"""Turn a table into coordinates in which distances mean something: every column counts alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.density.gaussians import fit_from
from rung.density.missing_cells import patterns
from rung.typing import Array

MOST_LANDMARKS = 500
MOST_AXES = 8
TIED = 0.5  # share of distinct cells below which the numbers of a column are rounded


@dataclass(frozen=True)
class Coordinates:
    """What turns rows of a table into coordinates, learned from one table.

    Numbers alone are centred and scaled, rounded ones spread over what they stand for, and missing
    cells filled by regression on the others. With categories, coordinates are those of Gower's
    distances to some rows, so that a number and a category weigh the same.

    Attributes
    ----------
    names : tuple of str
        Columns in use: numbers, then categories.
    centre, scale : ndarray, shape (n_numbers,)
        Of the numbers.
    step : ndarray, shape (n_numbers,)
        What numbers are rounded to; zero for none.
    mean, covariance : ndarray
        Of the scaled numbers, by which missing cells are filled.
    landmarks : tuple of ndarray
        Numbers and codes of the rows that distances are measured to; empty without categories.
    axes, offset : ndarray
        What turns squared distances into coordinates.
    notes : tuple of str
        What was done that one would not expect.
    """

    names: tuple[str, ...]
    centre: Array
    scale: Array
    step: Array
    mean: Array
    covariance: Array
    landmarks: tuple[Array, Array] | tuple[()] = ()
    axes: Array | None = None
    offset: Array | None = None
    notes: tuple[str, ...] = ()

    def place(self, dataset: Dataset, seed: int = 0) -> Array:
        """Return coordinates of rows, shape (n_rows, n_axes)."""
        numbers, codes = _cells(dataset, self.names)
        if self.axes is None or self.offset is None or not self.landmarks:
            return self._scaled(numbers, np.random.default_rng([0x6A2, seed % 2**63]))
        squares = gower((numbers, codes), self.landmarks, self.scale)
        return np.asarray((self.offset - squares) / 2 @ self.axes)

    def _scaled(self, numbers: Array, rng: np.random.Generator) -> Array:
        """Centre, scale, spread what is rounded, and fill what is missing."""
        spread = numbers + self.step * (rng.random(numbers.shape) - 0.5)
        X = (spread - self.centre) / self.scale
        for rows, seen in patterns(X):
            lost = np.setdiff1d(np.arange(X.shape[1]), seen)
            if len(lost):
                part = self.covariance[np.ix_(seen, seen)]
                weights = np.linalg.solve(part, self.covariance[np.ix_(seen, lost)])
                filled = self.mean[lost] + (X[rows][:, seen] - self.mean[seen]) @ weights
                X[np.ix_(rows, lost)] = filled
        return X


def learn_coordinates(dataset: Dataset, *, seed: int = 0) -> Coordinates:
    """Learn what turns the feature columns of a table into coordinates.

    Columns of dates, and those without two distinct values, are left out.

    Examples
    --------
    >>> from rung.data import read_table
    >>> table = read_table({"a": [0.0, 1.0, 2.0, 5.5], "b": [2.0, 4.1, 6.0, 7.9]}).dataset
    >>> learn_coordinates(table).place(table).std(axis=0).round(6).tolist()
    [1.0, 1.0]
    """
    names = tuple(column.name for column in _usable(dataset))
    numbers, codes = _cells(dataset, names)
    notes = _missing_note(numbers, codes)
    step = np.array([rounding(column) for column in numbers.T])
    centre, scale = np.nanmean(numbers, axis=0), np.nanstd(numbers, axis=0)
    numeric = [name for name in names if not dataset.column(name).is_coded]
    rounded = [name for name, one in zip(numeric, step, strict=True) if one]
    if codes.shape[1]:
        return _by_distances(names, numbers, codes, (centre, scale, seed), notes)
    if rounded:
        notes = (*notes, f"rounded numbers were spread over their step: {', '.join(rounded)}")
    scaled = (numbers - centre) / scale
    one = fit_from(scaled, np.ones((len(scaled), 1)), "full", limit=(20, 1e-4))
    return Coordinates(names, centre, scale, step, one.means[0], one.covariances[0], notes=notes)


def _usable(dataset: Dataset) -> list[Column]:
    found = []
    for column in sorted(dataset.features, key=lambda one: one.is_coded):
        values = dataset.values[column.name]
        known = values[values >= 0] if column.is_coded else values[np.isfinite(values)]
        if column.kind in {"number", "boolean", "category"} and len(np.unique(known)) > 1:
            found.append(column)
    return found


def _missing_note(numbers: Array, codes: Array) -> tuple[str, ...]:
    n_missing = int(np.isnan(numbers).sum() + (codes < 0).sum())
    how = "left out of distances" if codes.shape[1] else "filled by regression on the others"
    return (f"{n_missing:,} missing cells were {how}",) if n_missing else ()


def _cells(dataset: Dataset, names: tuple[str, ...]) -> tuple[Array, Array]:
    numbers = [dataset.values[n] for n in names if not dataset.column(n).is_coded]
    codes = [dataset.values[n] for n in names if dataset.column(n).is_coded]
    empty = np.empty((dataset.n_rows, 0))
    return (
        np.column_stack(numbers).astype(float) if numbers else empty,
        np.column_stack(codes).astype(int) if codes else empty.astype(int),
    )


def rounding(column: Array) -> float:
    """Return what numbers are rounded to, zero where they hardly repeat.

    Examples
    --------
    >>> round(rounding(np.tile([0.1, 0.2, 0.4], 9)), 6), rounding(np.arange(9.0))
    (0.1, 0.0)
    """
    known = np.unique(column[np.isfinite(column)])
    n_cells = int(np.isfinite(column).sum())
    if len(known) < 3 or len(known) > TIED * n_cells:
        return 0.0
    steps = np.diff(known)
    return float(steps[steps > 1e-9 * (known[-1] - known[0])].min())


def gower(rows: tuple[Array, Array], to: tuple[Array, Array], scale: Array) -> Array:
    """Return Gower's distances, shape (n_rows, n_others), each a mean over the columns known.

    A number's difference is measured in four standard deviations and capped at one; equal
    categories are at no distance, others at one.

    Parameters
    ----------
    rows, to : tuple of ndarray
        Numbers, shape (n_rows, n_numbers), and codes, shape (n_rows, n_categories), of the rows
        and of those that they are compared with.
    scale : ndarray, shape (n_numbers,)
        Standard deviations.

    Source
    ------
    Gower (1971), Biometrics 27. NOTE[DIFF]: he divides by the range, which one far cell decides.

    Examples
    --------
    >>> none = np.empty((2, 0))
    >>> both = (none, np.array([[0], [1]]))
    >>> gower(both, both, np.empty(0)).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    (numbers, codes), (others, other_codes) = rows, to
    total = np.zeros((len(numbers), len(others)))
    known = np.zeros_like(total)
    for j in range(numbers.shape[1]):
        apart = np.abs(numbers[:, j, None] - others[None, :, j]) / (4 * scale[j])
        both = np.isfinite(apart)
        total += np.where(both, np.minimum(apart, 1), 0)
        known += both
    for j in range(codes.shape[1]):
        both = (codes[:, j, None] != -1) & (other_codes[None, :, j] != -1)
        total += both & (codes[:, j, None] != other_codes[None, :, j])
        known += both
    return np.asarray(total / np.maximum(known, 1))


def _by_distances(
    names: tuple[str, ...],
    numbers: Array,
    codes: Array,
    scaling: tuple[Array, Array, int],
    notes: tuple[str, ...],
) -> Coordinates:
    """Learn principal coordinates of Gower's distances; their square is the squared distance.

    Source
    ------
    Gower (1966), Biometrika 53; Gower & Legendre (1986): the root of the distance is Euclidean.
    """
    centre, scale, seed = scaling
    rng = np.random.default_rng([0x6A3, seed % 2**63])
    chosen = np.sort(rng.choice(len(codes), min(len(codes), MOST_LANDMARKS), replace=False))
    landmarks = (numbers[chosen], codes[chosen])
    squares = gower(landmarks, landmarks, scale)
    offset = squares.mean(axis=0)
    centred = -(squares - offset - offset[:, None] + squares.mean()) / 2
    values, axes = np.linalg.eigh(centred)
    kept = np.argsort(-values)[:MOST_AXES]
    kept = kept[values[kept] > 0.01 * values[kept[0]]]
    how = "categories and numbers were compared by Gower's distances"
    return Coordinates(
        names,
        centre,
        scale,
        np.zeros(len(scale)),
        np.zeros(len(scale)),
        np.eye(len(scale)),
        landmarks,
        axes[:, kept] / np.sqrt(values[kept]),
        offset,
        (*notes, how),
    )
