"""Deal a text into four parts, once: to learn from, to stop by, to compare on, and to test.

Lines are dealt by a hash of what they say, so equal lines never stand in two parts, nor do lines that
look equal: blanks at their end and how accents are written (Unicode's composition) do not count. The
order of the file plays no role, and a line stays in its part when the file grows. A stream is cut into
segments of eleven contexts, dealt by a hash of what they say too. Where the part changes from one
segment to the next, one context is dropped: it is neither learned from nor scored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rung.core.mixing import mix
from rung.text.alike import seen_digests
from rung.text.corpus import new_array
from rung.text.hashing import occurrences, shares
from rung.text.marks import line_digests
from rung.text.passages import CHUNK, CONTEXT_ONLY, Passages, lines
from rung.text.vocabulary import Vocabulary
from rung.typing import Array

PARTS = ("sealed", "verdict", "validation", "train")
SEALED_SHARE, VERDICT_SHARE, VALIDATION_SHARE = 0.10, 0.10, 0.05
ENOUGH_CHARACTERS = 4_000_000
FEWEST_UNITS = 20
FEWEST_SEALED = {"lines": 30, "stream": 10}
FEWEST_SEGMENTS = 200
CONTEXTS_A_SEGMENT = 11
CONTEXTS = (256, 128, 64, 32, 16, 8)
LONGEST_CONTEXT = 256
TRIES = 100
SHARE_TOLERANCE = 0.20
LARGE_SHARE, LARGE_UNITS = 0.05, 20

Part = Literal["sealed", "verdict", "validation", "train"]


@dataclass(frozen=True)
class Division:
    """A text in four parts.

    Attributes
    ----------
    parts : mapping of str to Passages
        `train`, `validation`, `verdict`, `sealed`.
    context : int
        Longest context that families may use.
    n_pieces, n_distinct : int
        Lines, or segments, and how many differ.
    n_spread : int
        Kinds of pieces that were so frequent that they were dealt one by one.
    t : int
        Try of the hash that gave the parts their shares.
    is_bounded : bool
        Whether there are enough segments for an interval; lines always are.
    n_alike : int
        Lines that differ from another in blanks at the end or in composition alone.
    """

    parts: Mapping[str, Passages]
    context: int
    n_pieces: int
    n_distinct: int
    n_spread: int
    t: int
    is_bounded: bool = True
    n_alike: int = 0


def part_shares(sealed: float | None, n_characters: int) -> dict[str, float]:
    """Return the share of the text that each part is to hold.

    Four million characters are enough to compare families on, or to test one, and two million to
    choose settings by: of a large text the rest is learned from.

    Parameters
    ----------
    sealed : float or None
        Share to seal; None for a tenth, or four million characters.
    n_characters : int
        Size of the text.

    Examples
    --------
    >>> {name: round(share, 3) for name, share in part_shares(None, 10**6).items()}
    {'sealed': 0.1, 'verdict': 0.1, 'validation': 0.05, 'train': 0.75}
    >>> {name: round(share, 3) for name, share in part_shares(None, 10**9).items()}
    {'sealed': 0.004, 'verdict': 0.004, 'validation': 0.002, 'train': 0.99}
    """
    most = ENOUGH_CHARACTERS / max(n_characters, 1)
    verdict, validation = min(VERDICT_SHARE, most), min(VALIDATION_SHARE, most / 2)
    sealed = min(SEALED_SHARE, most) if sealed is None else sealed
    train = 1.0 - sealed - verdict - validation
    return {"sealed": sealed, "verdict": verdict, "validation": validation, "train": train}


def divide_lines(
    tokens: Array, starts: Array, vocabulary: Vocabulary, *, sealed: float | None, seed: int
) -> Division:
    """Deal lines by what they say.

    Parameters
    ----------
    tokens, starts : ndarray
        From `encode_lines`.
    vocabulary : Vocabulary
        Of the whole file.
    sealed : float or None
        Share to seal, None for the default of `part_shares`; nothing is where too few lines would be.
    seed : int
        Of the hash.
    """
    exact = line_digests(lines(tokens, starts), vocabulary)
    found = seen_digests(tokens, starts, vocabulary, exact)
    keys, n_spread = _spread(found)
    sizes = np.diff(starts)
    part, t = _deal(keys, sizes, sealed=sealed, seed=seed, fewest=FEWEST_SEALED["lines"])
    parts = {}
    for number, name in enumerate(PARTS):
        own = np.flatnonzero(part == number)
        own = own[np.argsort(keys[own], kind="stable")]
        unit = np.unique(keys[own], return_inverse=True)[1]
        parts[name] = lines(*_gather(tokens, starts[own], sizes[own]), unit)
    context = min(int(sizes.max(initial=1)), LONGEST_CONTEXT)
    n_distinct = len(np.unique(found))
    n_alike = len(np.unique(exact)) - n_distinct
    return Division(parts, context, len(sizes), n_distinct, n_spread, t, n_alike=n_alike)


def _gather(tokens: Array, begin: Array, sizes: Array) -> tuple[Array, Array]:
    """Copy pieces one behind the other; return tokens and starts."""
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    copied = new_array(int(starts[-1]), tokens.dtype)
    first = 0
    while first < len(sizes):
        reach = int(np.searchsorted(starts, starts[first] + CHUNK, side="right")) - 1
        rows = slice(first, min(max(reach, first + 1), len(sizes)))
        first = rows.stop
        low, high = int(starts[rows.start]), int(starts[rows.stop])
        shift = np.repeat(begin[rows] - starts[rows.start : rows.stop], sizes[rows])
        copied[low:high] = tokens[np.arange(low, high) + shift]
    return copied, starts


def find_context(n_characters: int) -> int:
    """Return the longest context of which there are enough segments for an interval.

    Examples
    --------
    >>> find_context(1_115_394), find_context(100_000), find_context(500)
    (256, 32, 8)
    """
    fit = (c for c in CONTEXTS if n_characters >= FEWEST_SEGMENTS * CONTEXTS_A_SEGMENT * c)
    return next(fit, CONTEXTS[-1])


def divide_stream(
    tokens: Array, vocabulary: Vocabulary, *, sealed: float | None, seed: int
) -> Division:
    """Cut a stream into segments and deal them by what they say; see `divide_lines`."""
    context = find_context(len(tokens))
    size = CONTEXTS_A_SEGMENT * context
    n_segments = len(tokens) // size
    cuts = np.append(np.arange(max(n_segments, 1)) * size, len(tokens))
    found = line_digests(lines(tokens, cuts), vocabulary)
    keys, n_spread = _spread(found)
    sizes = np.diff(cuts)
    part, t = _deal(keys, sizes, sealed=sealed, seed=seed, fewest=FEWEST_SEALED["stream"])
    parts = {
        name: _runs(tokens, cuts, part == number, context, is_train=name == "train")
        for number, name in enumerate(PARTS)
    }
    is_bounded = n_segments >= FEWEST_SEGMENTS
    return Division(parts, context, len(sizes), len(np.unique(found)), n_spread, t, is_bounded)


def _runs(tokens: Array, cuts: Array, is_own: Array, context: int, *, is_train: bool) -> Passages:
    """Join neighbouring segments of a part; after a border a context is dropped or only read."""
    own = np.flatnonzero(is_own)
    begins_run = np.concatenate([[True], np.diff(own) > 1]) if len(own) else is_own[:0]
    lead = np.where(begins_run & (own > 0), context, 0)
    if is_train:
        begin, end = cuts[own] + lead, cuts[own + 1]
        copied, starts = _gather(tokens, begin, end - begin)
        first = np.append(np.flatnonzero(begins_run), len(own))
        return Passages(copied, starts[first], starts, np.arange(len(own)))
    copied, starts = _gather(tokens, cuts[own], cuts[own + 1] - cuts[own])
    first = np.append(np.flatnonzero(begins_run), len(own))
    has_lead = lead > 0
    blocks = np.sort(np.concatenate([starts, starts[:-1][has_lead] + context]))
    unit = np.repeat(np.arange(len(own)), 1 + has_lead)
    unit[np.flatnonzero(np.diff(unit, append=-1) == 0)] = CONTEXT_ONLY
    return Passages(copied, starts[first], blocks, unit)


def _spread(found: Array) -> tuple[Array, int]:
    """Tell pieces that are very frequent apart by their occurrence; others keep their digest."""
    _, inverse, counts = np.unique(found, return_inverse=True, return_counts=True)
    large = counts > max(LARGE_SHARE * len(found), LARGE_UNITS)
    if not large.any():
        return found, 0
    is_large = large[inverse]
    keys = found.copy()
    with np.errstate(over="ignore"):
        keys[is_large] += mix(occurrences(found)[is_large])
    return keys, int(large.sum())


def _deal(
    keys: Array, sizes: Array, *, sealed: float | None, seed: int, fewest: int
) -> tuple[Array, int]:
    """Return the part of every piece, and the first try that gives each part its share."""
    wanted = part_shares(sealed, int(sizes.sum()))
    nearest: tuple[float, int, Array] | None = None
    for t in range(TRIES):
        part = _cut(shares(keys, seed, t), wanted)
        held = np.bincount(part, weights=sizes, minlength=len(PARTS)) / max(sizes.sum(), 1)
        off = max(
            abs(held[number] / wanted[name] - 1)
            for number, name in enumerate(PARTS)
            if wanted[name] > 0
        )
        if nearest is None or off < nearest[0]:
            nearest = (off, t, part)
        if off <= SHARE_TOLERANCE:
            break
    assert nearest is not None
    _, t, part = nearest
    if sealed != 0 and len(np.unique(keys[part == 0])) < fewest:
        return _deal(keys, sizes, sealed=0.0, seed=seed, fewest=fewest)
    return part, t


def _cut(drawn: Array, wanted: Mapping[str, float]) -> Array:
    edges = np.cumsum([wanted[name] for name in PARTS[:-1]])
    return np.searchsorted(edges, drawn, side="right")
