"""Read a trained GPT with numpy alone: probabilities of a text, and one character at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from rung.nets.characters.batches import stretches
from rung.nets.characters.shape import GptShape, hashed_neighbours, turns
from rung.nets.characters.window import log_softmax
from rung.text.passages import Passages
from rung.text.vocabulary import BOUNDARY
from rung.typing import Array

EPSILON = np.float32(1e-6)
LOOK_BACK = 2
Watch = Callable[[str, int, Array], None]


@dataclass(frozen=True)
class KeyValueCache:
    """Keep what a GPT has read of n texts.

    Attributes
    ----------
    read : ndarray of int64, shape (n, n_read)
        What was read since the window began.
    keys, values : ndarray, shape (n_layers, n, n_heads, n_read, head_width)
        What later places attend to.
    """

    read: Array
    keys: Array
    values: Array


@dataclass(frozen=True)
class GPTReader:
    """Hold the weights of a GPT and compute what it expects.

    Parameters
    ----------
    shape : GptShape
        Sizes.
    first : int
        Smallest token that can come next.
    weights : mapping of str to ndarray of float32
        As `rung.nets.characters.gpt.GPT` names them: `hidden.0` and so on.
    """

    shape: GptShape
    first: int
    weights: Mapping[str, Array]

    def predict(self, passages: Passages) -> Array:
        """Return the log probability of every token of a text, shape (n_tokens,), float64."""
        found = np.zeros(passages.n_tokens)
        for stretch in stretches(passages, self.shape.context, heads=self.shape.heads):
            logits, _ = self.read(self.empty(len(stretch.tokens)), stretch.tokens)
            chosen = log_softmax(logits, self.first)
            picked = np.take_along_axis(
                chosen, np.maximum(stretch.targets, self.first)[:, :, None], axis=2
            )[:, :, 0]
            scored = stretch.places >= 0
            found[stretch.places[scored]] = picked[scored]
        return found

    def start(self, n: int) -> tuple[KeyValueCache, Array]:
        """Begin n texts; return their memory and what may come first, (n, n_symbols)."""
        return self.step(self.empty(n), np.full(n, BOUNDARY, dtype=np.int64))

    def step(self, memory: KeyValueCache, tokens: Array) -> tuple[KeyValueCache, Array]:
        """Read one more character of every text and return what may come next.

        The cost does not grow with what was read. When the context is full, the older half is
        forgotten and the younger half read again, as `predict` does.

        Parameters
        ----------
        memory : KeyValueCache
            Of the texts so far.
        tokens : ndarray of int, shape (n,)
            The characters to read.

        Returns
        -------
        Memory
            With these characters read.
        ndarray of float64, shape (n, n_symbols)
            Log probabilities of the next character.
        """
        context = self.shape.context
        if memory.read.shape[1] == context:
            kept = memory.read[:, max(1, context // 2) :]
            memory = self.empty(len(tokens))
            if kept.shape[1]:
                _, memory = self.read(memory, kept)
        logits, memory = self.read(memory, np.asarray(tokens, dtype=np.int64)[:, None])
        return memory, log_softmax(logits[:, 0], self.first)

    def read(
        self, memory: KeyValueCache, tokens: Array, watch: Watch | None = None
    ) -> tuple[Array, KeyValueCache]:
        """Read more characters of n texts at once.

        Parameters
        ----------
        memory : KeyValueCache
            Of the texts so far.
        tokens : ndarray of int64, shape (n, n_new)
            Further characters.
        watch : callable, optional
            Called in every layer with `shares`, the layer and the shares of attention, shape
            (n, n_heads, n_new, n_read); and with `sums`, the layer and the sums before the squared
            rectifier, shape (n, n_new, n_hidden).

        Returns
        -------
        ndarray of float32, shape (n, n_new, n_symbols)
            Logits of what follows each.
        Memory
            With these characters read.
        """
        before, new = memory.read.shape[1], tokens.shape[1]
        read = np.concatenate((memory.read, tokens), axis=1)
        recent = read[:, max(0, before - LOOK_BACK) :]
        near = hashed_neighbours(recent, np.zeros_like(recent), self.shape.table)[:, :, -new:]
        turn = turns(np.arange(before, before + new), self.shape.head_width)
        visible = np.tri(new, before + new, before, dtype=bool)
        stream = self._look_up(tokens, near)
        keys, values = [], []
        for layer in range(self.shape.layers):
            query, key, value = self._parts(stream, layer, turn)
            keys.append(np.concatenate((memory.keys[layer], key), axis=2))
            values.append(np.concatenate((memory.values[layer], value), axis=2))
            shares = _shares(query, keys[-1], visible)
            stream = self._attended(stream, shares @ values[-1], layer)
            sums = _norm(stream) @ self.weights[f"hidden.{layer}"].T
            stream = stream + np.square(np.maximum(sums, 0.0)) @ self.weights[f"shown.{layer}"].T
            if watch:
                watch("shares", layer, shares)
                watch("sums", layer, sums)
        logits = _norm(stream) @ self.weights["output"].T
        return logits, KeyValueCache(read, np.stack(keys), np.stack(values))

    def empty(self, n: int) -> KeyValueCache:
        """Return the memory of n texts of which nothing was read."""
        shape = (self.shape.layers, n, self.shape.heads, 0, self.shape.head_width)
        nothing = np.zeros(shape, dtype=np.float32)
        return KeyValueCache(np.zeros((n, 0), dtype=np.int64), nothing, nothing)

    def _look_up(self, tokens: Array, near: Array) -> Array:
        weights = self.weights
        found = weights["symbol"][tokens] + weights["pair"][near[0]] + weights["triple"][near[1]]
        return _norm(found)

    def _parts(self, stream: Array, layer: int, turn: Array) -> tuple[Array, ...]:
        rows, places, _ = stream.shape
        parts = _norm(stream) @ self.weights[f"query_key_value.{layer}"].T
        split = parts.reshape(rows, places, 3, self.shape.heads, -1).transpose(2, 0, 3, 1, 4)
        query, key = (_rotate(_norm(each), turn) for each in (split[0], split[1]))
        return query, key, split[2]

    def _attended(self, stream: Array, mixed: Array, layer: int) -> Array:
        rows, places, width = stream.shape
        joined = mixed.transpose(0, 2, 1, 3).reshape(rows, places, width)
        result: Array = stream + joined @ self.weights[f"attended.{layer}"].T
        return result


def _shares(query: Array, key: Array, visible: Array) -> Array:
    """Return which share of its attention each place gives to each place that it sees."""
    scores = (query @ key.swapaxes(2, 3)) * np.float32(query.shape[-1] ** -0.5)
    scores = np.where(visible, scores, np.float32(-np.inf))
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Array = scores / scores.sum(axis=-1, keepdims=True)
    return result


def _norm(values: Array) -> Array:
    result: Array = values / np.sqrt(np.square(values).mean(axis=-1, keepdims=True) + EPSILON)
    return result


def _rotate(values: Array, turn: Array) -> Array:
    pairs = np.ascontiguousarray(values).view(np.complex64)
    result: Array = (pairs * turn).view(np.float32)
    return result
