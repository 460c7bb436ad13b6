"""Fit polynomial logistic regressions, degree and penalty chosen inside each training set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.family import Context, Design, Problem
from rung.core.fold_searches import share_searches
from rung.core.folds import Folds
from rung.gram.monomials import Monomials, count_monomials, monomials
from rung.gram.nested_logistic import (
    FALLBACK,
    PENALTIES,
    fit_scores,
    path_losses,
    prepare,
)
from rung.gram.terms import product_matrix
from rung.prep.levels import MAX_WIDTH
from rung.prep.one_hot import TableEncoder
from rung.typing import Array

HIGHEST = 3
# Cubes are tried up to this many columns.
CUBIC_WIDTH = 300
# Cells of the matrix, times classes: to choose degree and penalty, to fit, and to try at all.
CHOICE_CELLS = 2_000_000
FIT_CELLS = 20_000_000
FEWEST_ROWS = 500
FLAT = 1e-6


@dataclass(frozen=True)
class ExpandedEncoder:
    """Turn a table into standardised columns, then products of numbers, standardised too.

    Attributes
    ----------
    base : TableEncoder
        Columns of degree 1.
    terms : ndarray of int, shape (n_terms, degree)
        Numbers of each product; `n_numbers` stands for 1.
    mean, scale : ndarray, shape (n_terms,)
        Of the products on training rows.
    """

    base: TableEncoder
    terms: Array
    mean: Array
    scale: Array

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.base.width + len(self.terms)

    def matrix(self, design: Design, rows: Array | None = None) -> Array:
        """Return the encoded rows, shape (n_rows, width)."""
        products = product_matrix(self.base, design.numbers(rows), self.terms)
        products = (products - self.mean) / self.scale
        return np.concatenate([self.base.matrix(design, rows), products], axis=1)


@dataclass(frozen=True)
class PolynomialLogisticFit:
    """Hold one fitted polynomial logistic regression.

    Attributes
    ----------
    encoder : TableEncoder
        From a table to columns of degree 1.
    coefficients : ndarray, shape (encoder.width, n_present)
        One column for each class seen in training.
    terms : ndarray of int, shape (n_terms, degree)
        Numbers of each product; `n_numbers` stands for 1.
    products : ndarray, shape (n_terms, n_present)
        Coefficients of the products as they are.
    intercept : ndarray, shape (n_present,)
        Added to the scores.
    present : ndarray of int, shape (n_present,)
        Classes seen in training.
    degree : int
        Highest degree in use.
    penalty : float
        Relative to the sum of weights, for columns of unit variance.
    n_train, n_used : int
        Training rows, and how many of them the coefficients were fitted on.
    """

    encoder: TableEncoder
    coefficients: Array
    terms: Array
    products: Array
    intercept: Array
    present: Array
    degree: int
    penalty: float
    n_train: int
    n_used: int

    @property
    def n_columns(self) -> int:
        """Number of columns that are added up."""
        return self.encoder.width + len(self.terms)


def highest_logistic_degree(problem: Problem, wanted: int | None = None) -> tuple[int, str]:
    """Return the highest degree that is feasible, and a note where it is below the one wanted.

    It depends on the schema and the number of rows alone. Cubes are tried where they are few.

    Examples
    --------
    >>> from rung.testing import example_problem
    >>> highest_logistic_degree(example_problem("binary"), 3)
    (2, 'degree 3 would need 363 columns; 2 is the highest tried')
    """
    n_numbers = len(problem.design.number_names)
    degree = 1
    for higher in range(2, (wanted or HIGHEST) + 1):
        n_columns = count_monomials(n_numbers, higher) - 1
        room = CUBIC_WIDTH if higher > 2 else MAX_WIDTH - n_numbers
        cells = FEWEST_ROWS * n_columns * len(problem.classes)
        if n_columns > room or (wanted is None and cells > CHOICE_CELLS):
            text = f"degree {higher} would need {n_columns:,} columns"
            return degree, f"{text}; {degree} is the highest tried"
        degree = higher
    return degree, ""


def fit_nested_polynomial_logistic(
    problem: Problem,
    folds: Folds,
    context: Context,
    *,
    degrees: tuple[int, ...],
    penalties: tuple[float, ...] | None = None,
) -> tuple[PolynomialLogisticFit, ...]:
    """Fit polynomial logistic regressions for every split, and one more for all rows.

    Parameters
    ----------
    problem : Problem
        A classification with at least one number.
    folds : Folds
        Outer splits; the first inner one of each chooses degree and penalty.
    context : Context
        Maps over training sets and keeps encodings.
    degrees : tuple of int
        Ascending.
    penalties : tuple of float, optional
        Descending.

    Returns
    -------
    tuple of PolynomialLogisticFit
        One a split, then the final one. Each depends on its own training rows alone, to the bit.

    Examples
    --------
    >>> from rung.compute.context import RunContext
    >>> from rung.core.folds import partition_folds
    >>> from rung.testing import example_problem
    >>> problem = example_problem("binary")
    >>> folds = partition_folds(np.arange(problem.design.n_rows) % 4)
    >>> context = RunContext(0, problem)
    >>> len(fit_nested_polynomial_logistic(problem, folds, context, degrees=(1, 2)))
    5
    """
    tried = penalties or PENALTIES
    searches, homes = share_searches([folds.inner(i)[:1] for i in range(len(folds.splits))])
    jobs = [(number, degree) for number in range(len(searches)) for degree in degrees]
    is_settled = len(degrees) * len(tried) == 1

    def score(job: tuple[int, int]) -> list[Array]:
        search = searches[job[0]]
        if is_settled:
            return [np.zeros(1) for _ in search.tests]
        encoder = expand(problem, context, search.train, degree=job[1])
        cells = CHOICE_CELLS // len(problem.classes)
        prepared = prepare(problem, encoder, search.train, most_cells=cells)
        return path_losses(problem, encoder, prepared, search, penalties=tried)

    scored = dict(zip(jobs, context.map(score, jobs), strict=True))
    tables = [
        np.array([scored[number, degree][judge] for degree in degrees for number, judge in home])
        for home in homes
    ]
    # The final model is chosen by all splits together.
    known = [table for table in tables if len(table)]
    tables.append(np.add.reduce(known) if known else np.zeros(0))
    splits: list[int | None] = [*range(len(folds.splits)), None]

    def fit(position: int) -> PolynomialLogisticFit:
        train = folds.atom_rows(folds.train_mask(splits[position]))
        degree, penalty = _best(tables[position], degrees, tried)
        return _fit(problem, context, train, degree=degree, penalty=penalty)

    return tuple(context.map(fit, list(range(len(splits)))))


def _best(
    losses: Array, degrees: tuple[int, ...], penalties: tuple[float, ...]
) -> tuple[int, float]:
    """Return the settings of the least loss; ties go to the lowest degree, the largest penalty."""
    if not len(losses):
        return degrees[0], FALLBACK if FALLBACK in penalties else penalties[0]
    place = int(np.argmin(losses))
    return degrees[place // len(penalties)], penalties[place % len(penalties)]


def expand(problem: Problem, context: Context, train: Array, *, degree: int) -> ExpandedEncoder:
    """Learn columns of degree 1 and products on training rows; no other row is read."""
    base = context.encoded("one-hot", train)
    assert isinstance(base, TableEncoder)
    numbers = problem.design.numbers(train)
    terms = _terms(base, numbers, monomials(len(base.number_names), degree))
    stride = max(-(-numbers.shape[0] * max(len(terms), 1) // FIT_CELLS), 1)
    products = product_matrix(base, numbers[::stride], terms)
    scale = products.std(axis=0)
    varies = scale > FLAT * np.sqrt((products**2).mean(axis=0))
    return ExpandedEncoder(base, terms[varies], products.mean(axis=0)[varies], scale[varies])


def _terms(base: TableEncoder, numbers: Array, listed: Monomials) -> Array:
    """Return the products of numbers in use, powers below the count of values."""
    highest = np.zeros(len(base.number_names), dtype=int)
    for j in np.flatnonzero(base.in_use):
        column = numbers[:, j]
        found = np.unique(column[np.isfinite(column)])
        n_values = len(found) + bool(len(found) and not np.isfinite(column).all())
        highest[j] = min(listed.degree, n_values - 1)
    power = np.stack([(listed.terms == j).sum(axis=1) for j in range(len(highest))], axis=1)
    return np.asarray(listed.terms[(power <= highest).all(axis=1) & (power.sum(axis=1) > 1)])


def _fit(
    problem: Problem, context: Context, train: Array, *, degree: int, penalty: float
) -> PolynomialLogisticFit:
    encoder = expand(problem, context, train, degree=degree)
    cells = FIT_CELLS // len(problem.classes)
    prepared = prepare(problem, encoder, train, most_cells=cells)
    theta = fit_scores(prepared, penalty)
    first = 1 + encoder.base.width
    products = theta[first:] / encoder.scale[:, None]
    return PolynomialLogisticFit(
        encoder.base,
        np.ascontiguousarray(theta[1:first]),
        encoder.terms,
        products,
        theta[0] - encoder.mean @ products,
        prepared.present,
        degree,
        penalty,
        n_train=len(train),
        n_used=len(prepared.rows.y),
    )
