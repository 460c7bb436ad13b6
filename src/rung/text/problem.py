"""State the problem of language modelling, and what a model of text can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from rung.core.family import State
from rung.core.folds import Folds, Split
from rung.text.passages import Passages
from rung.text.vocabulary import Vocabulary
from rung.typing import Array, Task


@dataclass(frozen=True)
class TextProblem:
    """State which text is to be learned, character by character.

    Attributes
    ----------
    kind : str
        `lines`: each line is a text of its own, and its end is predicted; `stream`: one text.
    vocabulary : Vocabulary
        Characters, as given for all parts.
    context : int
        Characters that a family may look back on at most (lines: the longest line, at most 256).
    train : Passages
        What models learn from.
    validation : Passages
        What settings and the time to stop are chosen by.
    verdict : Passages
        What families are compared on: nothing may be learned from it.
    """

    kind: Literal["lines", "stream"]
    vocabulary: Vocabulary
    context: int
    train: Passages
    validation: Passages
    verdict: Passages
    task: Task = "language modelling"

    @property
    def folds(self) -> Folds:
        """The one split, over units: those of `train`, then of `validation`, then of `verdict`."""
        sizes = [part.n_units for part in (self.train, self.validation, self.verdict)]
        part = np.repeat(np.arange(3), sizes)
        train, inner, held = np.eye(3, dtype=bool)
        return Folds(
            splits=(Split(np.flatnonzero(part == 0), np.flatnonzero(part == 2), 0),),
            atom=part,
            in_train=train[None],
            inner_pairs=(((train, inner),), ((train | held, inner),)),
            kind="one split",
        )


class TextModel(Protocol):
    """Predict the next character; and give itself back as data."""

    def predict(self, design: Passages, rows: Array | None = None) -> Array:
        """Return the log probability in nats of every token given those before it in its passage.

        Shape (n_tokens,), float64, none of them infinite. `rows` is always None.
        """
        ...

    def start(self, n: int) -> tuple[Any, Array]:
        """Begin n texts at the boundary.

        Returns
        -------
        memory : object
            What `step` needs: the last tokens, or a cache of keys and values.
        log_probabilities : ndarray of float64, shape (n, n_tokens)
            Of the token that comes next; each row's probabilities sum to one, and tokens below
            `vocabulary.first` have minus infinity.
        """
        ...

    def step(self, memory: Any, tokens: Array) -> tuple[Any, Array]:
        """Read one token of each text, shape (n,); return as `start` does.

        Numbers agree with `predict`: to rounding for counts, to 1e-4 for networks.
        """
        ...

    def to_state(self) -> State:
        """Return the state that `Family.load` turns back into this model, to the bit."""
        ...


def unit_losses(model: TextModel, passages: Passages) -> Array:
    """Return nats and characters of every unit of a part, shape (n_units, 2).

    Examples
    --------
    >>> from rung.text.passages import lines
    >>> class Half:
    ...     def predict(self, design, rows=None):
    ...         return np.full(design.n_tokens, np.log(0.5))
    >>> two = lines(np.array([1, 0, 2, 2, 0]), np.array([0, 2, 5]))
    >>> unit_losses(Half(), two).round(2).tolist()
    [[1.39, 2.0], [2.08, 3.0]]
    """
    total = np.zeros((passages.n_units, 2))
    for chunk in passages.chunks():
        found = chunk.sum_by_unit(-model.predict(chunk))
        total[: len(found)] += found
    return total


def nats_per_character(model: TextModel, passages: Passages) -> float:
    """Return the mean loss of a model on a part, in nats a character."""
    nats, characters = unit_losses(model, passages).sum(axis=0)
    return float(nats / characters)
