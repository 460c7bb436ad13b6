"""Hold the options of a run on text, checked once, for shell and Python alike."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

from rung.core.family import Family
from rung.core.metrics import find_metric
from rung.core.seal import LARGEST_SEED
from rung.errors import UsageError, suggest
from rung.families import select
from rung.kinds.options import CHOICES, check_member, check_number, check_switch, check_whole
from rung.kinds.text.lines_or_stream import READINGS
from rung.typing import JSON


@dataclass(frozen=True)
class TextOptions:
    """State what a run on text is asked to do.

    Attributes
    ----------
    reading : str or None
        `lines` (each is a text of its own), `text` (one stream), None to find out.
    families : tuple of str or Family, or None
        Climb these only; the unigram always climbs along.
    metric : str or None
        `nll`, `bits_per_char` or `perplexity`.
    margin : float or None
        Smallest difference that matters, in the metric's unit; None for the default rule.
    choose : str
        `simplest` or `leader`.
    seed : int
        Of the parts and of every random number, from 0 to 2**62.
    test_fraction : float or None
        Share of the text to seal; 0 seals none, None a tenth (of a large text less).
    ledger : bool
        Write openings of the sealed part into the user's ledger, and look there for earlier ones.
    threads : int or None
        Jobs at a time; the result never depends on it.
    encoding : str or None
        How the file is written; None finds out.
    """

    reading: Literal["lines", "text"] | None = None
    families: tuple[str | Family, ...] | None = None
    metric: str | None = None
    margin: float | None = None
    choose: Literal["simplest", "leader"] = "simplest"
    seed: int = 0
    test_fraction: float | None = None
    ledger: bool = True
    threads: int | None = None
    encoding: str | None = None
    device: ClassVar[str] = "cpu"
    seal: ClassVar[str | None] = None

    def __post_init__(self) -> None:
        if self.reading is not None:
            check_member("as", self.reading, READINGS)
        if self.families is not None:
            named: Any = self.families
            listed = (named,) if isinstance(named, (str, Family)) else tuple(named)
            object.__setattr__(self, "families", listed)
        select(self.families, "text")
        find_metric(self.metric, "language modelling")
        if self.margin is not None:
            check_number("margin", self.margin, low=0.0, high=math.inf)
        check_member("choose", self.choose, CHOICES)
        check_switch("ledger", self.ledger)
        check_whole("seed", self.seed, low=0, high=LARGEST_SEED)
        if self.test_fraction is not None:
            check_number("test_fraction", self.test_fraction, low=0.0, high=0.5)
        if self.threads is not None:
            check_whole("threads", self.threads, low=1, high=1024)

    def to_record(self) -> JSON:
        """Return what the results say of the options: all that can change a result."""
        record = {field.name: getattr(self, field.name) for field in fields(self)}
        if self.families is not None:
            record["families"] = tuple(
                one.name if isinstance(one, Family) else one for one in self.families
            )
        del record["threads"]
        if self.encoding is None:
            del record["encoding"]
        return record


def make_text_options(options: dict[str, Any]) -> TextOptions:
    """Build options from keywords; a misspelt one gets a suggestion instead of a traceback."""
    known = TextOptions.__dataclass_fields__
    for name in options:
        if name not in known:
            near = suggest(name, known)
            raise UsageError(
                f"unknown option {name!r} for a text; the options are {', '.join(known)}",
                f"did you mean {near}=?" if near else "",
            )
    return TextOptions(**options)
