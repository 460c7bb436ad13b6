"""Hold what the user must know about the data or the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "alarm"]


@dataclass(frozen=True)
class Finding:
    """State one fact about the data, with its evidence and what to do.

    Attributes
    ----------
    code : str
        Stable key, such as `identifier` or `constant`.
    severity : str
        `info`, `warning` or `alarm`.
    columns : tuple of str
        Columns it is about; empty for the table as a whole.
    message : str
        What was seen, with its numbers.
    remedy : str
        What was done about it, or what the user can do.
    """

    code: str
    severity: Severity
    columns: tuple[str, ...]
    message: str
    remedy: str = ""
