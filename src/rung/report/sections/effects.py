"""Show how predictions change with each main column: small panels with bands and the data below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.numbers import clean, count
from rung.report.panel import Axis, Panel, axis_of, brief, levels_axis
from rung.report.plots import plot_effect
from rung.report.sections.section import Drawing, Section, file_name
from rung.typing import JSON

SERIES = ("c0", "c1", "c2", "c3")


def effect_pictures(result: Result) -> list[JSON] | None:
    """Return panels for each family that was opened; None where none was."""
    found = result.sections.get("effects") or []
    return [_picture(result, one) for one in found if one["columns"]] or None


def _picture(result: Result, found: JSON) -> JSON:
    y = axis_of(
        value
        for column in found["columns"]
        for name in ("low", "high", "local")
        for line in column[name]
        for value in line
    )
    outputs = [clean(name) for name in found["outputs"]]
    target = clean(result.target)
    return {
        "title": clean(found["title"]),
        "n_rows": count(found["n_rows"]),
        "what": f"probability of {outputs[0]}"
        if len(outputs) == 1 and outputs[0]
        else (f"predicted {target}" if not outputs[0] else "probability of a class"),
        "outputs": outputs if len(outputs) > 1 else [],
        "has_local": any(column["local"] for column in found["columns"]),
        "panels": [_panel(column, y) for column in found["columns"]],
        "head": ["Column", "Value", "Rows", *_heads(outputs)],
        "rows": [row for column in found["columns"] for row in _rows(column)],
        "alternative": " ".join(_in_words(column, outputs) for column in found["columns"]),
    }


def _heads(outputs: Sequence[str]) -> list[str]:
    names = [f" of {name}" if name else "" for name in outputs]
    return [
        head
        for name in names
        for head in (f"Mean prediction{name}", "of folds, from", "to", "Accumulated")
    ]


def _is_number(column: JSON) -> bool:
    return all(not isinstance(place, str) for place in column["places"])


def _places(column: JSON) -> list[float]:
    return list(column["places"]) if _is_number(column) else list(range(len(column["places"])))


def _x_axis(column: JSON) -> Axis:
    unit = f" [{clean(column['unit'])}]" if column["unit"] else ""
    title = f"{clean(column['column'])}{unit}"
    if not _is_number(column):
        return levels_axis([_level(place) for place in column["places"]], title)
    axis = axis_of(column["places"], title)
    if column["kind"] == "datetime":
        ticks = tuple((value, _date(value)) for value, _ in axis.ticks[::2])
        return Axis(axis.low, axis.high, ticks, title)
    return axis


def _date(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (OverflowError, ValueError, OSError):
        return brief(seconds)


def _level(place: object) -> str:
    return clean(place) or "(empty)"


def _panel(column: JSON, y: Axis) -> JSON:
    panel, xs = Panel(_x_axis(column), y), _places(column)
    marks = [panel.bars(xs, column["density"])]
    for kind, mean, low, high in zip(
        SERIES, column["mean"], column["low"], column["high"], strict=False
    ):
        if _is_number(column):
            marks += [panel.area(xs, low, high, kind), panel.line(xs, mean, kind)]
        else:
            marks += [
                panel.ranges(xs, low, high, f"range {kind}"),
                panel.points(xs, mean, f"means {kind}"),
            ]
    if len(column["mean"]) == 1:
        marks += [panel.line(xs, line, "local") for line in column["local"]]
    return {"title": clean(column["column"]), "svg": panel.svg(*marks), "note": ""}


def _rows(column: JSON) -> list[list[str]]:
    rows = []
    for i, place in enumerate(column["places"]):
        shown = brief(place) if not isinstance(place, str) else _level(place)
        if column["kind"] == "datetime":
            shown = _date(place)
        row = [clean(column["column"]), shown, count(column["density"][i])]
        for k in range(len(column["mean"])):
            local = brief(column["local"][k][i]) if column["local"] else ""
            row += [*(brief(column[name][k][i]) for name in ("mean", "low", "high")), local]
        rows.append(row)
    return rows


def _in_words(column: JSON, outputs: Sequence[str]) -> str:
    ends = []
    for name, line in zip(outputs, column["mean"], strict=True):
        low, high = min(line), max(line)
        at = [column["places"][line.index(value)] for value in (low, high)]
        shown = [clean(each) if isinstance(each, str) else brief(each) for each in at]
        of = f" of {name}" if name else ""
        ends.append(
            f"the mean prediction{of} is lowest, {brief(low)}, at {shown[0]} and highest, "
            f"{brief(high)}, at {shown[1]}"
        )
    return f"{clean(column['column'])}: {'; '.join(ends)}."


def render(pictures: list[JSON], result: Result) -> str:
    """Return the panels, and the table behind them."""
    return fill("effects.html.j2", pictures=pictures)


def effect_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return a figure for each column of each family that was opened."""
    return [
        Drawing(
            name=file_name("effect", one["family"], column["column"]),
            title=f"How predictions of {clean(one['title'])} change with {clean(column['column'])}",
            says=_in_words(column, one["outputs"]),
            draw=partial(plot_effect, found=column, outputs=one["outputs"], target=result.target),
            height=3.2,
        )
        for one in result.sections.get("effects") or []
        for column in one["columns"]
    ]


SECTION = Section(
    name="effects",
    title="How predictions change with a column",
    position=1000,
    data=lambda result, summary: effect_pictures(result),
    render=render,
    terms=("partial_dependence",),
    drawings=effect_drawings,
)
