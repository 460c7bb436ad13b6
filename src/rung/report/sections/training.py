"""Place the training of networks on a page: losses pass by pass, and how their units fare."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from statistics import fmean

from rung.core.result import LadderEntry, Result
from rung.report.filling import fill
from rung.report.numbers import clean, number, percent
from rung.report.plots_ladder import draw_training
from rung.report.sections.section import Drawing, Section, file_name
from rung.report.wording import TABLE
from rung.typing import JSON, Settings

WIDTH, HEIGHT = 600, 180
MOST_STEPS = 12


def training_numbers(entry: LadderEntry) -> list[JSON]:
    """Return the losses of every split as rows: `split`, `kind`, `pass`, `loss`.

    Parameters
    ----------
    entry : LadderEntry
        A family, perhaps with records of its training.
    """
    return [
        {"split": split, "kind": kind, "pass": done, "loss": loss}
        for split, record in enumerate(entry.training)
        for kind in TABLE.curves
        for done, loss in enumerate(record.get(kind, ()), start=1)
    ]


def training_pictures(result: Result, words: JSON) -> list[JSON]:
    """Return a picture for each family that tells how it was trained.

    Parameters
    ----------
    result : Result
        Outcome of a run.
    words : mapping
        Those of the page: what the horizontal axis counts, what is drawn.

    Returns
    -------
    list of dict
        `title`, `lines` (points in a box of `WIDTH` by `HEIGHT`), `low` and `high` (ends of the
        axis of losses, in words), `passes` and what these are called (`unit`, `units`), what is
        `drawn`, `notes` and `alternative` (the picture in words).
    """
    named = {"unit": words["step"], "units": words["steps"], "drawn": words["drawn"]}
    found = [(entry, training_numbers(entry)) for entry in result.ladder]
    return [
        {**_picture(entry, rows, words["curves"], named["units"]), **named}
        for entry, rows in found
        if any(_is_drawn(row) for row in rows)
    ]


def _is_drawn(row: JSON) -> bool:
    return bool(math.isfinite(row["loss"]) and row["loss"] > 0)


def _picture(
    entry: LadderEntry, rows: Sequence[JSON], kinds: Mapping[str, str], units: str
) -> JSON:
    drawn = [row for row in rows if _is_drawn(row)]
    logs = [math.log(row["loss"]) for row in drawn]
    low, high = min(logs), max(logs)
    span = (high - low) or 1.0
    passes = max(row["pass"] for row in drawn)
    lines: dict[tuple[int, str], list[str]] = {}
    for row, log in zip(drawn, logs, strict=True):
        x = WIDTH * (row["pass"] - 1) / max(passes - 1, 1)
        y = HEIGHT * (high - log) / span
        lines.setdefault((row["split"], row["kind"]), []).append(f"{x:.1f},{y:.1f}")
    return {
        "title": clean(entry.title),
        "width": WIDTH,
        "height": HEIGHT,
        "lines": [
            {"kind": kind.replace("_", "-"), "points": " ".join(points)}
            for (_, kind), points in lines.items()
        ],
        "kinds": [
            {"kind": kind.replace("_", "-"), "words": words}
            for kind, words in kinds.items()
            if any(name == kind for _, name in lines)
        ],
        "low": number(math.exp(low), _digits(low)),
        "high": number(math.exp(high), _digits(high)),
        "passes": passes,
        "notes": _health(entry.training),
        "table": _table(drawn, kinds, units),
        "alternative": _in_words(entry, passes, units),
    }


def _table(rows: Sequence[JSON], kinds: Mapping[str, str], units: str) -> JSON:
    """Return the losses at some steps: the mean over splits, the lowest and the highest."""
    steps = sorted({row["pass"] for row in rows})
    shown = set(steps[:: -(-len(steps) // MOST_STEPS)]) | {steps[-1]}
    found: dict[tuple[int, str], list[float]] = {}
    for row in rows:
        if row["pass"] in shown:
            found.setdefault((row["pass"], row["kind"]), []).append(row["loss"])
    cells = [
        [str(step), kinds[kind], *(f"{value:.4g}" for value in (fmean(own), min(own), max(own)))]
        for (step, kind), own in sorted(found.items())
        if kind in kinds
    ]
    return {"head": [units.capitalize(), "Loss on", "Mean", "Lowest", "Highest"], "rows": cells}


def _digits(log: float) -> int:
    return max(2 - math.floor(log / math.log(10.0)), 0)


def _health(records: Sequence[Settings]) -> list[str]:
    """Say how the units of the networks fare, over all splits."""
    notes = []
    for key, words in (
        ("dead_units", "of hidden units are never on"),
        ("saturated_units", "are always on, which makes them linear"),
    ):
        shares = [share for record in records for share in record.get(key, ())]
        if shares:
            notes.append(f"{percent(min(shares))} to {percent(max(shares))} {words}")
    steepest = [r["range_test"]["steepest"] for r in records if "range_test" in r]
    if steepest:
        rate = f"{steepest[0]:.2g}"
        notes.append(
            f"tried from small to large, a learning rate of {rate} lowers the loss fastest"
        )
    return notes


def _in_words(entry: LadderEntry, passes: int, units: str) -> str:
    ends = [r["inner_held_loss"] for r in entry.training if r.get("inner_held_loss")]
    if not ends:
        return f"{clean(entry.title)}: losses over {passes} {units}."
    best = [min(range(len(curve)), key=curve.__getitem__) + 1 for curve in ends]
    return (
        f"{clean(entry.title)}: losses over {passes} {units}; on what is held back inside, the loss "
        f"is lowest after {min(best)} to {max(best)}."
    )


def render(pictures: list[JSON], result: Result) -> str:
    """Return the losses of every family that recorded them."""
    return fill("training.html.j2", pictures=pictures)


def training_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return the losses of every family that recorded them."""
    from rung.report.sections import words_of

    words = words_of(result)
    found = [(entry, training_numbers(entry)) for entry in result.ladder]
    return [
        Drawing(
            name=file_name("training", entry.family),
            title=f"How {clean(entry.title)} was trained",
            says=_in_words(entry, max(row["pass"] for row in rows), words.steps),
            draw=partial(
                draw_training, rows=[r for r in rows if r["kind"] in words.curves], words=words
            ),
            height=3.2,
        )
        for entry, rows in found
        if any(_is_drawn(row) and row["kind"] in words.curves for row in rows)
    ]


SECTION = Section(
    name="training",
    title="How families were trained",
    position=1200,
    data=lambda result, summary: training_pictures(result, summary["words"]) or None,
    render=render,
    terms=("epoch",),
    drawings=training_drawings,
)
