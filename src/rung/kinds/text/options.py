"""Declare what a run on text can be asked to do beyond what every kind can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from rung.kinds.declaration import READING, again, declare, declared
from rung.kinds.options import Options, documented, from_keywords
from rung.kinds.values import member, metric_of

READINGS = ("lines", "text")


@dataclass(frozen=True, kw_only=True)
class TextOptions(Options):
    """State what a run on text is asked to do.

    Attributes
    ----------
    {options}
    """

    kind: ClassVar[str] = "text"
    device: ClassVar[str] = "cpu"
    seal: ClassVar[str | None] = None

    metric: str | None = again(Options, "metric", None, value=metric_of("language modelling"))
    test_fraction: float | None = again(Options, "test_fraction", None, unless="0.1")
    reading: Literal["lines", "text"] | None = declare(
        None,
        member(*READINGS),
        "Read a text as lines (each a text of its own) or as one text; found if it is plain.",
        panel=READING,
        flag="--as",
        metavar="READING",
        checked=True,
    )


OPTIONS = documented(declared(TextOptions))(TextOptions)


def make_text_options(options: dict[str, Any]) -> TextOptions:
    """Build options from keywords; a misspelt one gets a suggestion instead of a traceback."""
    return from_keywords(TextOptions, options)
