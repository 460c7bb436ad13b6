"""Keep tables of counts as the state of a model, and read them back with suspicion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from rung.core.family import State
from rung.errors import BadModelFile
from rung.text.grams import Grams, bits_of, longest_order
from rung.typing import Array

REMEDY = "the file is damaged or was not written by rung; fit the model again"
LARGEST_COUNT = 1 << 53
MOST_TOKENS = 0x110000 + 1


def gram_arrays(levels: Sequence[Grams]) -> dict[str, Array]:
    """Return the arrays of tables of runs; counts in the smallest type that holds them."""
    arrays = {}
    for grams in levels:
        small = np.min_scalar_type(int(grams.counts.max(initial=0)))
        arrays[f"keys/{grams.order}"] = grams.keys
        arrays[f"counts/{grams.order}"] = grams.counts.astype(small)
    return arrays


def read_grams(arrays: Mapping[str, Array], order: int, n_tokens: int, first: int) -> Grams:
    """Return the table of runs of one length after checking it.

    Raises
    ------
    BadModelFile
        If an array is absent or of another kind, keys do not rise, a key holds a token that is
        not in the vocabulary or cannot come last, or a count is no natural number.
    """
    bits = bits_of(n_tokens)
    if not 1 <= order <= longest_order(n_tokens):
        raise BadModelFile(f"runs of {order} of {n_tokens} tokens do not fit a key", REMEDY)
    keys, counts = (arrays.get(f"{name}/{order}") for name in ("keys", "counts"))
    if keys is None or counts is None or keys.dtype != np.uint64 or counts.dtype.kind != "u":
        raise BadModelFile(f"the table of runs of {order} tokens is missing or no counts", REMEDY)
    if keys.ndim != 1 or keys.shape != counts.shape or not len(keys):
        raise BadModelFile(f"the table of runs of {order} tokens has shapes that differ", REMEDY)
    if np.any(keys[1:] <= keys[:-1]) or counts.min() < 1 or counts.max() > LARGEST_COUNT:
        raise BadModelFile(f"runs of {order} tokens are out of order or not counted", REMEDY)
    _check_tokens(keys, order, bits, (first, n_tokens))
    return Grams(order, bits, keys, counts.astype(np.int64))


def _check_tokens(keys: Array, order: int, bits: int, limits: tuple[int, int]) -> None:
    """Raise unless every token of every key is one of the vocabulary."""
    first, n_tokens = limits
    mask = np.uint64((1 << bits) - 1)
    for place in range(order):
        tokens = (keys >> np.uint64(bits * place)) & mask
        low = first if place == 0 else 0
        if tokens.min() < low or tokens.max() >= n_tokens:
            raise BadModelFile(f"runs of {order} tokens hold unknown characters", REMEDY)
    if int(keys[-1]) >> (bits * order):
        raise BadModelFile(f"runs of {order} tokens are too long for their keys", REMEDY)


def read_size(state: State) -> tuple[int, int]:
    """Return the tokens of the vocabulary and the smallest that can come next, checked."""
    n_tokens, first = state.spec.get("n_tokens"), state.spec.get("first")
    if type(n_tokens) is not int or first not in (0, 1) or not first < n_tokens <= MOST_TOKENS:
        raise BadModelFile(f"a vocabulary of {n_tokens!r} tokens from {first!r} on", REMEDY)
    return n_tokens, int(first)
