"""Turn what is particular to a run on text into ready-to-show values."""

from __future__ import annotations

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.numbers import clean, count, number, percent
from rung.report.plots_inside import plot_surprise
from rung.report.sections.section import Drawing, Section
from rung.report.wording import PageWords
from rung.typing import JSON

# Bits from which on a character has the next darker shade.
LEVELS = (1.0, 2.0, 4.0, 6.0)
LABELS = ("under 1 bit", "1 to 2", "2 to 4", "4 to 6", "6 bits and more")
END, LINE_END = "⏎", "↵"
# Characters across a figure.
WIDEST_LINE = 60


def wording(text: JSON) -> PageWords:
    """Return the words of the page of a run on text."""
    units = text["counted"]
    return PageWords(
        units=units,
        what="text",
        scored="verdict's part",
        fitted=f"Every one learned from the same part and was scored on {units} of another "
        "part, once. The comparison is about the models as they were trained.",
        scores="Scores on the verdict's part",
        other="The score above is that of the same model on the part that the choice was made "
        "on, so it can be slightly flattered.",
        settings="Settings chosen",
        division="Division",
        step="check",
        steps="checks",
        drawn="a point for each check",
        curves={
            "inner_held_loss": "the validation part, by which the weights were chosen",
            "final_loss": "training text, the last batch",
        },
        facts=_facts(text),
        unit_note="" if is_stream(text) else ", equal ones together",
    )


def is_stream(text: JSON) -> bool:
    """Tell whether a text was read as one stream, and not as lines.

    Examples
    --------
    >>> is_stream({"kind": "lines"})
    False
    """
    return bool(text["kind"] == "stream")


def summarise_text(text: JSON, result: Result) -> JSON:
    """Return samples and surprise of a run on text, ready to show."""
    titles = {entry.family: clean(entry.title) for entry in result.ladder}
    steps = {entry.family: entry.step for entry in result.ladder}
    samples = [
        {
            "title": titles.get(family, clean(family)),
            "is_choice": family == result.choice.family,
            "samples": [_sample(one, text) for one in written],
        }
        for family, written in sorted(
            text["samples"].items(), key=lambda one: steps.get(one[0], len(steps))
        )
    ]
    return {
        "is_stream": is_stream(text),
        "samples": samples,
        "samples_lead": _samples_lead(text),
        "table": _bits_table(text),
        "any_copied": any(one["copied"] for written in text["samples"].values() for one in written),
        "surprise": [_piece(one, text) for one in text["surprise"]],
        "levels": [{"shade": i, "label": label} for i, label in enumerate(LABELS)],
    }


def _bits_table(text: JSON) -> JSON:
    """Return the bits of every character, in lines that can be read."""
    lines = [
        ["".join(cell["text"] for cell in cells), " ".join(f"{cell['bits']:.1f}" for cell in cells)]
        for one in text["surprise"]
        for cells in _lines(_piece(one, text)["cells"])
    ]
    return {"head": ["Text", "Bits of each character"], "rows": lines}


def _samples_lead(text: JSON) -> str:
    if not is_stream(text):
        return "New lines, drawn character by character until the model ends them."
    return "The same number of characters from each, drawn one after the other."


def _sample(sample: JSON, text: JSON) -> JSON:
    is_partly = bool(sample["copied"]) and is_stream(text)
    return {
        "text": shown(sample["text"]),
        "is_copied": bool(sample["copied"]) and not is_partly,
        "note": f"{percent(sample['copied'] or 0.0)} of these characters stand so in the training text"
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


def _piece(piece: JSON, text: JSON) -> JSON:
    characters = [*piece["text"], *([] if is_stream(text) else [END])]
    cells = [
        {
            "text": LINE_END if character == "\n" else clean(character),
            "breaks": character == "\n",
            "shade": shade(bits),
            "bits": bits,
        }
        for character, bits in zip(characters, piece["bits"], strict=True)
    ]
    mean = number(sum(piece["bits"]) / max(len(piece["bits"]), 1), 1)
    return {
        "cells": cells,
        "mean": mean,
        "alternative": f"{clean(piece['text'])}: {mean} bits a character",
    }


def _facts(text: JSON) -> tuple[tuple[str, str], ...]:
    counted = text["counted"]
    characters = (
        f"{count(text['n_characters'])}, {count(text['n_tokens'])} different ones can follow"
    )
    parts = {
        name: f"{count(part['units'])} {counted}, {count(part['characters'])} characters"
        for name, part in text["parts"].items()
    }
    return (
        ("Read as", "one stream" if is_stream(text) else "lines, each a text of its own"),
        (
            counted.capitalize(),
            f"{count(text['n_pieces'])}, {count(text['n_distinct'])} of them different",
        ),
        ("Characters", characters),
        ("Longest context", f"{text['context']} characters"),
        *((name.capitalize(), said) for name, said in parts.items()),
    )


def render(text: JSON, result: Result) -> str:
    """Return what every family writes, and where the choice is surprised."""
    titles = {entry.family: clean(entry.title) for entry in result.ladder}
    title = titles.get(result.choice.family, clean(result.choice.family))
    return fill("text.html.j2", text=summarise_text(text, result), title=title)


def _lines(cells: list[JSON]) -> list[list[JSON]]:
    """Return cells in lines that fit across a figure."""
    return [cells[start : start + WIDEST_LINE] for start in range(0, len(cells), WIDEST_LINE)]


def surprise_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return where the choice is surprised as a figure."""
    text = result.sections.get("text")
    pieces = [_piece(one, text) for one in text["surprise"]] if text else []
    drawn = [
        {"characters": [cell["text"] for cell in cells], "bits": [cell["bits"] for cell in cells]}
        for piece in pieces
        for cells in _lines(piece["cells"])
    ]
    if not drawn:
        return []
    longest = max(len(one["bits"]) for one in drawn)
    return [
        Drawing(
            name="surprise",
            title=f"Where {summary['choice']['title']} is surprised",
            says="; ".join(piece["alternative"] for piece in pieces),
            draw=lambda axes: plot_surprise(axes, drawn),
            width=1.4 + 0.17 * longest,
            height=0.4 + 0.2 * len(drawn),
        )
    ]


SECTION = Section(
    name="text",
    title="What each rung writes",
    position=1100,
    render=render,
    words=wording,
    terms=("perplexity",),
    drawings=surprise_drawings,
)
