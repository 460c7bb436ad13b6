"""Draw the ladder and how networks were trained on axes of matplotlib; see `rung.report.plots`."""

from __future__ import annotations

from collections.abc import Sequence

from rung.report.wording import TABLE, PageWords
from rung.typing import JSON, Untyped

INK, SOFT, ACCENT, BAND, SEAL = "#1c222d", "#68717e", "#0a569f", "#cfe6dc", "#a3440c"
ROW_INCHES, FRAME_INCHES = 0.42, 0.75


def draw_training(axes: Untyped, rows: Sequence[JSON], words: PageWords) -> None:
    """Draw losses step by step, one line a split and kind of rows."""
    colours = {"inner_loss": SOFT, "inner_held_loss": SEAL, "final_loss": ACCENT}
    lines: dict[tuple[int, str], list[JSON]] = {}
    for row in rows:
        lines.setdefault((row["split"], row["kind"]), []).append(row)
    named: set[str] = set()
    for (_, kind), line in lines.items():
        label = "_nolegend_" if kind in named else words.curves[kind]
        named.add(kind)
        passes, losses = [row["pass"] for row in line], [row["loss"] for row in line]
        axes.plot(passes, losses, color=colours[kind], linewidth=1.2, label=label)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(_plain_tick)
    losses = [row["loss"] for row in rows if row["loss"] and row["loss"] > 0]
    is_short = bool(losses) and max(losses) < 10 * min(losses)
    axes.yaxis.set_minor_formatter(_plain_tick if is_short else _no_tick)
    axes.set_xlabel("passes over the rows" if words is TABLE else words.steps, color=INK)
    axes.set_ylabel("loss", color=INK)
    axes.tick_params(colors=INK, which="both", length=3)
    axes.legend(frameon=False, labelcolor=INK, fontsize=8)
    for name, spine in axes.spines.items():
        spine.set_visible(name in ("bottom", "left"))
        spine.set_color(SOFT)


def _plain_tick(value: float, place: int | None = None) -> str:
    """Write a tick as a number: names may hold signs of formulas, so none are read."""
    return f"{value:.3g}"


def _no_tick(value: float, place: int | None = None) -> str:
    return ""


def draw_ladder(axes: Untyped, picture: JSON) -> None:
    """Draw every family's score with its interval, and the sealed test of the choice."""
    if picture["band"]:
        band = picture["band"]
        axes.axvspan(band["low"], band["high"], color=BAND, linewidth=0)
    for height, row in enumerate(picture["numbers"]):
        if row["mean"] is not None:
            _draw_row(axes, height, row)
    axes.set_yticks(range(len(picture["numbers"])), [_label(row) for row in picture["numbers"]])
    axes.set_ylim(-0.6, len(picture["numbers"]) - 0.4)
    axes.set_xlim(*picture["ends"])
    axes.set_xlabel(picture["axis"], color=INK)
    axes.tick_params(colors=INK, length=3)
    for name, spine in axes.spines.items():
        spine.set_visible(name == "bottom")
        spine.set_color(SOFT)


def _draw_row(axes: Untyped, height: int, row: JSON) -> None:
    colour = ACCENT if row["is_choice"] else SOFT
    axes.hlines(height, row["low"], row["high"], color=colour, linewidth=2)
    is_open = row["is_leader"] and not row["is_choice"]
    face = "white" if is_open else colour
    axes.plot(row["mean"], height, "o", markersize=7, markerfacecolor=face, markeredgecolor=colour)
    tested = row["test"]
    if tested:
        axes.hlines(height - 0.28, tested["low"], tested["high"], color=SEAL, linewidth=1)
        axes.plot(tested["mean"], height - 0.28, "D", markersize=4.5, color=SEAL)


def _label(row: JSON) -> str:
    marks = [word for key, word in (("is_choice", "choice"), ("is_leader", "leader")) if row[key]]
    return f"{row['title']} ({', '.join(marks)})" if marks else str(row["title"])
