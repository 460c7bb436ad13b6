"""Say what went wrong, in one message that teaches.

RungError                 exit code of `rung`
├── PageNotDrawn          1  all results are written, but the page that shows them is not
├── UsageError            2  an option or argument is not one that rung accepts
│   └── UndefinedOperation
├── DataError             3  the table, or a model file, cannot be used as it is
│   ├── UnreadableFile
│   ├── TargetProblem
│   └── BadModelFile
├── ResourceError         4  disk, memory or an optional library is missing
│   ├── DiskError
│   └── MissingExtra
├── NotApplicable         -  a family does not fit this problem: it is skipped, the run goes on
└── NotSavable            2  a model does not fit the file asked for; the results of a run are written

DataWarning               -  rows to predict differ from training; a prediction is given

A message has four parts in this order: what was wrong, the value received, what is accepted,
what to do. `message` holds the first three, `remedy` the last. Both name options as the shell does;
`str()` of an error, which Python shows, names them as keywords.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from rung.extras import named_here
from rung.flags import in_python


class RungError(Exception):
    """Stop with one message for the user.

    Parameters
    ----------
    message : str
        What was wrong, the value received, and what is accepted.
    remedy : str, optional
        What to do about it.
    """

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    @property
    def in_shell(self) -> str:
        """Message and remedy in a line, options as the shell spells them: what is kept and printed."""
        return f"{self.message}; {self.remedy}" if self.remedy else self.message

    def __str__(self) -> str:
        return in_python(self.in_shell)


class PageNotDrawn(RungError):
    """Report a page that a fault of rung kept from being drawn; the results are written."""


class UsageError(RungError):
    """Report an option or argument that is not accepted."""

    exit_code = 2


class UndefinedOperation(UsageError, ArithmeticError):
    """Report arithmetic without a finite answer: log(-1), 1 / 0, 10 ** 400."""


class DataError(RungError):
    """Report data that cannot be used as they are."""

    exit_code = 3


class UnreadableFile(DataError):
    """Report a file that cannot be read as a table."""


class TargetProblem(DataError):
    """Report a target column that is absent, empty or without variation."""


class BadModelFile(DataError):
    """Report a model file that is damaged, forged or too new."""


class ResourceError(RungError):
    """Report missing disk space or memory."""

    exit_code = 4


class DiskError(ResourceError):
    """Report a disk that is full or fails; it ends a run, whichever family is at work."""


class MissingExtra(ResourceError):
    """Report an optional library that is not installed, with the command that adds it.

    Examples
    --------
    >>> MissingExtra("needs torch", "pip install torch").remedy
    'pip install torch'
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, named_here(remedy))


class DataWarning(UserWarning):
    """Tell that rows to predict differ from those of training in a way that a user must know."""


class NotApplicable(RungError):
    """Say why a family does not apply to this problem; the run goes on without it."""


class NotSavable(RungError):
    """Say why a model cannot be written to a file of this kind, such as one without code."""

    exit_code = 2


def suggest(name: str, accepted: Iterable[str]) -> str:
    """Return the accepted name nearest to a mistyped one, or an empty string.

    Examples
    --------
    >>> suggest("mas", ["Mass", "radius"])
    'Mass'
    """
    by_lower = {item.lower(): item for item in accepted}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else ""
