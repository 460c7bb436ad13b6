"""Hash pieces of text, many at once; the hash depends on their characters alone.

A piece's digest is a polynomial of its mixed code points modulo 2^64, mixed again: the same on
every machine, and independent of the vocabulary. Of n different pieces two share a digest with a
probability of about n² / 2^65.

Source: Karp & Rabin (1987), IBM Journal 31.
"""

from __future__ import annotations

import numpy as np

from rung.core.mixing import BASE, mix
from rung.typing import Array

HASH_RANGE = 2.0**64


def powers(n: int) -> Array:
    """Return the powers 0 to n - 1 of the base, modulo 2^64."""
    steps = np.full(max(n, 1), BASE, dtype=np.uint64)
    steps[0] = 1
    with np.errstate(over="ignore"):
        found: Array = np.multiply.accumulate(steps)
    return found[:n]


def digests(code_points: Array, starts: Array) -> Array:
    """Return the digest of every piece.

    Parameters
    ----------
    code_points : ndarray of int, shape (n_characters,)
        Pieces, back to back.
    starts : ndarray of int64, shape (n_pieces + 1,)
        Where each begins; none is empty.

    Returns
    -------
    ndarray of uint64, shape (n_pieces,)

    Examples
    --------
    >>> found = digests(np.array([97, 98, 97, 98, 98]), np.array([0, 2, 4, 5]))
    >>> bool(found[0] == found[1]), bool(found[0] == found[2])
    (True, False)
    """
    lengths = np.diff(starts)
    if not len(lengths):
        return np.zeros(0, dtype=np.uint64)
    places = np.arange(len(code_points)) - np.repeat(starts[:-1], lengths)
    with np.errstate(over="ignore"):
        terms = mix(code_points) * powers(int(lengths.max()))[places]
        return mix(np.add.reduceat(terms, starts[:-1]) + lengths.astype(np.uint64))


def shares(keys: Array, seed: int, t: int = 0) -> Array:
    """Return a number in [0, 1) for every digest, seed and try.

    Examples
    --------
    >>> bool(np.all(shares(mix(np.arange(9)), 0) < 1))
    True
    """
    salt = mix(np.array([seed & 0xFFFFFFFFFFFFFFFF], dtype=np.uint64))
    with np.errstate(over="ignore"):
        salt = mix(salt + np.uint64(t))
        found: Array = mix(np.asarray(keys, dtype=np.uint64) ^ salt) / HASH_RANGE
    return np.minimum(found, np.nextafter(1.0, 0.0))


def occurrences(keys: Array) -> Array:
    """Return how many equal digests stand before each.

    Examples
    --------
    >>> occurrences(np.array([7, 3, 7, 7])).tolist()
    [0, 0, 1, 2]
    """
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    first = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
    counted = np.arange(len(keys)) - np.repeat(first, np.diff(first, append=len(keys)))
    found = np.empty(len(keys), dtype=np.int64)
    found[order] = counted
    return found
