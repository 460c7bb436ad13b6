"""Say what a run on text found beside the ladder: sizes of its parts, samples, surprise."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from rung.clock import stopwatch
from rung.core.events import Event, Listener
from rung.core.family import Family
from rung.core.result import DatasetSummary, FoldsSummary, Result, TextSummary, whole_text
from rung.kinds.kind import Ladder, Outcome
from rung.kinds.model_file import provenance
from rung.kinds.text.model import FittedText
from rung.kinds.text.options import TextOptions
from rung.kinds.text.prepare import PreparedText
from rung.kinds.text.samples import as_fitted, read_pieces, write_samples
from rung.typing import Array

TARGET = "next character"


def outcome(
    prepared: PreparedText,
    found: Ladder,
    options: TextOptions,
    listener: Listener,
    seconds: dict[str, float],
) -> Outcome:
    """Let every family write and the choice read, and sum up."""
    listener(Event("stage", text="writing samples"))
    with stopwatch(seconds, "samples"):
        text = _text(prepared, found, options)
    return Outcome(
        dataset=DatasetSummary(
            whole_text(prepared.source.name), text.n_pieces, 0, (), prepared.fingerprint
        ),
        folds=FoldsSummary(
            kind=prepared.folds.kind,
            n_folds=prepared.folds.n_folds,
            n_repeats=prepared.folds.n_repeats,
            n_rows=text.n_pieces,
            n_scored=text.n_distinct,
            n_units=prepared.problem.verdict.n_units,
            unit=prepared.counted.removesuffix("s"),
            fingerprint=prepared.fingerprint,
        ),
        target=TARGET,
        sections={"text": asdict(text)},
        tables={"unit_losses": _columns(found)},
    )


def _text(prepared: PreparedText, found: Ladder, options: TextOptions) -> TextSummary:
    family = next(family for family in found.trained if family.name == found.choice)
    parts = prepared.parts
    return TextSummary(
        kind=prepared.kind,
        counted=prepared.counted,
        n_characters=sum(one.characters for one in parts.values()),
        n_pieces=prepared.division.n_pieces,
        n_distinct=prepared.division.n_distinct,
        n_tokens=prepared.problem.vocabulary.n_predicted,
        context=prepared.problem.context,
        parts=parts,
        samples=write_samples(prepared, found, options.seed),
        surprise=read_pieces(prepared, as_fitted(prepared, found, family)),
    )


def _columns(found: Ladder) -> dict[str, Array]:
    """Lay out nats of every family and the characters they share, a row a unit."""
    losses = found.judged.evidence
    first = next(iter(losses.values()))
    columns: dict[str, Array] = {
        "unit": np.arange(len(first)),
        "characters": first[:, 1].astype(np.int64),
    }
    return columns | {name: each[:, 0] for name, each in losses.items()}


def fitted(prepared: PreparedText, found: Ladder, family: Family, result: Result) -> FittedText:
    """Return the model of a family, with where it comes from."""
    return as_fitted(prepared, found, family, provenance(family, result))
