"""Define networks that look at a fixed number of characters; one definition for torch and numpy.

A table of the last character, Bengio's perceptron and a tree as in WaveNet are one network: the
characters of the window are looked up, neighbours are fused level by level through a bend, and
what is left is read out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rung.text.passages import Passages
from rung.text.vocabulary import BOUNDARY
from rung.typing import Array, Settings

READ_AT_ONCE = 1 << 15
EPSILON = 1e-5


@dataclass(frozen=True)
class WindowShape:
    """State the size of a network that looks at a window.

    Attributes
    ----------
    symbols : int
        Size of the vocabulary, the boundary counted.
    context : int
        Characters it looks at.
    width : int
        Numbers a character is looked up as; without levels, these are the logits.
    hidden : int
        Units of each level.
    fuse : int
        Neighbours that a level makes one of; the context is a power of it.
    normed : bool
        Whether each level is normed over the batch before its bend.
    """

    symbols: int
    context: int
    width: int
    hidden: int = 0
    fuse: int = 1
    normed: bool = False

    @property
    def levels(self) -> int:
        """Levels until one place is left."""
        count, places = 0, self.context
        while self.fuse > 1 and places > 1:
            count, places = count + 1, places // self.fuse
        return count

    def to_settings(self) -> Settings:
        """Return the sizes, JSON-ready."""
        return asdict(self)

    def arrays(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of every array of the network.

        Examples
        --------
        >>> WindowShape(27, 1, 27).arrays()
        {'symbol': (27, 27)}
        """
        shapes: dict[str, tuple[int, ...]] = {"symbol": (self.symbols, self.width)}
        width = self.width
        for level in range(self.levels):
            shapes[f"fused.{level}"] = (self.hidden, self.fuse * width)
            shapes[f"shift.{level}"] = (self.hidden,)
            if self.normed:
                shapes |= {
                    f"{name}.{level}": (self.hidden,) for name in ("scale", "mean", "variance")
                }
            width = self.hidden
        if self.levels:
            shapes |= {"output": (self.symbols, self.hidden), "prior": (self.symbols,)}
        return shapes


def forward(weights: Mapping[str, Any], contexts: Any, shape: WindowShape, library: Any) -> Any:
    """Return the logits of what follows each context, shape (n, n_symbols).

    Parameters
    ----------
    weights : mapping of str to array
        As `WindowShape.arrays` names them; numpy arrays or torch tensors.
    contexts : array of int, shape (n, context)
        Characters before, oldest first.
    shape : WindowShape
        Sizes.
    library : module
        numpy or torch, whichever the arrays belong to.

    Source
    ------
    Bengio, Ducharme, Vincent & Jauvin (2003), JMLR 3; Ioffe & Szegedy (2015), ICML; van den Oord
    et al. (2016), WaveNet, arXiv:1609.03499.
    """
    now = weights["symbol"][contexts]
    for level in range(shape.levels):
        now = now.reshape(len(now), now.shape[1] // shape.fuse, -1)
        now = now @ weights[f"fused.{level}"].T
        if shape.normed:
            mean, variance = weights[f"mean.{level}"], weights[f"variance.{level}"]
            now = (now - mean) / library.sqrt(variance + EPSILON) * weights[f"scale.{level}"]
        now = library.tanh(now + weights[f"shift.{level}"])
    now = now.reshape(len(now), -1)
    return now @ weights["output"].T + weights["prior"] if shape.levels else now


@dataclass(frozen=True)
class WindowReader:
    """Expect the next character with a trained network, with numpy alone.

    Parameters
    ----------
    shape : WindowShape
        Sizes.
    first : int
        Smallest token that can come next.
    weights : mapping of str to ndarray of float32
        As `WindowShape.arrays` names them.
    """

    shape: WindowShape
    first: int
    weights: Mapping[str, Array]

    def predict(self, passages: Passages) -> Array:
        """Return the log probability of every token of a text, shape (n_tokens,), float64."""
        found = np.empty(passages.n_tokens)
        for start in range(0, passages.n_tokens, READ_AT_ONCE):
            places = np.arange(start, min(start + READ_AT_ONCE, passages.n_tokens))
            expected = self._expected(passages.contexts(self.shape.context, places))
            # A boundary that cannot come next is never scored.
            targets = np.maximum(passages.tokens[places].astype(np.int64), self.first)
            found[places] = expected[np.arange(len(places)), targets]
        return found

    def start(self, n: int) -> tuple[Array, Array]:
        """Begin n texts; return their last characters and what may come first."""
        memory = np.full((n, self.shape.context), BOUNDARY, dtype=np.int64)
        return memory, self._expected(memory)

    def step(self, memory: Array, tokens: Array) -> tuple[Array, Array]:
        """Read one more character of every text and return what may come next."""
        memory = np.column_stack((memory[:, 1:], tokens))
        return memory, self._expected(memory)

    def _expected(self, contexts: Array) -> Array:
        logits = forward(self.weights, contexts.astype(np.int64), self.shape, np)
        return log_softmax(logits, self.first)


def log_softmax(logits: Array, first: int) -> Array:
    """Return log probabilities over the last axis in double precision, none below `first`.

    Examples
    --------
    >>> log_softmax(np.array([5.0, 1.0, 1.0]), 1).round(3).tolist()
    [-inf, -0.693, -0.693]
    """
    high = logits.astype(np.float64)
    high[..., :first] = -np.inf
    high -= high.max(axis=-1, keepdims=True)
    result: Array = high - np.log(np.exp(high).sum(axis=-1, keepdims=True))
    return result
