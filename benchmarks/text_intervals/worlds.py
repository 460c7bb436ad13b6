"""Draw losses of segments that are alike where they are neighbours, and check intervals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import lfilter
from scipy.special import stdtrit

from rung.compute import RunContext
from rung.core.compare import standard_errors
from rung.core.family import Family
from rung.families import select
from rung.text.passages import Passages
from rung.text.problem import TextProblem, unit_losses
from rung.text.vocabulary import find_vocabulary, to_code_points
from rung.typing import Array

LEVEL = 0.95
SHARE = 0.1
SEGMENT = 88
BURN_IN = 200


def rules(values: Array) -> dict[str, Array]:
    """Return standard errors of the means of columns by each rule; values are (m, n_runs)."""
    centred = values - values.mean(axis=0)
    r = (centred[1:] * centred[:-1]).sum(axis=0) / (centred**2).sum(axis=0)
    plain = standard_errors(centred, 1, factor=1.0)
    return {
        "alone": plain,
        "1 + 2r": plain * np.sqrt(1 + 2 * np.clip(r, 0.0, 1.0)),
        "rung": standard_errors(centred, 1, factor=1.0, is_ordered=True),
    }


def covered(values: Array, truth: Array | float) -> dict[str, float]:
    """Return the share of runs whose interval holds the truth, by rule."""
    reach = float(stdtrit(len(values) - 1, (1 + LEVEL) / 2))
    off = np.abs(values.mean(axis=0) - truth)
    return {name: float((off <= reach * error).mean()) for name, error in rules(values).items()}


def autoregressive(
    m: int, rho: float, n_runs: int, rng: np.random.Generator, *, dealt: bool
) -> Array:
    """Return m losses of a stream in which each is like the last; mean 0, (m, n_runs).

    With `dealt`, each segment of a stream ten times as long is kept by chance, as a deal does.
    """
    n = round(m / SHARE) if dealt else m
    kept = np.empty((m, n_runs))
    for run in range(n_runs):
        noise = rng.normal(size=n + BURN_IN)
        stream = lfilter([1.0], [1.0, -rho], noise)[BURN_IN:]
        kept[:, run] = stream[np.sort(rng.choice(n, m, replace=False))] if dealt else stream
    return kept


def real_losses(path: Path, name: str) -> Array:
    """Return the loss a character of every segment of a text's second half, read by a family.

    The family learns from the first half; so the mean over all segments is known.
    """
    text = path.read_text(encoding="utf-8")
    vocabulary = find_vocabulary(to_code_points(text), ends=False)
    tokens = vocabulary.encode(text).astype(vocabulary.dtype)
    half = len(tokens) // 2 // SEGMENT * SEGMENT
    first, second = segments(tokens[:half]), segments(tokens[half : 2 * half])
    family = _family(name)
    problem = TextProblem("stream", vocabulary, 8, first, second, second)
    model: Any = family.cross_fit(problem, problem.folds, RunContext(0, problem, family=name)).model
    nats, characters = unit_losses(model, second).T
    return nats / characters


def segments(tokens: Array) -> Passages:
    """Return one passage of segments that are all scored."""
    cuts = np.arange(0, len(tokens) + 1, SEGMENT)
    return Passages(tokens, cuts[[0, -1]], cuts, np.arange(len(cuts) - 1))


def _family(name: str) -> Family:
    return next(one for one in select(None, "text") if one.name == name)


def deal(losses: Array, m: int, n_runs: int, rng: np.random.Generator) -> Array:
    """Draw m of the segments, in their order, again and again; (m, n_runs)."""
    drawn = [np.sort(rng.choice(len(losses), m, replace=False)) for _ in range(n_runs)]
    return np.column_stack([losses[one] for one in drawn])


def stretch(losses: Array, m: int, n_runs: int, rng: np.random.Generator) -> Array:
    """Take m segments that follow each other, from a random place on; (m, n_runs)."""
    begins = rng.integers(len(losses) - m + 1, size=n_runs)
    return np.column_stack([losses[begin : begin + m] for begin in begins])
