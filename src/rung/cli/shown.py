"""Keep what libraries say, and letters that move the cursor or turn text round, off the terminal."""

from __future__ import annotations

import re
import sys
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
# They speak of code, not of data or results: whoever runs `rung` can do nothing about them.
ABOUT_CODE = (DeprecationWarning, PendingDeprecationWarning, FutureWarning, ImportWarning)
MOST_NOTES = 5
LONGEST_NOTE = 200


@contextmanager
def warnings_as_notes(words: Sequence[str]) -> Iterator[None]:
    """Collect Python's warnings, and print one line for each kind at the end.

    Those about code are left out, and all of them with `--quiet`; `--debug` shows every one as
    it comes.
    """
    if "--debug" in words:
        yield
        return
    said: Counter[str] = Counter()

    def keep(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
        if not issubclass(category, (*ABOUT_CODE, ResourceWarning)):
            said[f"{category.__name__}: {message}"] += 1

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = keep
        try:
            yield
        finally:
            if not {"--quiet", "-q"} & set(words):
                for note in notes(said):
                    print(note, file=sys.stderr)


def notes(said: Counter[str]) -> list[str]:
    """Write counted warnings as lines, the most frequent first.

    Examples
    --------
    >>> notes(Counter({"RuntimeWarning: overflow encountered in exp": 3}))
    ['note: RuntimeWarning: overflow encountered in exp (3 times)']
    """
    from rung.report.numbers import clean, shorten

    lines = [
        f"note: {shorten(clean(text), LONGEST_NOTE)}{f' ({n} times)' if n > 1 else ''}"
        for text, n in said.most_common(MOST_NOTES)
    ]
    more = len(said) - len(lines)
    return [*lines, f"note: {more} more of this kind; see them with --debug"] if more > 0 else lines


def escaped(text: str) -> str:
    r"""Write hidden letters of a JSON text as its escapes; it reads back as it was.

    Examples
    --------
    >>> escaped('"a\u202eb"')
    '"a\\u202eb"'
    """
    return re.sub(r"[^ -~\n]", lambda found: _escape(found[0]), text)


def _escape(letter: str) -> str:
    if unicodedata.category(letter) not in HIDDEN:
        return letter
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))
