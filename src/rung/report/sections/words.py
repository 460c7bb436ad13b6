"""Explain the words that the page uses."""

from __future__ import annotations

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.sections.section import Section
from rung.report.terms import terms_of
from rung.typing import JSON

GLOSSARY = (
    "interval",
    "leader",
    "margin",
    "verdicts",
    "choice",
    "sealed",
    "cross_validation",
    "nested",
    "metric",
    "leakage",
    "crisp",
)


def render(summary: JSON, result: Result) -> str:
    """Return the words with what they mean."""
    terms = terms_of(summary)
    return fill("words.html.j2", terms=[terms[key] for key in GLOSSARY if key in terms])


SECTION = Section(
    name="words",
    title="How to read this",
    position=1800,
    data=lambda result, summary: summary,
    render=render,
)
