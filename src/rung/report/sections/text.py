"""Turn what is particular to a run on text into ready-to-show values."""

from __future__ import annotations

from rung.core.result import Result, Surprise, TextSample, TextSummary
from rung.report.numbers import clean, count, number, percent
from rung.typing import JSON

# Bits from which on a character has the next darker shade.
LEVELS = (1.0, 2.0, 4.0, 6.0)
LABELS = ("under 1 bit", "1 to 2", "2 to 4", "4 to 6", "6 bits and more")
END, LINE_END = "⏎", "↵"

ROWS = {
    "units": "rows",
    "scored": "out-of-fold",
    "fitted": "Every one was fitted on the same folds and scored on rows that it had not seen.",
    "scores": "Out-of-fold scores",
    "other": "The out-of-fold score above estimates the mean of the models that the folds made.",
}


def wording(result: Result) -> JSON:
    """Return the words of the page that depend on what was read."""
    if result.text is None:
        return ROWS
    units = result.text.counted
    return {
        "units": units,
        "scored": "verdict's part",
        "fitted": f"Every one learned from the same part and was scored on {units} of another "
        "part, once. The comparison is about the models as they were trained.",
        "scores": "Scores on the verdict's part",
        "other": "The score above is that of the same model on the part that the choice was made "
        "on, so it can be slightly flattered.",
    }


def summarise_text(result: Result, titles: dict[str, str]) -> JSON | None:
    """Return samples, surprise and parts of a run on text; None for tables."""
    text = result.text
    if text is None:
        return None
    samples = [
        {
            "title": titles.get(family, clean(family)),
            "is_choice": family == result.choice.family,
            "samples": [_sample(one, text) for one in written],
        }
        for family, written in text.samples.items()
    ]
    return {
        "is_stream": text.kind == "stream",
        "kind": "one stream" if text.kind == "stream" else "lines, each a text of its own",
        "samples": samples,
        "samples_lead": _samples_lead(text),
        "any_copied": any(one.copied for written in text.samples.values() for one in written),
        "surprise": [_piece(one, text) for one in text.surprise],
        "levels": [{"shade": i, "label": label} for i, label in enumerate(LABELS)],
        "facts": _facts(text),
    }


def _samples_lead(text: TextSummary) -> str:
    if text.kind == "lines":
        return "New lines, drawn character by character until the model ends them."
    return "The same number of characters from each, drawn one after the other."


def _sample(sample: TextSample, text: TextSummary) -> JSON:
    is_partly = bool(sample.copied) and text.kind == "stream"
    return {
        "text": shown(sample.text),
        "is_copied": bool(sample.copied) and not is_partly,
        "note": f"{percent(sample.copied or 0.0)} of these characters stand so in the training text"
        if is_partly
        else "",
    }


def shown(text: str) -> str:
    r"""Make a text safe to show, with its line ends.

    Examples
    --------
    >>> shown("a\nb\x1b")
    'a\nb\\x1b'
    """
    return "\n".join(clean(line) for line in text.split("\n"))


def shade(bits: float) -> int:
    """Return the shade of a character that cost these bits.

    Examples
    --------
    >>> shade(0.2), shade(1.0), shade(9.0)
    (0, 1, 4)
    """
    return sum(bits >= level for level in LEVELS)


def _piece(piece: Surprise, text: TextSummary) -> JSON:
    characters = [*piece.text, *([END] if text.kind == "lines" else [])]
    cells = [
        {
            "text": LINE_END if character == "\n" else clean(character),
            "breaks": character == "\n",
            "shade": shade(bits),
        }
        for character, bits in zip(characters, piece.bits, strict=True)
    ]
    mean = number(sum(piece.bits) / max(len(piece.bits), 1), 1)
    return {
        "cells": cells,
        "mean": mean,
        "alternative": f"{clean(piece.text)}: {mean} bits a character",
    }


def _facts(text: TextSummary) -> list[JSON]:
    facts = [
        ("Read as", "one stream" if text.kind == "stream" else "lines, each a text of its own"),
        (
            "Characters",
            f"{count(text.n_characters)}, {count(text.n_tokens)} different ones can follow",
        ),
        ("Longest context", f"{text.context} characters"),
    ]
    pieces = f"{count(text.n_pieces)}, {count(text.n_distinct)} of them different"
    facts.insert(1, (text.counted.capitalize(), pieces))
    facts += [
        (
            name.capitalize(),
            f"{count(part.units)} {text.counted}, {count(part.characters)} characters",
        )
        for name, part in text.parts.items()
    ]
    return [{"name": name, "value": value} for name, value in facts]
