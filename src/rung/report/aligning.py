"""Write columns of numbers so that their decimal points stand below each other.

Cells stand at the right edge; what follows the point gets the width of the longest, by classes of
the style sheet, since the page allows no style of its own to an element.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from rung.typing import JSON

NUMBER = re.compile(r"(?P<whole>[+−-]?\d[\d,]*)(?P<rest>(?:\.\d+)?(?:e[+−-]?\d+)?%?)")
BETWEEN = re.compile(r"( ± | to )")
# The style sheet has classes for so many characters.
WIDEST = 8


def is_numeric(texts: Sequence[str]) -> bool:
    """Tell whether a column holds numbers, pairs of numbers, and empty cells, and nothing else.

    Examples
    --------
    >>> is_numeric(["1.5", "2 to 3", ""]), is_numeric(["1", "one"]), is_numeric([""])
    (True, False, False)
    """
    shown = [text for text in texts if text not in ("", "–")]
    return bool(shown) and all(map(_tokens, shown))


def aligned(texts: Sequence[str]) -> list[Any]:
    """Return the cells of a column as HTML; cells that are no numbers stay as they are.

    Examples
    --------
    >>> [str(cell) for cell in aligned(["56.1", "7.25"])]
    ['56<span class="d3">.1</span>', '7<span class="d3">.25</span>']
    >>> [str(cell) for cell in aligned(["a < b", "2"])]
    ['a &lt; b', '2']
    """
    from markupsafe import Markup

    parted = [_tokens(text) for text in texts]
    widths = _widths(parted)
    return [
        Markup(_cell(tokens, widths) if tokens else escape(text))  # noqa: S704 escaped here
        for text, tokens in zip(texts, parted, strict=True)
    ]


def aligned_table(table: JSON) -> JSON:
    """Return `head` and `rows` of a table as cells with `html` and `is_number`; the first is a name.

    Examples
    --------
    >>> found = aligned_table({"head": ["Column", "Worth"], "rows": [["a", "1.5"], ["b", "12"]]})
    >>> found["head"][1]["is_number"], str(found["rows"][1][1]["html"])
    (True, '12<span class="d2"></span>')
    """
    columns = [[str(row[i]) for row in table["rows"]] for i in range(len(table["head"]))]
    numeric = [i > 0 and is_numeric(column) for i, column in enumerate(columns)]
    shown = [
        aligned(column) if is_number else column
        for column, is_number in zip(columns, numeric, strict=True)
    ]
    return {
        "head": [
            {"html": name, "is_number": is_number}
            for name, is_number in zip(table["head"], numeric, strict=True)
        ],
        "rows": [
            [{"html": cells[r], "is_number": numeric[i]} for i, cells in enumerate(shown)]
            for r in range(len(table["rows"]))
        ],
    }


def _tokens(text: str) -> list[str]:
    """Return numbers and what stands between them, in turn; nothing where it is something else."""
    parts = BETWEEN.split(text)
    return parts if all(NUMBER.fullmatch(part) for part in parts[::2]) else []


def _widths(parted: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return the most characters before and after the point, of each number of a cell."""
    most = max(map(len, parted), default=0)
    return [
        (
            max(len(_split(tokens[k])[0]) for tokens in parted if k < len(tokens)),
            max(len(_split(tokens[k])[1]) for tokens in parted if k < len(tokens)),
        )
        for k in range(0, most, 2)
    ]


def _split(token: str) -> tuple[str, str]:
    found = NUMBER.fullmatch(token)
    assert found is not None
    return found["whole"], found["rest"]


def _cell(tokens: Sequence[str], widths: Sequence[tuple[int, int]]) -> str:
    out = ""
    for k, token in enumerate(tokens):
        if k % 2:
            out += token
            continue
        (whole, rest), (before, after) = _split(token), widths[k // 2]
        is_wide = max(before, after) > WIDEST
        out += f'<span class="i{before}">{whole}</span>' if k and not is_wide else whole
        out += f'<span class="d{after}">{rest}</span>' if after and not is_wide else rest
    return out
