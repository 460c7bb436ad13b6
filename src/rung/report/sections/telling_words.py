"""Show the words of columns of text that tell most, with intervals."""

from __future__ import annotations

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.numbers import clean, count, interval
from rung.report.sections.section import Section
from rung.typing import JSON

NAMES = {"words": "word", "pairs": "two words", "pieces": "piece"}


def word_tables(result: Result) -> list[JSON] | None:
    """Return the tables of each column of text; None where there is none."""
    found = result.sections.get("telling_words") or []
    return [_table(result, one) for one in found] or None


def _table(result: Result, found: JSON) -> JSON:
    groups = [
        {"head": _head(result, group["head"]), "rows": [_row(one) for one in group["terms"]]}
        for group in found["groups"]
    ]
    return {
        "column": clean(found["column"]),
        "n_terms": count(found["n_terms"]),
        "what": clean(found["what"]),
        "intervals": found["intervals"],
        "groups": [group for group in groups if group["rows"]],
    }


def _head(result: Result, head: str) -> str:
    if result.classes:
        return f"For {clean(head)}"
    return f"For {head} {clean(result.target)}"


def _row(one: JSON) -> JSON:
    shown = interval(one["adds"], one["low"], one["high"])
    return {
        "term": clean(one["term"]).replace(" ", "·")
        if one["part"] == "pieces"
        else clean(one["term"]),
        "part": NAMES[one["part"]],
        "adds": shown["value"],
        "range": shown["range"],
        "n_texts": count(one["n_texts"]),
    }


def render(tables: list[JSON], result: Result) -> str:
    """Return a table for each class or direction of each column of text."""
    return fill("telling_words.html.j2", tables=tables)


SECTION = Section(
    name="telling_words",
    title="Which words tell most",
    position=955,
    data=lambda result, summary: word_tables(result),
    render=render,
)
