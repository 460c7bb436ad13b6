"""Tell whether a sample was copied from the text that the model learned from.

The model file keeps hashes, not the text. For lines: the hash of every distinct training line. For
a stream: hashes of runs of 24 characters, of which each window of 17 neighbours keeps the smallest
(winnowing): every stretch of 40 characters or more that two texts share is noticed, and one hash
in nine is kept. Of n hashes of b bits a new run meets one by chance with probability n / 2^b; 32
bits up to 65,536 hashes and 64 above keep that below two in a hundred thousand.

Source: Schleimer, Wilkerson & Aiken (2003), SIGMOD (winnowing).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rung.core.family import State
from rung.core.mixing import mix
from rung.errors import BadModelFile
from rung.text.counted import REMEDY
from rung.text.hashing import digests, powers
from rung.text.passages import Passages
from rung.text.vocabulary import Vocabulary
from rung.typing import Array

RUN = 24
WINDOW = 17
# 16 MB of a model file; more lines are not recorded, longer streams with wider windows.
MOST_HASHES = 1 << 21
MOST_SHORT = 1 << 16


@dataclass(frozen=True)
class Membership:
    """Hold hashes of a training text.

    Attributes
    ----------
    kind : str
        `lines`, `stream`, or `unknown` if there were too many lines to keep.
    hashes : ndarray of uint32 or uint64, shape (n_hashes,)
        Rising.
    window : int
        Neighbouring runs of which one is kept.
    """

    kind: str
    hashes: Array
    window: int = 0

    def copied(self, code_points: Array) -> float | None:
        """Return the share of a sample that stands in the training text; None if unknown.

        A line is copied or not, 1 or 0; of a stream those characters count that lie in runs whose
        hash is known.
        """
        if self.kind == "unknown":
            return None
        if self.kind == "lines":
            ended = np.append(code_points, 0)
            return float(self._holds(digests(ended, np.array([0, len(ended)])))[0])
        places, found = fingerprints(code_points, np.array([0, len(code_points)]), self.window)
        covered = np.zeros(len(code_points), dtype=bool)
        for place in places[self._holds(found)]:
            covered[place : place + RUN] = True
        return float(covered.mean()) if len(covered) else 0.0

    def _holds(self, found: Array) -> Array:
        if not len(self.hashes):
            return np.zeros(len(found), dtype=bool)
        wanted = _short(found, self.hashes.dtype.itemsize)
        places = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        held: Array = self.hashes[places] == wanted
        return held

    def to_state(self) -> State:
        """Return the record as data."""
        return State({"kind": self.kind, "window": self.window}, {"hashes": self.hashes})


def _short(found: Array, size: int) -> Array:
    return found if size == 8 else (found >> np.uint64(32)).astype(np.uint32)


def remember(passages: Passages, vocabulary: Vocabulary, kind: str) -> Membership:
    """Record a training text."""
    table = np.concatenate([np.zeros(1, dtype=np.int64), vocabulary.code_points])
    if kind == "lines":
        if passages.n_units > MOST_HASHES:
            return Membership("unknown", np.zeros(0, dtype=np.uint64))
        parts = [digests(table[one.tokens], one.starts) for one in passages.chunks()]
        return Membership(kind, _kept(parts))
    window = max(WINDOW, -(-2 * passages.n_tokens // MOST_HASHES))
    chunks = passages.chunks()
    parts = [fingerprints(table[one.tokens], one.starts, window)[1] for one in chunks]
    return Membership(kind, _kept(parts), window)


def _kept(parts: list[Array]) -> Array:
    found = np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.uint64)
    return np.unique(_short(found, 4)) if len(found) <= MOST_SHORT else found


def fingerprints(code_points: Array, starts: Array, window: int) -> tuple[Array, Array]:
    """Return places and hashes of the runs that winnowing keeps.

    Parameters
    ----------
    code_points : ndarray of int, shape (n_characters,)
        Passages, back to back.
    starts : ndarray of int64, shape (n_passages + 1,)
        Where each begins; no run crosses a border.
    window : int
        Neighbouring runs of which the smallest hash is kept.

    Returns
    -------
    places, hashes : ndarray, shape (n_kept,)
        Where kept runs begin.
    """
    n_runs = len(code_points) - RUN + 1
    if n_runs < 1:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint64)
    mixed, found = mix(code_points), np.zeros(n_runs, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for i, power in enumerate(powers(RUN)):
            found += mixed[i : i + n_runs] * power
    found = mix(found)
    inside = np.searchsorted(starts, np.arange(n_runs), side="right") == np.searchsorted(
        starts, np.arange(n_runs) + RUN - 1, side="right"
    )
    found[~inside] = np.iinfo(np.uint64).max
    width = min(window, n_runs)
    places = lowest_places(found, width)
    places = places[inside[places]]
    return places, found[places]


def lowest_places(values: Array, width: int) -> Array:
    """Return where the lowest value of each window stands, the first of equals; rising.

    The work does not grow with the width: what is lowest in a wide window is so in every narrower
    one around it, so only those that are lowest in some narrow window are compared, by minima of
    1, 2, 4, ... of them.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Any numbers.
    width : int
        Neighbours in a window, from 1 to n.

    Examples
    --------
    >>> lowest_places(np.array([3, 1, 2, 1, 5]), 3).tolist()
    [1, 3]
    """
    if width <= 2 * WINDOW:
        lowest = np.lib.stride_tricks.sliding_window_view(values, width).argmin(axis=1)
        narrow: Array = np.unique(lowest + np.arange(len(lowest)))
        return narrow
    places = lowest_places(values, WINDOW)
    # A window holds other places than the one before it where one of them enters or leaves.
    moves = np.concatenate([places - width + 1, places + 1])
    begins = np.unique(np.clip(moves, 0, len(values) - width))
    low, high = np.searchsorted(places, begins), np.searchsorted(places, begins + width)
    found: Array = places[np.unique(_first_lowest(values[places], low, high))]
    return found


def _first_lowest(values: Array, low: Array, high: Array) -> Array:
    """Return the first lowest index of each range from `low` to `high` - 1; none is empty."""
    chosen = np.empty(len(low), dtype=np.int64)
    best, reach, sizes = np.arange(len(values)), 1, high - low
    while True:
        own = np.flatnonzero((sizes >= reach) & (sizes < 2 * reach))
        chosen[own] = _lower(values, best[low[own]], best[high[own] - reach])
        if sizes.max() < 2 * reach:
            return chosen
        best = _lower(values, best[:-reach], best[reach:])
        reach *= 2


def _lower(values: Array, first: Array, second: Array) -> Array:
    """Return the index of the lower value of each pair; the first of equals."""
    found: Array = np.where(values[first] <= values[second], first, second)
    return found


def read_membership(spec: Mapping[str, Any], arrays: Mapping[str, Array]) -> Membership:
    """Turn the state of a record back into it, after checking all of it."""
    kind, window, hashes = spec.get("kind"), spec.get("window"), arrays.get("hashes")
    if kind not in ("lines", "stream", "unknown") or type(window) is not int:
        raise BadModelFile(f"a record of the training text of kind {kind!r}", REMEDY)
    if hashes is None or hashes.dtype not in (np.uint32, np.uint64) or hashes.ndim != 1:
        raise BadModelFile("the record of the training text holds no hashes", REMEDY)
    if np.any(hashes[1:] <= hashes[:-1]) or not (1 if kind == "stream" else 0) <= window < 1 << 40:
        raise BadModelFile("the record of the training text is out of order", REMEDY)
    return Membership(kind, hashes, window)
