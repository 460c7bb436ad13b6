"""Show one row: what columns do to its prediction, what would change it, and rows like it."""

from __future__ import annotations

from collections.abc import Sequence

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.numbers import clean, count, percent, signed
from rung.report.panel import brief
from rung.report.sections.section import Section
from rung.typing import JSON

WIDTH, MOST_LINES = 24, 12
# Of the known rows: where fewer are farther from their nearest neighbour, a row is unusual.
RARE = 0.05


def row_pictures(result: Result) -> list[JSON] | None:
    """Return what is shown of each row that was asked for; a page of a run has none."""
    found = result.sections.get("row") or []
    return [_picture(one) for one in found] or None


def _picture(found: JSON) -> JSON:
    names = [row["column"] for row in found["columns"] if row["value"] is not None]
    return {
        "sentences": row_sentences(found),
        "adds": adds_sentence(found),
        "columns": {
            "head": ["Column", "Value", "Adds", "Would change it at", "Then"],
            "rows": [_column(row) for row in found["columns"]],
        },
        "nearest": {
            "head": ["Row", "True", "Distance", *map(clean, names)],
            "rows": [_near(one, names) for one in found["nearest"]],
        },
    }


def _column(row: JSON) -> list[str]:
    then = "" if row["to"] is None else _answer(row["then"])
    cells = (clean(row["value"] or ""), _adds(row), clean(row["to"] or ""), then)
    return [clean(row["column"]), *cells]


def _adds(row: JSON) -> str:
    return signed(brief(row["adds"]))


def adds_sentence(found: JSON) -> str:
    """Say what the numbers are that columns add, and what they add up to."""
    own = found.get("adds_are") or {"kind": "shuffled"}
    if own["kind"] != "shap":
        return (
            "What a column adds is the prediction less its mean when the column takes the values of "
            "other rows; only of models that are sums do these add up."
        )
    total = own["base"] + sum(row["adds"] for row in found["columns"])
    what = f"the {own['unit']} of {_answer(found['prediction'])}"
    if own["unit"] == "value":
        what = "the prediction"
    elif own["n_models"] > 1:
        what = f"the mean of {what} over {own['n_models']} models, whose probabilities are averaged"
    return (
        f"What columns add are exact SHAP values: with {brief(own['base'])}, the mean over the "
        f"{found['known']} rows, they add up to {what}, {brief(total)}."
    )


def _answer(value: object) -> str:
    return brief(value) if isinstance(value, float) else clean(value)


def _near(one: JSON, names: Sequence[str]) -> list[str]:
    cells = [clean(one[name]) for name in names]
    return [clean(one["row"]), _answer(one["true"]), brief(one["distance"]), *cells]


def row_sentences(found: JSON) -> list[str]:
    """Say what is predicted, by whom, how far the row is from known ones, and what changes it."""
    says = _answer(found["prediction"])
    if found["probability"] is not None:
        says += f" ({percent(found['probability'])})"
    by = (
        ""
        if found["fold"] is None
        else f", by the model of fold {found['fold']} that has not seen it"
    )
    true = "" if found["true"] is None else f"; true is {_answer(found['true'])}"
    share = percent(found["share_farther"])
    rare = ": it is an unusual row" if found["share_farther"] < RARE else ""
    first = (
        f"{clean(found['title'])} predicts {clean(found['target'])} {says} for row {found['row']}"
    )
    second = (
        f"The nearest of {count(found['n_known'])} {found['known']} rows is "
        f"{brief(found['distance'])} standard deviations a column away; {share} of them are "
        f"farther from theirs{rare}."
    )
    like = found.get("applicability")
    third = [] if like is None else [_likeness_sentence(like)]
    return [f"{first}{by}{true}.", second, *third, _change_sentence(found)]


def _likeness_sentence(like: JSON) -> str:
    by = f"; least like them by {clean(like['oddest'])}" if like["oddest"] else ""
    verdict = "unlike the training rows" if like["is_unlike"] else "like the training rows"
    return (
        f"It is {verdict}: {percent(like['likeness'])} of {count(like['ranked_by'])} held-out rows "
        f"are as improbable{by}."
    )


def _change_sentence(found: JSON) -> str:
    able = [row for row in found["columns"] if row["to"] is not None]
    able.sort(key=lambda row: row["size"])
    what = (
        "another class"
        if found["amount"] is None
        else f"a prediction that is different by {brief(found['amount'])}"
    )
    if not able:
        return f"No single column, moved to any value observed, gives {what}."
    listed = "; ".join(
        f"{clean(row['column'])} from {clean(row['value'])} to {clean(row['to'])} "
        f"(then {_answer(row['then'])})"
        for row in able[:MOST_LINES]
    )
    return f"The smallest change of one column, among values observed, that gives {what}: {listed}."


def row_lines(found: JSON) -> list[str]:
    """Return all as lines of a console."""
    width = min(max(len(clean(row["column"])) for row in found["columns"]), WIDTH)
    lines = [*row_sentences(found), adds_sentence(found), "", "column, value, what it adds:"]
    lines += [
        f"  {clean(row['column']):{width}}  {clean(row['value'] or ''):>12}  {_adds(row):>10}"
        for row in found["columns"]
    ]
    lines += ["", f"the nearest {found['known']} rows:"]
    lines += [
        f"  {clean(one['row'])}: true {_answer(one['true'])}, {brief(one['distance'])} away"
        for one in found["nearest"]
    ]
    return lines


def render(pictures: list[JSON], result: Result) -> str:
    """Return the sentences and both tables."""
    return fill("row.html.j2", pictures=pictures)


SECTION = Section(
    name="row",
    title="One row",
    position=1480,
    data=lambda result, summary: row_pictures(result),
    render=render,
)
