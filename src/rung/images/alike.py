"""Find images that are equal or nearly equal, so that they stay on one side of every division."""

from __future__ import annotations

import hashlib
from collections import defaultdict

import numpy as np

from rung.images.sizing import resize
from rung.images.statistics import fill_missing
from rung.typing import Array

SIDE = 8
BLOCK = 256
# Bits of 64 in which two nearly equal images may differ, and how near their small copies must be.
BITS = 2
NEAR = 0.02


def digests_of(images: Array) -> list[str]:
    """Return a digest of the pixels of each image, 32 hexadecimal digits."""
    return [
        hashlib.blake2b(np.ascontiguousarray(one).tobytes(), digest_size=16).hexdigest()
        for one in images
    ]


def likeness_keys(images: Array, digests: list[str]) -> list[str]:
    """Give images that are equal, or nearly, one key: the smallest digest among them.

    Two are nearly equal if their copies of 8 x 8 pixels are brighter than their mean in the same
    places, but for two, and the copies differ by at most 2 % of their range.

    Parameters
    ----------
    images : ndarray, shape (n, channels, height, width)
        All of one size.
    digests : list of str
        Of `digests_of`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> one, other = rng.random((2, 1, 16, 16))
    >>> images = np.stack([one, other, one + 1e-4])
    >>> keys = likeness_keys(images, digests_of(images))
    >>> keys[0] == keys[2], keys[0] == keys[1]
    (True, False)
    """
    flat = np.concatenate([_small(images[i : i + BLOCK]) for i in range(0, len(images), BLOCK)])
    span = np.ptp(flat, axis=1)
    bits = flat > flat.mean(axis=1, keepdims=True)
    parent = list(range(len(images)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, j in _candidates(bits, digests):
        near = NEAR * min(span[i], span[j])
        if digests[i] == digests[j] or (
            int((bits[i] != bits[j]).sum()) <= BITS and np.abs(flat[i] - flat[j]).max() <= near
        ):
            parent[max(root(i), root(j))] = min(root(i), root(j))
    smallest: dict[int, str] = {}
    for i, digest in enumerate(digests):
        smallest[root(i)] = min(digest, smallest.get(root(i), digest))
    return [smallest[root(i)] for i in range(len(images))]


def _small(images: Array) -> Array:
    """Return images as 8 x 8 grey pixels in a row."""
    grey = fill_missing(images.astype(np.float32)).mean(axis=1, keepdims=True)
    return np.asarray(resize(grey, SIDE, SIDE).reshape(len(images), -1))


def _candidates(bits: Array, digests: list[str]) -> set[tuple[int, int]]:
    """Return pairs that agree in one of three parts of the bits: two differing leave one whole."""
    found = set()
    for part in np.array_split(np.arange(bits.shape[1]), BITS + 1):
        packed = np.packbits(bits[:, part], axis=1)
        groups = defaultdict(list)
        for i, row in enumerate(packed):
            groups[row.tobytes()].append(i)
        for members in groups.values():
            found.update(_near_in_order(members, bits))
    first: dict[str, int] = {}
    for i, digest in enumerate(digests):
        found.add((first.setdefault(digest, i), i))
    return found


def _near_in_order(members: list[int], bits: Array) -> list[tuple[int, int]]:
    """Return the pairs of a group that differ in few bits."""
    found = []
    for place, i in enumerate(members[:-1]):
        others = np.array(members[place + 1 :])
        near = others[(bits[others] != bits[i]).sum(axis=1) <= BITS]
        found += [(i, int(j)) for j in near]
    return found
