"""Let models of text write, and let the choice read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np

from rung.core.family import Family
from rung.core.result import Surprise, TextSample
from rung.errors import UsageError
from rung.kinds.kind import Ladder
from rung.kinds.model_file import load
from rung.kinds.text.model import FittedText
from rung.kinds.text.prepare import PreparedText
from rung.kinds.values import check_number, check_whole
from rung.text.problem import TextModel
from rung.text.sampling import SampleOptions

LINE_SAMPLES = SampleOptions(n=12, length=64)
STREAM_SAMPLES = SampleOptions(n=1, length=400)
N_LINES_READ, N_STRETCHES_READ = 12, 2
LONGEST_SURPRISE = 160
MOST_SAMPLES = 10_000
LONGEST_SAMPLE = 100_000


def as_fitted(
    prepared: PreparedText, found: Ladder, family: Family, about: Mapping[str, Any] | None = None
) -> FittedText:
    """Return the model of a family with what it needs to read and write.

    Parameters
    ----------
    prepared : PreparedText
        The text.
    found : Ladder
        The climb.
    family : Family
        One that was trained.
    about : mapping, optional
        Where the model comes from.
    """
    model = cast(TextModel, found.model(family.name))
    vocabulary = prepared.problem.vocabulary
    return FittedText(family, model, vocabulary, prepared.membership, prepared.kind, about or {})


def write_samples(
    prepared: PreparedText, found: Ladder, seed: int
) -> dict[str, tuple[TextSample, ...]]:
    """Let every family write."""
    options = LINE_SAMPLES if prepared.kind == "lines" else STREAM_SAMPLES
    return {
        family.name: as_fitted(prepared, found, family).sample(options, seed=seed)
        for family in found.trained
    }


def read_pieces(prepared: PreparedText, model: FittedText) -> tuple[Surprise, ...]:
    """Let a model read a few pieces of the verdict's part, each after what it followed."""
    found: dict[str, Surprise] = {}
    n_wanted = N_LINES_READ if prepared.kind == "lines" else N_STRETCHES_READ
    passages = prepared.problem.verdict
    for number in range(passages.n_passages):
        begin, end = passages.starts[number : number + 2]
        block = int(np.searchsorted(passages.block_starts, begin))
        lead = int(passages.block_starts[block + 1] - begin) if passages.unit[block] < 0 else 0
        reach = min(int(end), int(begin) + lead + LONGEST_SURPRISE)
        text = prepared.problem.vocabulary.decode(passages.tokens[begin:reach])
        bits = model.nats(text)[lead:] / np.log(2)
        found.setdefault(text, Surprise(text[lead:], tuple(round(float(one), 4) for one in bits)))
        if len(found) == n_wanted:
            break
    return tuple(found.values())


def sample_file(
    model: str | Path, options: SampleOptions, *, prompt: str = "", seed: int = 0
) -> tuple[TextSample, ...]:
    """Let a saved model write.

    Parameters
    ----------
    model : path
        A `model.rung` of text, or a run folder that holds one.
    options : SampleOptions
        How many texts, how long, how bold.
    prompt : str
        What every text begins with.
    seed : int
        The same seed gives the same texts.

    Raises
    ------
    UsageError
        If the model is not one of text, or an option is not accepted.
    """
    check_whole("n", options.n, low=1, high=MOST_SAMPLES)
    check_whole("length", options.length, low=1, high=LONGEST_SAMPLE)
    check_number("temperature", options.temperature, low=0.0, high=100.0)
    if options.top_k is not None:
        check_whole("top_k", options.top_k, low=1, high=1 << 21)
    found = load(model)
    if not isinstance(found, FittedText):
        raise UsageError(
            f"{Path(model).name!r} holds a model of a table, which writes nothing",
            "give the model of a text, or of a table without a target, which draws rows",
        )
    return found.sample(options, prompt=prompt, seed=seed)
