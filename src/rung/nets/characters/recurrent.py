"""Read a trained recurrent network with numpy alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from rung.nets.characters.batches import stretches
from rung.nets.characters.window import log_softmax
from rung.text.passages import Passages
from rung.text.vocabulary import BOUNDARY
from rung.typing import Array, Settings


@dataclass(frozen=True)
class RecurrentShape:
    """State the size of a recurrent network.

    Attributes
    ----------
    symbols : int
        Size of the vocabulary, the boundary counted.
    context : int
        Characters after which it starts anew, with the younger half read again.
    width : int
        Numbers a character is looked up as.
    hidden : int
        Numbers it remembers.
    """

    symbols: int
    context: int
    width: int = 32
    hidden: int = 128

    def to_settings(self) -> Settings:
        """Return the sizes, JSON-ready."""
        return asdict(self)

    def arrays(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of every array of the network."""
        return {
            "symbol": (self.symbols, self.width),
            "read": (3 * self.hidden, self.width),
            "read_shift": (3 * self.hidden,),
            "kept": (3 * self.hidden, self.hidden),
            "kept_shift": (3 * self.hidden,),
            "output": (self.symbols, self.hidden),
            "prior": (self.symbols,),
        }


@dataclass(frozen=True)
class RecurrentMemory:
    """Keep what n texts left behind.

    Attributes
    ----------
    read : ndarray of int64, shape (n, n_read)
        What was read since the start.
    hidden : ndarray of float32, shape (n, hidden)
        What is remembered.
    """

    read: Array
    hidden: Array


@dataclass(frozen=True)
class RecurrentReader:
    """Expect the next character with gated recurrent units.

    Parameters
    ----------
    shape : RecurrentShape
        Sizes.
    first : int
        Smallest token that can come next.
    weights : mapping of str to ndarray of float32
        As `RecurrentShape.arrays` names them.

    Source
    ------
    Cho et al. (2014), arXiv:1406.1078, with the reset gate after the product, as in torch.
    """

    shape: RecurrentShape
    first: int
    weights: Mapping[str, Array]

    def predict(self, passages: Passages) -> Array:
        """Return the log probability of every token of a text, shape (n_tokens,), float64."""
        found = np.zeros(passages.n_tokens)
        for stretch in stretches(passages, self.shape.context):
            hidden = self._nothing(len(stretch.tokens))
            for place in range(stretch.tokens.shape[1]):
                hidden = self._turn(hidden, stretch.tokens[:, place])
                where = stretch.places[:, place]
                scored = np.flatnonzero(where >= 0)
                if len(scored):
                    expected = self._expected(hidden[scored])
                    target = np.maximum(stretch.targets[scored, place], self.first)
                    found[where[scored]] = expected[np.arange(len(scored)), target]
        return found

    def start(self, n: int) -> tuple[RecurrentMemory, Array]:
        """Begin n texts; return their memory and what may come first, (n, n_symbols)."""
        nothing = RecurrentMemory(np.zeros((n, 0), dtype=np.int64), self._nothing(n))
        return self.step(nothing, np.full(n, BOUNDARY, dtype=np.int64))

    def step(self, memory: RecurrentMemory, tokens: Array) -> tuple[RecurrentMemory, Array]:
        """Read one more character of every text and return what may come next."""
        if memory.read.shape[1] == self.shape.context:
            kept = memory.read[:, max(1, self.shape.context // 2) :]
            hidden = self._nothing(len(tokens))
            for place in range(kept.shape[1]):
                hidden = self._turn(hidden, kept[:, place])
            memory = RecurrentMemory(kept, hidden)
        hidden = self._turn(memory.hidden, np.asarray(tokens, dtype=np.int64))
        read = np.column_stack((memory.read, tokens))
        return RecurrentMemory(read, hidden), self._expected(hidden)

    def _nothing(self, n: int) -> Array:
        return np.zeros((n, self.shape.hidden), dtype=np.float32)

    def _turn(self, hidden: Array, tokens: Array) -> Array:
        weights = self.weights
        new = weights["symbol"][tokens] @ weights["read"].T + weights["read_shift"]
        old = hidden @ weights["kept"].T + weights["kept_shift"]
        reset, update, proposal = np.split(new, 3, axis=1)
        old_reset, old_update, old_proposal = np.split(old, 3, axis=1)
        share = _sigmoid(update + old_update)
        proposed = np.tanh(proposal + _sigmoid(reset + old_reset) * old_proposal)
        result: Array = (1.0 - share) * proposed + share * hidden
        return result

    def _expected(self, hidden: Array) -> Array:
        logits = hidden @ self.weights["output"].T + self.weights["prior"]
        return log_softmax(logits, self.first)


def _sigmoid(values: Array) -> Array:
    result: Array = 0.5 * (1.0 + np.tanh(0.5 * values))
    return result
