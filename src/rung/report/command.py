"""Quote the command line that repeats a run, so that a shell reads back what was meant."""

from __future__ import annotations

import shlex

from rung.report.numbers import clean


def quoted(word: str) -> str:
    r"""Quote a word for a shell; letters that a page must not hold raw become escapes.

    Examples
    --------
    >>> quoted("--drop=x y"), quoted("--drop=a\x1b'b")
    ("'--drop=x y'", "$'--drop=a\\u001b\\'b'")
    """
    if clean(word) == word:
        return shlex.quote(word)
    return "$'" + "".join(_escaped(letter) for letter in word) + "'"


def _escaped(letter: str) -> str:
    if letter in "\\'":
        return f"\\{letter}"
    if clean(letter) == letter:
        return letter
    return f"\\u{ord(letter):04x}" if ord(letter) < 1 << 16 else f"\\U{ord(letter):08x}"
