"""Make one small model a family of text and kind of text, and try out what was made of its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, cast

import numpy as np

from benchmarks.modelfile.subjects import Subject
from rung.compute import RunContext, one_thread_each
from rung.families import discover
from rung.kinds.text.model import FittedText
from rung.kinds.text.options import TextOptions
from rung.kinds.text.prepare import prepare_text
from rung.text.membership import remember
from rung.text.problem import TextModel
from rung.text.sampling import SampleOptions
from rung.typing import Array

SYLLABLES = ("ma", "ri", "an", "el", "o", "sa", "li", "na", "ka", "tor")
N_LINES = 300
KINDS: tuple[Literal["lines", "text"], ...] = ("lines", "text")
# Longer than what most networks look back on, so that they forget a part and read it again.
N_READ, N_WRITTEN = 300, 24
UNKNOWN = "☃"


def text_subjects(names: Sequence[str] | None = None) -> Iterator[Subject]:
    """Yield a model file for every family of text, of lines and of a stream.

    Parameters
    ----------
    names : sequence of str, optional
        Families; all of them if not given.
    """
    for family in discover("text"):
        for kind in KINDS if names is None or family.name in names else ():
            prepared = prepare_text(draw_lines(kind), TextOptions(reading=kind))
            problem = prepared.problem
            context = RunContext(seed=0, problem=problem, threads=1)
            with one_thread_each():
                model = cast(TextModel, family.cross_fit(problem, problem.folds, context).model)
            record = remember(problem.train, problem.vocabulary, prepared.kind)
            found = FittedText(
                family, model, problem.vocabulary, record, prepared.kind, {"seed": 0}
            )
            yield Subject(f"{family.name} {prepared.kind}", found.to_bytes())


def draw_lines(kind: str) -> list[str]:
    """Draw lines of a name each, or lines of several words of which some hold a rare letter."""
    rng = np.random.default_rng(0)
    high = 5 if kind == "lines" else 13
    drawn = ["".join(rng.choice(SYLLABLES, size=rng.integers(2, high))) for _ in range(N_LINES)]
    return drawn if kind == "lines" else [f"{line[:9]} {line[9:]}é" for line in drawn]


def use_text(found: FittedText) -> str:
    """Read known and unknown characters, write, and describe; tell what is wrong, or `predicted`.

    Raises
    ------
    BadModelFile
        If the model notices itself that it was forged.
    """
    characters = "".join(found.vocabulary.characters)
    rng = np.random.default_rng(0)
    mixed = "".join(rng.choice(list(characters), size=N_READ))
    for text in ("", characters[:64], mixed, f"{mixed[:40]}{UNKNOWN}{mixed[40:50]}", UNKNOWN):
        wrong = _wrong_nats(found, text, found.nats(text))
        if wrong:
            return wrong
    for options in (SampleOptions(2, N_WRITTEN), SampleOptions(2, N_WRITTEN, 0.0, 1)):
        wrong = _wrong_samples(found.sample(options, prompt=mixed[:2]), characters)
        if wrong:
            return wrong
    found.describe()
    found.to_bytes()
    return "predicted"


def _wrong_nats(found: FittedText, text: str, nats: Array) -> str:
    n_wanted = len(text) + (found.kind == "lines")
    if nats.shape != (n_wanted,):
        return f"reads {n_wanted} characters with shape {nats.shape}"
    known = set(found.vocabulary.characters)
    is_known = np.array([*(one in known for one in text), True][:n_wanted], dtype=bool)
    is_right = np.array_equal(np.isfinite(nats), is_known) and np.all(nats[is_known] >= 0)
    return "" if is_right else "reads with a surprise that is no positive number"


def _wrong_samples(samples: Any, characters: str) -> str:
    for sample in samples:
        if not set(sample.text) <= set(characters) or len(sample.text) > N_WRITTEN + 2:
            return f"writes {sample.text[:40]!r}"
        if sample.copied is not None and not 0 <= sample.copied <= 1:
            return f"tells that {sample.copied} of a sample was copied"
    return ""
