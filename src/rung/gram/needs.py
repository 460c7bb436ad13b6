"""Estimate what the engines of this folder hold in memory, from the sizes of a problem alone."""

from __future__ import annotations

from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.gram import expanded, nested_logistic, polynomial_logistic, ridge, sums
from rung.gram.monomials import count_monomials
from rung.gram.polynomial import LEVEL_ROOM, widest_degree
from rung.prep.levels import MAX_WIDTH
from rung.svm import machines

# What an encoder holds of a column beside its numbers.
NAME_BYTES = 16


def needed_by_sums(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate ridge regression: a few blocks of rows, and products for each part of them.

    Fewer rows than columns are solved through products of rows; see `dual.is_dual`.
    """
    if sizes.n_numbers + 2 * sizes.n_categories > sizes.n_rows:
        return _by_products_of_rows(sizes)
    width = 2 * sizes.n_numbers + sizes.n_columns
    n_pieces = sizes.n_atoms if sizes.n_atoms <= sums.MOST_ATOMS else 2 * sizes.n_splits
    # A part has few rows, the set of rows that a bad basis is mended on has all.
    cells = min(sizes.n_train // min(n_pieces, sizes.n_atoms) * width, sums.BLOCK_CELLS)
    held = sizes.matrix(n_pieces, 2 * width**2) + sizes.matrix(sizes.n_rows, sizes.n_categories)
    return MemoryEstimate(job=sizes.matrix(cells, 3) + sizes.matrix(8 * width, width), held=held)


def _by_products_of_rows(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate the dual form: rows as they are taken and scored, and the path of each model.

    Of the inner splits the first alone is fitted, so that training sets are twice the splits.
    """
    width, n_paths = sizes.n_columns, len(ridge.PENALTIES)
    n_models = 2 * (sizes.n_splits + 1)
    names = NAME_BYTES * n_models * width
    return MemoryEstimate(
        job=sizes.matrix(sizes.n_rows, 3 * width) + sizes.matrix(4 * sizes.n_train, sizes.n_train),
        held=sizes.matrix(n_models * width, n_paths + 4) + names,
    )


def needed_by_logistic(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate logistic regression: the encoded rows twice, and scores of every class."""
    width = sizes.n_columns + 1
    n_used = min(sizes.n_train, nested_logistic.MOST_CELLS // width)
    return _by_logistic(sizes, n_used, width, n_test=sizes.n_test)


def needed_by_products(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate polynomial logistic regression: the same, for as many rows as it takes."""
    width = 1 + sizes.n_columns + min(count_monomials(sizes.n_numbers, 2), MAX_WIDTH)
    n_used = min(sizes.n_train, polynomial_logistic.FIT_CELLS // (width * sizes.n_outputs))
    return _by_logistic(sizes, n_used, width, n_test=min(sizes.n_test, n_used))


def _by_logistic(sizes: ProblemSizes, n_used: int, width: int, *, n_test: int) -> MemoryEstimate:
    rows = sizes.matrix(n_used, 2 * width + 6 * sizes.n_scores)
    curvature = (
        0 if width * sizes.n_scores > 400 else sizes.matrix(width * sizes.n_scores, 2 * width)
    )
    return MemoryEstimate(job=rows + curvature + sizes.matrix(n_test, 2 * width))


def needed_by_terms(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate polynomial ridge regression: blocks of monomials, and moments of each part."""
    degree = widest_degree(sizes.n_numbers, 2 * sizes.n_categories, sizes.n_rows)
    if degree < 2:
        return MemoryEstimate(
            job=sizes.matrix(sizes.n_rows, 1)
        )  # it is skipped: a line is no polynomial
    n_terms = count_monomials(sizes.n_numbers, degree)
    width = n_terms + min(sizes.n_columns, LEVEL_ROOM)
    n_pieces = sizes.n_atoms if sizes.n_atoms <= sums.MOST_ATOMS else 2 * sizes.n_splits
    moments = count_monomials(sizes.n_numbers, 2 * degree) + n_terms * sizes.n_columns
    block = min(max(expanded.BLOCK_CELLS, expanded.FEWEST_ROWS * n_terms), sizes.n_rows * n_terms)
    return MemoryEstimate(
        job=sizes.matrix(block, 4) + sizes.matrix(6 * width, width),
        held=sizes.matrix(n_pieces, moments) + sizes.matrix(n_terms, n_terms),
    )


def needed_by_machines(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate support vector machines: encoded rows, and what compares them with landmarks."""
    width = max(sizes.n_columns, 1)
    n_used = min(sizes.n_train, machines.MOST_ROWS, machines.MOST_CELLS // width)
    many = sizes.n_train > machines.MANY_ROWS
    n_landmarks = min(n_used, machines.FEWER_LANDMARKS if many else machines.LANDMARKS)
    rows = sizes.matrix(n_used, 2 * width + 2 * n_landmarks + 4 * sizes.n_scores)
    return MemoryEstimate(job=rows + sizes.matrix(6 * n_landmarks, n_landmarks))
