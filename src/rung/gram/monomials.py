"""List monomials, evaluate them, add up all their products, and shift and scale them exactly.

A product of two monomials is a monomial, so that the matrix of products of `m` columns holds far
fewer than m (m + 1) / 2 different numbers: for cubes of ten numbers 8,008 moments instead of
41,041. Each moment is added up once, as (a monomial) times (one of the highest degree)
whose variables follow each other, which small matrix products do in blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from math import comb

import numpy as np

from rung.typing import Array

# For products of single numbers, this many variables share one matrix product.
GROUP = 32


def count_monomials(n_numbers: int, degree: int) -> int:
    """Count the monomials of up to a degree, the constant 1 among them.

    Examples
    --------
    >>> count_monomials(10, 3)
    286
    """
    return comb(n_numbers + degree, degree)


@lru_cache(maxsize=4)
def monomials(n_numbers: int, degree: int) -> Monomials:
    """Return the list of monomials; it is kept, as its index tables take time to build."""
    return Monomials(n_numbers, degree)


@dataclass(frozen=True)
class Monomials:
    """List the monomials of `n_numbers` variables up to a degree, by degree, then in order.

    A monomial is the ascending list of its variables, a square naming its variable twice; lists
    are filled up with `n_numbers`, which stands for 1.

    Attributes
    ----------
    n_numbers, degree : int
        Variables and highest degree.

    Examples
    --------
    >>> Monomials(2, 2).terms.tolist()
    [[2, 2], [0, 2], [1, 2], [0, 0], [0, 1], [1, 1]]
    """

    n_numbers: int
    degree: int

    def __len__(self) -> int:
        return count_monomials(self.n_numbers, self.degree)

    @property
    def n_moments(self) -> int:
        """Number of different products of two of the monomials."""
        return count_monomials(self.n_numbers, 2 * self.degree)

    @cached_property
    def tails(self) -> Array:
        """Monomials of exact degree k whose variables are all at least v; shape (2 degree + 1, n + 1)."""
        n = self.n_numbers
        rows = [
            [comb(n - v + k - 1, k) if k else 1 for v in range(n + 1)]
            for k in range(2 * self.degree + 1)
        ]
        return np.array(rows, dtype=np.int64)

    @cached_property
    def starts(self) -> Array:
        """Place of the first monomial of each degree, up to twice the highest."""
        return np.concatenate([[0], np.cumsum(self.tails[:, 0])])

    @cached_property
    def terms(self) -> Array:
        """Variables of each monomial; shape (len, degree)."""
        n = self.n_numbers
        parts = [np.full((1, self.degree), n)]
        for k in range(1, self.degree + 1):
            rows = []
            for v in range(n):
                own = parts[-1][len(parts[-1]) - self.tails[k - 1, v] :].copy()
                own[:, 1:k] = own[:, : k - 1].copy()
                own[:, 0] = v
                rows.append(own)
            parts.append(np.concatenate(rows))
        return np.concatenate(parts)

    def place(self, lists: Array) -> Array:
        """Return the place of monomials, given as ascending lists; shape (n_lists,)."""
        size = (lists < self.n_numbers).sum(axis=1)
        found = self.starts[size]
        before = np.zeros(len(lists), dtype=np.int64)
        for i in range(lists.shape[1]):
            left = np.maximum(size - i, 0)
            found = found + self.tails[left, before] - self.tails[left, lists[:, i]]
            before = lists[:, i]
        return np.asarray(found)

    def evaluate(self, Z: Array, first: Array | float, out: Array) -> None:
        """Write all monomials, times a first factor, into the columns of `out`.

        Parameters
        ----------
        Z : ndarray, shape (n_rows, n_numbers)
            Values of the variables.
        first : ndarray, shape (n_rows,), or float
            The first column; every other is a multiple of it.
        out : ndarray, shape (n_rows, len)
            Column by column in memory is quickest.
        """
        out[:, 0] = first
        for k in range(1, self.degree + 1):
            end = at = int(self.starts[k])
            for v in range(self.n_numbers):
                count = int(self.tails[k - 1, v])
                np.multiply(out[:, end - count : end], Z[:, v : v + 1], out=out[:, at : at + count])
                at += count

    @cached_property
    def pairs(self) -> Array:
        """Place of the moment that each pair of monomials makes; shape (len, len)."""
        size = len(self)
        out = np.empty((size, size), dtype=np.int32)
        terms = self.terms.astype(np.int16)
        for i in range(size):
            joined = np.concatenate([np.broadcast_to(terms[i], terms[i:].shape), terms[i:]], axis=1)
            joined.sort(axis=1)
            out[i, i:] = out[i:, i] = self.place(joined)
        return out

    @cached_property
    def _steps(self) -> tuple[tuple[slice, slice, Array], ...]:
        """List (columns of the reversed monomials, columns, places of their products)."""
        n, size, top = self.n_numbers, len(self), self.degree
        stride = 1 if top > 1 else GROUP
        back = np.sort(np.where(self.terms == n, n, n - 1 - self.terms), axis=1)
        steps = []
        for v in range(0, n, stride):
            stop = min(v + stride, n)
            right = slice(size - int(self.tails[top, v]), size)
            for k in range(1, top + 1):
                end = int(self.starts[k + 1])
                low, high = (
                    end - int(self.tails[k, n - stop]),
                    end - int(self.tails[k, n - v] if v else 0),
                )
                left = slice(low, high)
                joined = np.concatenate(
                    [
                        np.repeat(back[left], right.stop - right.start, axis=0),
                        np.tile(self.terms[right], (high - low, 1)),
                    ],
                    axis=1,
                )
                joined.sort(axis=1)
                steps.append((left, right, self.place(joined)))
        return tuple(steps)

    def start_sums(self) -> list[Array]:
        """Return zeros to add products to; see `add_products`."""
        shapes = [(s[0].stop - s[0].start, s[1].stop - s[1].start) for s in self._steps]
        return [np.zeros(shape) for shape in shapes]

    def add_products(self, sums: list[Array], back: Array, ahead: Array) -> None:
        """Add the products of a block of rows.

        Parameters
        ----------
        sums : list of ndarray
            From `start_sums`.
        back : ndarray, shape (n_rows, len)
            Monomials of the variables in reversed order, times the weight of the row.
        ahead : ndarray, shape (n_rows, len)
            Monomials of the variables.
        """
        for total, (left, right, _) in zip(sums, self._steps, strict=True):
            total += back[:, left].T @ ahead[:, right]

    def moments(self, sums: list[Array], low: Array) -> Array:
        """Return all moments in their places.

        Parameters
        ----------
        sums : list of ndarray
            As `add_products` left them.
        low : ndarray, shape (len,)
            Sums of the monomials themselves.
        """
        out = np.empty(self.n_moments)
        for total, (_, _, places) in zip(sums, self._steps, strict=True):
            out[places] = total.ravel()
        out[: len(self)] = low
        return out

    @cached_property
    def _changes(self) -> tuple[Array, Array, Array]:
        """List which products of factors turn a monomial into another; see `change`."""
        n = self.n_numbers
        rows, columns, picks = [], [], []
        for kept in product([True, False], repeat=self.degree):
            keep = np.array(kept, dtype=bool)
            # Factors are (scale of each variable, -, shift of each variable, 1).
            able = ~((self.terms == n) & keep).any(axis=1)
            own = self.terms[able]
            rows.append(np.flatnonzero(able))
            columns.append(self.place(np.sort(np.where(keep, own, n), axis=1)))
            picks.append(np.where(keep, own, own + n + 1))
        return np.concatenate(rows), np.concatenate(columns), np.concatenate(picks)

    def change(self, scale: Array, shift: Array, wanted: Array) -> tuple[Array, Array, Array]:
        """Write monomials of `scale * z + shift` as sums of monomials of z.

        Parameters
        ----------
        scale, shift : ndarray, shape (n_numbers,)
            Of each variable.
        wanted : ndarray of bool, shape (len,)
            Monomials that are asked for.

        Returns
        -------
        rows, columns, factors : ndarray
            Entries of the matrix that turns monomials of z into those of `scale * z + shift`;
            those of the same row and column add up.
        """
        rows, columns, picks = self._changes
        used = wanted[rows]
        factors = np.concatenate([scale, [0.0], shift, [1.0]])
        data = np.ones(int(used.sum()))
        for pick in picks[used].T:
            data = data * factors[pick]
        return rows[used], columns[used], data
