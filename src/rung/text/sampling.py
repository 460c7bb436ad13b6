"""Draw texts from a model, one character after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.errors import BadModelFile
from rung.text.problem import TextModel
from rung.text.vocabulary import BOUNDARY
from rung.typing import Array


@dataclass(frozen=True)
class SampleOptions:
    """How to draw.

    Attributes
    ----------
    n : int
        Texts.
    length : int
        Characters of each at most, without the prompt.
    temperature : float
        Log probabilities are divided by it: below 1 the likely becomes likelier; 0 takes the
        likeliest character.
    top_k : int or None
        Draw from the likeliest characters only.
    """

    n: int = 10
    length: int = 256
    temperature: float = 1.0
    top_k: int | None = None


def draw_texts(
    model: TextModel, prompt: Array, options: SampleOptions, rng: np.random.Generator
) -> list[Array]:
    """Return the tokens of each text, prompt included, up to its end.

    Parameters
    ----------
    model : TextModel
        What to draw from.
    prompt : ndarray of int, shape (n_characters,)
        Tokens that every text begins with; may be empty.
    options : SampleOptions
        How many, how long, how bold.
    rng : Generator
        The same generator gives the same texts.

    Raises
    ------
    BadModelFile
        If the model gives something that is no log probability: its file was forged.
    """
    memory, logs = model.start(options.n)
    for token in prompt:
        memory, logs = model.step(memory, np.full(options.n, token, dtype=np.int64))
    drawn = np.full((options.n, options.length), BOUNDARY, dtype=np.int64)
    is_open = np.ones(options.n, dtype=bool)
    for place in range(options.length):
        tokens = _draw(logs, options, rng)
        tokens[~is_open] = BOUNDARY
        drawn[:, place] = tokens
        is_open &= tokens != BOUNDARY
        if not is_open.any() or place + 1 == options.length:
            break
        memory, logs = model.step(memory, tokens)
    return [np.concatenate([prompt, _until_end(row)]).astype(np.int64) for row in drawn]


def _until_end(row: Array) -> Array:
    ends = np.flatnonzero(row == BOUNDARY)
    return row[: ends[0]] if len(ends) else row


def _draw(logs: Array, options: SampleOptions, rng: np.random.Generator) -> Array:
    """Draw one token a row, by the first cumulated probability above a uniform number."""
    highest = logs.max(axis=1, keepdims=True)
    if not np.isfinite(highest).all():  # NaN is the highest wherever it stands
        raise BadModelFile("the model predicts what is no log probability", "save the model again")
    if options.temperature == 0:
        return np.asarray(logs.argmax(axis=1), dtype=np.int64)
    logs = logs - highest
    if options.top_k is not None and options.top_k < logs.shape[1]:
        least = np.partition(logs, -options.top_k, axis=1)[:, [-options.top_k]]
        logs = np.where(logs >= least, logs, -np.inf)
    cumulated = np.exp(logs / options.temperature).cumsum(axis=1)
    wanted = rng.random((len(logs), 1)) * cumulated[:, [-1]]
    return np.asarray((cumulated > wanted).argmax(axis=1), dtype=np.int64)
