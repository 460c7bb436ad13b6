"""Hold what was known of a run's sealed rows before it opened them.

A result is the same for the same data and seed, wherever and whenever it is found; a history is not.
So it stands in `openings.json` and beside the result, never in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rung.core.findings import Finding
from rung.core.result import plain
from rung.typing import JSON

SCHEMA = 1


@dataclass(frozen=True)
class Opened:
    """An earlier opening of rows that are sealed now.

    Attributes
    ----------
    share : float
        Share of the rows sealed now that it opened.
    run : str
        Name of the run's folder; empty for a call from Python, or if it is not known.
    when : str
        Time (UTC) as the ledger has it; empty if it does not know of it.
    is_here : bool
        Whether it was made in the folder of this run, or stands in its `seal.json` alone.
    changed : tuple of str
        What was asked otherwise then.
    """

    share: float
    run: str = ""
    when: str = ""
    is_here: bool = False
    changed: tuple[str, ...] = ()

    @property
    def is_for_another_target(self) -> bool:
        """Whether the rows were opened to see how well another column is predicted."""
        return "target" in self.changed


@dataclass(frozen=True)
class History:
    """The openings of a run's sealed rows.

    Attributes
    ----------
    is_opened : bool
        Whether this run opened them.
    when : str
        When it did (UTC), by the clock of the machine.
    earlier : tuple of Opened
        Openings before it, the oldest first.
    ledger : str
        `written`; `off` if it was switched off; `not written` if it could not be; `unused` if
        nothing was opened.
    findings : tuple of Finding
        What follows from it.
    """

    is_opened: bool = False
    when: str = ""
    earlier: tuple[Opened, ...] = ()
    ledger: Literal["written", "off", "not written", "unused"] = "unused"
    findings: tuple[Finding, ...] = ()

    @property
    def n_openings(self) -> int:
        """How often these rows, or a part of them, were opened, this run included."""
        return len(self.earlier) + self.is_opened

    def to_dict(self) -> JSON:
        """Return what `openings.json` holds."""
        return {"schema": SCHEMA, "openings": self.n_openings, **plain(self)}
