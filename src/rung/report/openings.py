"""Say in words how often sealed rows were opened, where, and what is not known of it."""

from __future__ import annotations

from collections import Counter

from rung.core.history import History, Opened
from rung.report.numbers import clean, shorten
from rung.typing import JSON

MOST_NAMED, LONGEST_NAME = 4, 60
DATE_LENGTH = len("2026-01-31")
UNKNOWN = {
    "off": "the ledger was switched off: openings elsewhere are not known",
    "not written": "the ledger could not be written: openings elsewhere may not be known",
}


def summarise_openings(history: History, counted: str, what: str) -> JSON:
    """Return how often the sealed rows were opened, and a sentence for report and console.

    Parameters
    ----------
    history : History
        Of a run.
    counted : str
        What rows are called, in the plural.
    what : str
        What was read: `table` or `text`.

    Examples
    --------
    >>> summarise_openings(History(is_opened=True), "rows", "table")["said"]
    'opened once'
    """
    n = history.n_openings
    said = "opened once"
    if history.earlier:
        places = Counter(_place(one, counted) for one in history.earlier)
        shown = list(places.items())[-MOST_NAMED:]
        left = len(history.earlier) - sum(times for _, times in shown)
        listed = [f"{times} times {place}" if times > 1 else place for place, times in shown]
        before = [f"{left} more"] if left else []
        said = f"opened {n} times on this {what}, here and elsewhere: {'; '.join([*before, *listed])}; now"
    return {
        "n": n,
        "again": bool(history.earlier),
        "said": said,
        "unknown": UNKNOWN.get(history.ledger, ""),
    }


def _place(one: Opened, counted: str) -> str:
    """Name where and when, without the way to the folder."""
    named = repr(shorten(clean(one.run), LONGEST_NAME)) if one.run else "a call from Python"
    place = "here" if one.is_here else named
    date = f" on {clean(one.when)[:DATE_LENGTH]}" if one.when else ""
    share = [f"{one.share:.0%} of these {counted}"] if one.share < 1 else []
    notes = [*share, *(["for another target"] if one.is_for_another_target else [])]
    return f"{place}{date}" + (f" ({', '.join(notes)})" if notes else "")
