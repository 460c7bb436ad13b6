"""Show which rows of a table without a target are least probable, and why."""

from __future__ import annotations

from html import escape

from rung.core.result import Result
from rung.report.numbers import clean, count, number, percent
from rung.report.sections.section import Section
from rung.report.wording import PageWords
from rung.typing import JSON


def wording(density: JSON) -> PageWords:
    """Return the words of the page of a run on a table without a target."""
    columns = (
        f"{count(density['n_numbers'])} of numbers, {count(density['n_categories'])} of levels"
    )
    return PageWords(
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
        f"<p>Least probable rows for {_text(title)}, each by a model of the folds that had not "
        f"seen it. The false-alarm rate is the share of rows {_text(density['held']['rows'])} "
        f"({count(density['held']['n'])} kept) that are as improbable: call the first rows "
        "anomalous, and of ordinary rows so many are called too.</p>"
    )
    rows = "".join(_row(one) for one in density["anomalies"])
    head = "".join(
        f'<th scope="col">{name}</th>'
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
    return lead + table + (said if notes else "")


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
)
