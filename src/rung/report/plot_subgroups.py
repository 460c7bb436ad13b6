"""Draw the scores of groups of rows with their intervals."""

from __future__ import annotations

from rung.report import words
from rung.report.plots import ACCENT, COLOURS, GREY, tidy
from rung.typing import JSON, Untyped

JUDGED = {"better": ACCENT, "worse": COLOURS[1]}


def plot_subgroups(axes: Untyped, found: JSON) -> Untyped:
    """Draw a dot with its interval for each group, in the order of the column from above."""
    rows = found["rows"][::-1]
    for height, row in enumerate(rows):
        if row["low"] is None:
            continue
        colour = JUDGED.get(row["verdict"], GREY)
        axes.hlines(height, row["low"], row["high"], color=colour, linewidth=2)
        axes.plot(row["value"], height, "o", color=colour)
    axes.set_yticks(range(len(rows)), [f"{row['group']} ({row['verdict']})" for row in rows])
    axes.set_ylim(-0.6, len(rows) - 0.4)
    return tidy(axes, words.metric_words(found["metric"]).title, found["column"])
