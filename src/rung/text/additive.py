"""Predict the next character by how often it followed the last ones, with something added."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rung.core.family import CrossFit, State
from rung.errors import BadModelFile
from rung.text.counted import REMEDY, gram_arrays, read_grams, read_size
from rung.text.grams import Grams, bits_of, count_grams, gram_keys
from rung.text.kneser_ney import Level
from rung.text.passages import Passages
from rung.text.problem import TextProblem, unit_losses
from rung.text.vocabulary import BOUNDARY
from rung.typing import Array

ADDED = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True)
class Additive:
    """Give a token the share (count + added) / (total + added · tokens) in its context.

    Attributes
    ----------
    grams : Grams
        Runs of one token (the context is nothing) or two (it is the token before).
    added : float
        What is added to every count; 0 is maximum likelihood.
    n_tokens, first : int
        Tokens of the vocabulary, and the smallest that can come next.

    Source
    ------
    Lidstone (1920); Laplace's rule for `added` = 1.
    """

    grams: Grams
    added: float
    n_tokens: int
    first: int

    def to_state(self) -> State:
        spec = {"n_tokens": self.n_tokens, "first": self.first, "added": self.added}
        return State(spec, gram_arrays([self.grams]))

    @cached_property
    def _level(self) -> Level:
        return Level(self.grams)

    @cached_property
    def _totals(self) -> Array:
        found: Array = np.add.reduceat(self.grams.counts, self._level.bounds[:-1])
        return found

    @property
    def _width(self) -> int:
        return self.n_tokens - self.first

    def predict(self, design: Passages, rows: Array | None = None) -> Array:
        parts = []
        for chunk in design.chunks():
            *_, (keys, _) = gram_keys(chunk, self.grams.order, self.grams.bits)
            with np.errstate(divide="ignore"):
                parts.append(np.log(self._share(keys)))
        return np.concatenate(parts) if parts else np.zeros(0)

    def _share(self, keys: Array) -> Array:
        counts = _looked_up(self.grams.keys, self.grams.counts, keys)
        contexts = keys >> np.uint64(self.grams.bits)
        totals = _looked_up(self._level.contexts, self._totals, contexts)
        found: Array = _ratio(counts + self.added, totals + self.added * self._width, self._width)
        return found

    def start(self, n: int) -> tuple[None, Array]:
        return None, self._next(np.full(n, BOUNDARY))

    def step(self, memory: None, tokens: Array) -> tuple[None, Array]:
        return None, self._next(tokens)

    def _next(self, last: Array) -> Array:
        """Return log probabilities after these tokens, shape (n_texts, n_tokens)."""
        tokens = np.arange(self.n_tokens, dtype=np.uint64)
        contexts = np.asarray(last).astype(np.uint64) if self.grams.order > 1 else 0 * tokens[:1]
        found = self._share((contexts[:, None] << np.uint64(self.grams.bits)) | tokens[None, :])
        found[:, : self.first] = 0.0
        with np.errstate(divide="ignore"):
            logs: Array = np.log(np.broadcast_to(found, (len(last), self.n_tokens)))
        return logs


def _looked_up(keys: Array, values: Array, wanted: Array) -> Array:
    """Return the value of each key, zero for those that are not there."""
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found: Array = np.where(keys[places] == wanted, values[places], 0)
    return found


def _ratio(above: Array, below: Array, width: int) -> Array:
    """Divide; a context that was never seen, with nothing added, knows nothing."""
    unknown = np.full(above.shape, 1.0 / width)
    found: Array = np.divide(above, below, out=unknown, where=below > 0)
    return found


def fit_additive(
    passages: Passages, order: int, *, added: float, n_tokens: int, first: int
) -> Additive:
    """Count runs of `order` tokens (1 or 2).

    Examples
    --------
    >>> from rung.text.passages import lines
    >>> two = lines(np.array([1, 0, 2, 0]), np.array([0, 2, 4]))
    >>> model = fit_additive(two, 2, added=0.0, n_tokens=3, first=0)
    >>> np.exp(model.predict(two)).round(3).tolist()
    [0.5, 1.0, 0.5, 1.0]
    """
    grams = count_grams(passages, order, n_tokens, most=1 << bits_of(n_tokens) * order)[-1]
    return Additive(grams, added, n_tokens, first)


def added_losses(model: Additive, added: tuple[float, ...], passages: Passages) -> Array:
    """Return the mean loss on the scored characters for each addend, in nats a character."""
    models = [Additive(model.grams, one, model.n_tokens, model.first) for one in added]
    sums = np.zeros(len(models))
    for chunk in passages.chunks():
        scored = chunk.is_scored()
        sums -= [one.predict(chunk)[scored].sum() for one in models]
    losses: Array = sums / passages.n_scored
    return losses


def counted_fit(problem: TextProblem, order: int) -> CrossFit:
    """Count runs of the training part; what is added to counts is chosen by the validation part.

    Parameters
    ----------
    problem : TextProblem
        What is to be learned.
    order : int
        1 for no context, 2 for the character before.
    """
    vocabulary = problem.vocabulary
    counted = fit_additive(
        problem.train, order, added=1.0, n_tokens=vocabulary.n_tokens, first=vocabulary.first
    )
    losses = added_losses(counted, ADDED, problem.validation)
    added = ADDED[int(losses.argmin())]
    model = Additive(counted.grams, added, counted.n_tokens, counted.first)
    losses = unit_losses(model, problem.verdict)
    return CrossFit((), ({"added": added},), model, unit_losses=(losses,))


def load_additive(state: State, order: int) -> Additive:
    """Turn a state into a model, after checking all of it."""
    n_tokens, first = read_size(state)
    added = state.spec.get("added")
    if not isinstance(added, float) or not 0 < added < 1e6:
        raise BadModelFile(f"entry 'added' of the model is {added!r}, no positive number", REMEDY)
    return Additive(read_grams(state.arrays, order, n_tokens, first), added, n_tokens, first)
