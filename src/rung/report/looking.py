"""Show a first look at a table: as text for the console, and as a page."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from rung.report.filling import fill, style_sheet
from rung.report.html import policy
from rung.report.numbers import clean, count, percent, shorten
from rung.report.panel import Panel, axis_of, brief, levels_axis
from rung.typing import JSON

BARS = " ▁▂▃▄▅▆▇█"
WIDE, LONGEST, MOST_SHOWN, MOST_HEAD = 24, 24, 60, 60
SMALL = 150


def look_text(found: JSON, name: str) -> str:
    """Return the look as lines for a console."""
    head = f"{clean(name)}: {count(found['n_rows'])} rows, {found['n_columns']} columns"
    lines = [head, ""]
    for column in found["columns"]:
        strength = f"  {column['strength']:.2f}" if "strength" in column else ""
        lines.append(
            f"{shorten(clean(column['name']), LONGEST):<{LONGEST}}  {column['kind']:<8}  "
            f"{_spark(column['counts']):<{WIDE}}  {_range(column)}{_gaps(found, column)}{strength}"
        )
    if found["target"]:
        lines.append(f"\nthe last number: how strongly a column goes with {clean(found['target'])}")
    if found["pairs"]:
        lines += ["", "columns that go together (0 not at all, 1 wholly):"]
        lines += [f"  {pair['strength']:.2f}  {_names(pair)}" for pair in found["pairs"]]
    return "\n".join(lines)


def _names(pair: JSON) -> str:
    return " and ".join(clean(name) for name in pair["columns"])


def _spark(counts: Sequence[int]) -> str:
    most = max([*counts, 1])
    return "".join(BARS[0 if not each else max(1, round(8 * each / most))] for each in counts)


def _range(column: JSON) -> str:
    if column["levels"]:
        shown = ", ".join(shorten(clean(level), 12) for level in column["levels"][:3])
        more = column["distinct"] - 3
        return f"{shown}, {count(more)} more" if more > 0 else shown
    if not column["counts"]:
        return "no value"
    low, _, middle, _, high = (brief(value) for value in column["quantiles"])
    return f"{low} to {high}, median {middle}"


def _gaps(found: JSON, column: JSON) -> str:
    share = column["missing"] / max(found["n_rows"], 1)
    return f", {percent(share)} missing" if column["missing"] else ""


def look_page(found: JSON, name: str) -> str:
    """Return the look as a whole HTML file without scripts."""
    style = style_sheet()
    columns = sorted(found["columns"], key=lambda column: -column.get("strength", 0.0))
    return fill(
        "look.html.j2",
        name=clean(name),
        n_rows=count(found["n_rows"]),
        n_columns=count(found["n_columns"]),
        target=clean(found["target"] or ""),
        names=[clean(column["name"]) for column in found["columns"][:MOST_HEAD]],
        head=[[clean(cell) for cell in row[:MOST_HEAD]] for row in found["head"]],
        panels=[_histogram(found, column) for column in found["columns"][:MOST_SHOWN]],
        by=[_by(found, column) for column in columns if column.get("by")][:MOST_SHOWN],
        n_more=max(found["n_columns"] - MOST_SHOWN, 0),
        pairs=[(f"{pair['strength']:.2f}", _names(pair)) for pair in found["pairs"]],
        missing=[_stripe(row) for row in found["missing"]],
        style=style,
        policy=policy(style),
    )


def _histogram(found: JSON, column: JSON) -> JSON:
    note = f"{_range(column)}{_gaps(found, column)}"
    if not column["counts"]:
        return {"title": clean(column["name"]), "svg": "", "note": note}
    if column["levels"]:
        x, places = levels_axis(column["levels"]), list(range(len(column["levels"])))
    else:
        x = axis_of(column["edges"], clean(column["unit"]))
        edges = column["edges"]
        places = [(low + high) / 2 for low, high in itertools.pairwise(edges)]
    panel = Panel(x, axis_of([0, *column["counts"]], pad=0.0), SMALL)
    zeros = [0.0] * len(places)
    width = max(2.0, min(0.8 * 240 / max(len(places), 1), 24.0))
    marks = panel.ranges(places, zeros, column["counts"], "histogram")
    marks = marks.replace("<path", f'<path stroke-width="{width:.1f}"', 1)
    return {"title": clean(column["name"]), "svg": panel.svg(marks), "note": note}


def _by(found: JSON, column: JSON) -> JSON:
    by = column["by"]
    is_level = any(isinstance(place, str) for place in by["places"])
    xs = list(range(len(by["places"]))) if is_level else by["places"]
    ends = [*by.get("low", []), *by.get("high", [])]
    y = axis_of([value for line in by["series"] for value in line] + ends)
    panel = Panel(levels_axis(by["places"]) if is_level else axis_of(xs), y, SMALL)
    marks = []
    if ends:
        marks.append(panel.ranges(xs, by["low"], by["high"]))
    for k, line in enumerate(by["series"]):
        marks.append(panel.points(xs, line, f"means c{k}"))
        if not is_level:
            marks.append(panel.line(xs, line, f"c{k}"))
    classes = ", ".join(clean(name) for name in by["classes"])
    note = f"strength {column['strength']:.2f}" + (f"; classes {classes}" if classes else "")
    return {"title": clean(column["name"]), "svg": panel.svg(*marks), "note": note}


def _stripe(row: JSON) -> JSON:
    n = len(row["shares"])
    cells = "".join(
        f'<rect x="{100 * i / n:.2f}%" width="{100 / n + 0.05:.2f}%" height="100%" '
        f'fill-opacity="{share:.2f}"/>'
        for i, share in enumerate(row["shares"])
        if share
    )
    return {
        "name": clean(row["name"]),
        "svg": f'<svg class="stripe" aria-hidden="true" focusable="false">{cells}</svg>',
        "share": percent(row["share"]),
    }
