"""Evaluate products of standardised numbers, equal to the bit for any subset of rows."""

from __future__ import annotations

import numpy as np

from rung.prep.one_hot import TableEncoder, standardise
from rung.typing import Array

# Cells further off count as this far, so that their fourth powers stay finite.
FARTHEST = 1e15
BLOCK_ROWS = 4_096


def bounded(encoder: TableEncoder, numbers: Array) -> Array:
    """Return standardised numbers, 0 where missing or not in use; shape (n_numbers, n_rows)."""
    out = np.zeros(numbers.shape[::-1])
    for j in np.flatnonzero(encoder.in_use):
        z = standardise(numbers[:, j], encoder.shift[j], encoder.scale[j])
        np.clip(z, -FARTHEST, FARTHEST, out=out[j])
    return out


class Products:
    """Evaluate products one after the other, each from the one that it extends."""

    def __init__(self, Z: Array) -> None:
        self._Z = Z
        self._known: dict[tuple[int, ...], Array] = {}

    def of(self, term: tuple[int, ...], *, keep: bool = False) -> Array:
        """Return one product, shape (n_rows,); the ones it extends are kept for the next."""
        if len(term) == 1:
            return np.asarray(self._Z[term[0]])
        found = self._known.get(term)
        if found is None:
            found = self.of(term[:-1], keep=True) * self._Z[term[-1]]
            if keep:
                self._known[term] = found
        return found


def variables(terms: Array, n_numbers: int) -> list[tuple[int, ...]]:
    """Return the numbers that each product multiplies.

    Examples
    --------
    >>> variables(np.array([[0, 0, 2], [0, 1, 1]]), 2)
    [(0, 0), (0, 1, 1)]
    """
    return [tuple(j for j in term if j < n_numbers) for term in terms.tolist()]


def add_terms(
    scores: Array, encoder: TableEncoder, numbers: Array, terms: Array, *, weights: Array
) -> None:
    """Add weighted products of numbers to scores, in place.

    Parameters
    ----------
    scores : ndarray, shape (n_rows, n_scores)
        Changed in place.
    encoder : TableEncoder
        Gives shift and scale.
    numbers : ndarray, shape (n_rows, n_numbers)
        Of the table.
    terms : ndarray of int, shape (n_terms, degree)
        Numbers of each product; `n_numbers` stands for 1.
    weights : ndarray, shape (n_terms, n_scores)
        Of each product, in each score.
    """
    listed = variables(terms, len(encoder.number_names))
    for start in range(0, len(scores), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        products = Products(bounded(encoder, numbers[block]))
        total = scores[block].T.copy()
        for term, weight in zip(listed, weights, strict=True):
            if term:
                total += weight[:, None] * products.of(term)
            else:
                total += weight[:, None]
        scores[block] = total.T


def product_matrix(encoder: TableEncoder, numbers: Array, terms: Array) -> Array:
    """Return all products as columns; shape (n_rows, n_terms)."""
    products = Products(bounded(encoder, numbers))
    out = np.empty((len(terms), len(numbers)))
    for row, term in zip(out, variables(terms, len(encoder.number_names)), strict=True):
        row[:] = products.of(term)
    return np.ascontiguousarray(out.T)
