"""Show which rows of a table without a target are least probable, and why."""

from __future__ import annotations

from html import escape
from itertools import pairwise

from rung.core.result import Result
from rung.report.capitals import inside
from rung.report.filling import fill
from rung.report.numbers import clean, count, number, percent
from rung.report.panel import Panel, axis_of
from rung.report.plots_data import plot_log_densities
from rung.report.sections.section import Drawing, Section
from rung.report.wording import PageWords
from rung.typing import JSON


def wording(density: JSON) -> PageWords:
    """Return the words of the page of a run on a table without a target."""
    columns = (
        f"{count(density['n_numbers'])} of numbers, {count(density['n_categories'])} of levels"
    )
    return PageWords(
        asked="Describing",
        read_from="in",
        fitted="Every one was fitted on the same folds and says how probable rows are that it had "
        "not seen.",
        facts=(
            ("Rows", count(density["n_rows"])),
            ("Columns", f"{columns}; {percent(density['missing'])} of the cells are missing"),
            ("Sealed test", f"{count(density['n_sealed'])} rows"),
            ("Folds", count(density["n_folds"])),
        ),
    )


def render(density: JSON, result: Result) -> str:
    """Return the least probable rows with the cell that makes each so."""
    title = next(one.title for one in result.ladder if one.family == result.choice.family)
    lead = (
        f"<p>Least probable rows for {_text(inside(title))}, each by a model of the folds that had "
        f"not seen it. The false-alarm rate is the share of {count(density['held']['n'])} rows "
        f"({_text(density['held']['rows'])}) that are as improbable: call the first rows "
        "anomalous, and of ordinary rows so many are called too.</p>"
    )
    rows = "".join(_row(one) for one in density["anomalies"])
    number_of = {"Log density", "False-alarm rate", "Without it"}
    head = "".join(
        f'<th scope="col"{" class=number" if name in number_of else ""}>{name}</th>'
        for name in ("Row", "Log density", "False-alarm rate", "Oddest cell", "Without it")
    )
    table = (
        '<div class="scroll" tabindex="0" role="region" aria-label="Least probable rows"><table>'
        "<caption>Rows counted from 1 in the file; log densities in nats, without a cell: that of "
        f"the rest of the row.</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        "</div>"
    )
    notes = "".join(f"<li>{_text(note)}</li>" for note in density["notes"])
    said = f"<p>Numbers that repeat have no density; they were spread out:</p><ul>{notes}</ul>"
    figure = (
        fill("density.html.j2", picture=picture) if (picture := _picture(density, title)) else ""
    )
    return figure + lead + table + (said if notes else "")


def _picture(density: JSON, title: str) -> JSON | None:
    """Return the log densities of all rows, the listed ones marked; None in results of old."""
    spread = density.get("spread")
    if not spread:
        return None
    listed = [one["log_density"] for one in density["anomalies"]]
    edges, counts = spread["edges"], spread["counts"]
    ends = list(pairwise(edges))
    panel = Panel(axis_of(edges, "log density out of fold [nats]"), axis_of([0, *counts], pad=0.02))
    xs = [x for low, high in ends for x in (low, high)]
    heights = [float(n) for n in counts for _ in range(2)]
    marks = [panel.area(xs, [0.0] * len(xs), heights), panel.line(xs, heights)]
    marks.append(panel.points(listed, [0.0] * len(listed), "means c1"))
    return {
        "panels": [
            {"title": f"Rows by log density, {clean(title)}", "svg": panel.svg(*marks), "note": ""}
        ],
        "alternative": _in_words(density),
        "head": ["Log density from", "to", "Rows"],
        "rows": [
            [number(low, 2), number(high, 2), count(n)]
            for (low, high), n in zip(ends, counts, strict=True)
        ],
    }


def _in_words(density: JSON) -> str:
    spread, listed = density["spread"], density["anomalies"]
    most = spread["counts"].index(max(spread["counts"]))
    near = number((spread["edges"][most] + spread["edges"][most + 1]) / 2, 1)
    rows = ", ".join(f"row {one['row']} at {number(one['log_density'], 1)}" for one in listed)
    return f"Log densities of rows out of fold: most lie about {near} nats; the least probable are {rows}."


def density_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return the log densities as a figure."""
    density = result.sections.get("density")
    if not density or not density.get("spread"):
        return []
    listed = [one["log_density"] for one in density["anomalies"]]
    return [
        Drawing(
            name="log-densities",
            title=f"Log densities of rows, {summary['choice']['title']}",
            says=_in_words(density),
            draw=lambda axes: plot_log_densities(axes, density["spread"], listed),
        )
    ]


def _row(one: JSON) -> str:
    rate = "" if one["rate"] is None else f"{one['rate']:.3g}"
    cell = f"{_text(one['column'])} = {_text(one['cell'])}" if one["column"] else "none"
    return (
        f'<tr><th scope="row">{one["row"]}</th><td class="number">{number(one["log_density"], 2)}'
        f'</td><td class="number">{rate}</td><td>{cell}</td><td class="number">'
        f"{number(one['without'], 2)}</td></tr>"
    )


def _text(value: str) -> str:
    return f"<bdi>{escape(clean(value), quote=True)}</bdi>"


SECTION = Section(
    name="density",
    title="The least probable rows",
    position=1340,
    render=render,
    words=wording,
    drawings=density_drawings,
)
