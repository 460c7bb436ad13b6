"""Predict the next character from the longest context that was seen, corrected by shorter ones.

Interpolated Kneser-Ney smoothing with three discounts a length, the strongest way of counting.
A run's count is lowered by a discount, and what that leaves over goes to the prediction from the
context that is one token shorter. Shorter runs are not counted by how often they were seen, but by
after how many different tokens: what follows everywhere is likelier in a place that is new.

Sources: Kneser & Ney (1995), ICASSP; Chen & Goodman (1999), Computer Speech & Language 13
(interpolated, modified); Heafield et al. (2013), ACL (runs that begin at the boundary keep their
plain counts, as nothing can stand before them; what to do where discounts are not defined).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rung.core.family import State
from rung.text.counted import gram_arrays
from rung.text.grams import Grams, bits_of, gram_keys
from rung.text.passages import Passages
from rung.text.vocabulary import BOUNDARY
from rung.typing import Array

FALLBACK = (0.5, 1.0, 1.5)
NOTHING = -1


def discounts(counts: Array) -> tuple[float, float, float]:
    """Return what is taken from counts of one, two, and three or more.

    Source
    ------
    Chen & Goodman (1999), eq. 26; where few runs make it meaningless, Heafield et al. (2013).

    Examples
    --------
    >>> discounts(np.array([1, 1, 1, 1, 2, 2, 3, 4]))
    (0.5, 1.25, 1.0)
    >>> discounts(np.array([7, 9]))
    (0.5, 1.0, 1.5)
    """
    seen = np.bincount(np.minimum(counts, 5), minlength=6)[1:5].astype(float)
    if (seen == 0).any():
        return FALLBACK
    share = seen[0] / (seen[0] + 2 * seen[1])
    found = tuple(float(i - (i + 1) * share * seen[i] / seen[i - 1]) for i in (1, 2, 3))
    if all(0 < one <= i for i, one in enumerate(found, start=1)):
        return found[0], found[1], found[2]
    return FALLBACK


def continuation(grams: Grams, longer: Grams) -> Array:
    """Return after how many different tokens each run was seen.

    Runs that begin at the boundary keep their plain counts.
    """
    places = np.searchsorted(grams.keys, longer.suffixes())
    found = np.bincount(places, minlength=len(grams.keys))
    if grams.order == 1:
        return found
    return np.where(grams.oldest == BOUNDARY, grams.counts, found)


@dataclass(frozen=True)
class Level:
    """Hold what runs of one length say, ready for use.

    Attributes
    ----------
    grams : Grams
        Keys, and counts adjusted to this length's place in the model.
    """

    grams: Grams

    @cached_property
    def _groups(self) -> tuple[Array, Array]:
        """First run of each context, and the context of each run."""
        contexts = self.grams.contexts
        first = np.flatnonzero(np.concatenate([[True], contexts[1:] != contexts[:-1]]))
        return first, np.repeat(np.arange(len(first)), np.diff(first, append=len(contexts)))

    @cached_property
    def contexts(self) -> Array:
        """Distinct contexts, rising."""
        return self.grams.contexts[self._groups[0]]

    @cached_property
    def bounds(self) -> Array:
        """Where the runs of each context begin, and the last ends; shape (n_contexts + 1,)."""
        return np.append(self._groups[0], len(self.grams.keys))

    @cached_property
    def _taken(self) -> Array:
        taken: Array = np.array((0.0, *discounts(self.grams.counts)))
        return taken[np.minimum(self.grams.counts, 3)]

    @cached_property
    def _totals(self) -> Array:
        found: Array = np.add.reduceat(self.grams.counts, self._groups[0]).astype(float)
        return found

    @cached_property
    def own(self) -> Array:
        """What each run adds to the probability of its last token in its context."""
        found: Array = (self.grams.counts - self._taken) / self._totals[self._groups[1]]
        return found

    @cached_property
    def rest(self) -> Array:
        """Share of each context that is left to the shorter context."""
        found: Array = np.add.reduceat(self._taken, self._groups[0]) / self._totals
        return found

    def correct(self, shorter: Array, keys: Array, whole: Array) -> Array:
        """Return probabilities from contexts of this length, given those from shorter ones.

        Parameters
        ----------
        shorter : ndarray, shape (n,)
            Probabilities from contexts that are one token shorter.
        keys : ndarray of uint64, shape (n,)
            Runs whose last token is predicted.
        whole : ndarray of bool, shape (n,)
            Which runs have a context of this length at all.
        """
        at = np.flatnonzero(whole)
        runs = keys[at]
        contexts, is_known = _find(self.contexts, runs >> np.uint64(self.grams.bits))
        grams, is_seen = _find(self.grams.keys, runs)
        result = shorter.copy()
        lower = np.where(is_known, self.rest[contexts] * shorter[at], shorter[at])
        result[at] = lower + np.where(is_seen, self.own[grams], 0.0)
        return result


def _find(table: Array, wanted: Array) -> tuple[Array, Array]:
    """Return places in a sorted table, and which were found; places of others are valid."""
    places = np.minimum(np.searchsorted(table, wanted), len(table) - 1)
    return places, table[places] == wanted


def levels_of(grams: Sequence[Grams]) -> tuple[Level, ...]:
    """Return the levels of a model whose longest runs are the last of `grams`."""
    shorter = [
        Level(Grams(one.order, one.bits, one.keys, continuation(one, longer)))
        for one, longer in itertools.pairwise(grams)
    ]
    return (*shorter, Level(grams[-1]))


@dataclass(frozen=True)
class KneserNey:
    """Predict from counts of runs.

    Attributes
    ----------
    levels : tuple of Level
        For runs of 1, 2, ... tokens.
    n_tokens, first : int
        Tokens of the vocabulary, and the smallest that can come next.
    """

    levels: tuple[Level, ...]
    n_tokens: int
    first: int

    @property
    def bits(self) -> int:
        """Bits of a token in a key."""
        return bits_of(self.n_tokens)

    @property
    def order(self) -> int:
        """Tokens of the longest runs: the longest context and the token after it."""
        return len(self.levels)

    def predict(self, design: Passages, rows: Array | None = None) -> Array:
        if not design.n_tokens:
            return np.zeros(0)
        parts = []
        for chunk in design.chunks():
            found = np.full(chunk.n_tokens, 1.0 / (self.n_tokens - self.first))
            keys = gram_keys(chunk, self.order, self.bits)
            for level, (runs, whole) in zip(self.levels, keys, strict=True):
                found = level.correct(found, runs, whole)
            parts.append(np.log(found))
        return np.concatenate(parts)

    def start(self, n: int) -> tuple[Array, Array]:
        memory = np.full((n, max(self.order - 1, 1)), NOTHING, dtype=np.int64)
        memory[:, -1] = BOUNDARY
        return memory, self._next(memory)

    def step(self, memory: Array, tokens: Array) -> tuple[Array, Array]:
        memory = np.column_stack([memory[:, 1:], tokens])
        return memory, self._next(memory)

    def to_state(self) -> State:
        spec = {"n_tokens": self.n_tokens, "first": self.first, "order": self.order}
        return State(spec, gram_arrays([level.grams for level in self.levels]))

    def _next(self, memory: Array) -> Array:
        """Return log probabilities of the next token, shape (n_texts, n_tokens)."""
        found = np.full((len(memory), self.n_tokens), 1.0 / (self.n_tokens - self.first))
        found[:, : self.first] = 0.0
        context = np.zeros(len(memory), dtype=np.uint64)
        is_whole = np.ones(len(memory), dtype=bool)
        for length, level in enumerate(self.levels):
            if length:
                oldest = memory[:, -length]
                is_whole &= oldest != NOTHING
                shift = np.uint64(self.bits * (length - 1))
                context |= np.maximum(oldest, 0).astype(np.uint64) << shift
            places, is_known = _find(level.contexts, context)
            for row in np.flatnonzero(is_known & is_whole):
                found[row] *= level.rest[places[row]]
                runs = slice(*level.bounds[places[row] : places[row] + 2])
                last = level.grams.keys[runs] & np.uint64((1 << self.bits) - 1)
                found[row, last.astype(np.int64)] += level.own[runs]
        with np.errstate(divide="ignore"):
            logs: Array = np.log(found)
        return logs


def order_losses(grams: Sequence[Grams], passages: Passages, n_predicted: int) -> Array:
    """Return the mean loss, in nats a character, of models of every order at once.

    Parameters
    ----------
    grams : sequence of Grams
        Runs of 1, 2, ... tokens.
    passages : Passages
        What to predict; its scored characters count.
    n_predicted : int
        Tokens that can come next.

    Returns
    -------
    ndarray, shape (n_orders,)
        Loss of the model whose longest runs have 1, 2, ... tokens.
    """
    tops = [Level(one) for one in grams]
    lower = levels_of(grams)[:-1]
    sums, bits = np.zeros(len(grams)), grams[0].bits
    for chunk in passages.chunks():
        scored = chunk.is_scored()
        found = np.full(chunk.n_tokens, 1.0 / n_predicted)
        for i, (keys, whole) in enumerate(gram_keys(chunk, len(grams), bits)):
            sums[i] -= np.log(tops[i].correct(found, keys, whole)[scored]).sum()
            if i < len(lower):
                found = lower[i].correct(found, keys, whole)
    losses: Array = sums / passages.n_scored
    return losses
