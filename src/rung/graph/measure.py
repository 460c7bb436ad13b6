"""Measure text and boxes without a font at hand: widths are those of a wide common sans serif."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from rung.graph.parts import Node

TITLE_SIZE, LINE_SIZE = 14.0, 12.0
TITLE_HEIGHT, LINE_HEIGHT = 20.0, 17.0
PAD_X, PAD_Y, BETWEEN = 11.0, 8.0, 10.0
LEAST_WIDTH, MOST_WIDTH = 56.0, 264.0
# Pages of a block lie behind each other by so much.
PAGES = 6.0
# What parts of a text are joined by, and what no part is cut to less than.
JOINTS = re.compile("(; |, | (?:[+−×/=]|(?:is |and )?[≤>]|is one of|is|and|or) )")
NUMBER = re.compile(r"[−+]?[\d.,]+(e[−+]?\d+)?( (more|\S{1,6}))?[?]?")
LEAST_LETTERS = 2
# Advance widths in em, after DejaVu Sans, the widest of the fonts that are asked for.
NARROWEST = 0.36
NARROW, THIN, WIDE = ".,:;|!'ijl()[]/\\ ", "Irft-", "mwMW@%—∞+=÷×−<>≤≥→"


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how much room a text needs at most, in pixels.

    Examples
    --------
    >>> text_width("ii", 10.0) < text_width("mm", 10.0)
    True
    """
    em = sum(_advance(letter) for letter in text)
    return em * size * (1.12 if bold else 1.0)


def _advance(letter: str) -> float:
    if letter in NARROW:
        return NARROWEST
    if letter in THIN:
        return 0.46
    if letter in WIDE:
        return 0.92
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    return 0.72 if letter.isupper() else 0.64


def fit(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Cut a text until it needs no more than a width.

    What is joined by commas, signs and the like is cut part by part, each in its middle and the
    longest first, so that no part vanishes between two others; numbers stay whole. Where that is
    not enough, the last parts are left out.

    Examples
    --------
    >>> fit("a very long name indeed", 10.0, 60.0)
    'a ver…deed'
    >>> fit("coarse aggregate + water in the mixture ≤ 712.6", 10.0, 200.0)
    'coars…egate + water …xture ≤ 712.6'
    """
    parts = JOINTS.split(text)

    def fits(parts: Sequence[str]) -> bool:
        return text_width("".join(parts), size, bold=bold) <= width

    names = [i for i in range(0, len(parts), 2) if not NUMBER.fullmatch(parts[i])]
    whole = list(parts)
    # No letter is narrower than this, so that a longer cut need not be measured.
    most = max(int(width / (NARROWEST * size)) + 1, LEAST_LETTERS)
    if len(parts) > most:
        return _leave_out(parts[:most], fits)
    keep = {i: min(len(parts[i]), most) for i in names}
    parts = [
        _cut(part, keep[i]) if keep.get(i, len(part)) < len(part) else part
        for i, part in enumerate(parts)
    ]
    while not fits(parts):
        longest = max(names, key=lambda i: (keep[i], -i), default=0)
        if keep.get(longest, 0) <= LEAST_LETTERS:
            return _leave_out(parts, fits)
        keep[longest] -= 1
        parts[longest] = _cut(whole[longest], keep[longest])
    return "".join(parts)


def _cut(text: str, keep: int) -> str:
    """Take so many letters from both ends."""
    head = (keep + 1) // 2
    return f"{text[:head]}…{text[len(text) - keep + head :]}"


def _leave_out(parts: list[str], fits: Callable[[Sequence[str]], bool]) -> str:
    """Leave out the last parts with the signs before them."""
    for end in range(len(parts) - 2, 0, -2):
        if fits([*parts[:end], " …"]):
            return "".join([*parts[:end], " …"])
    return "…"


def box_size(node: Node) -> tuple[float, float]:
    """Return width and height of a node's box, in pixels.

    Examples
    --------
    >>> box_size(Node("a", "a"))
    (56.0, 36.0)
    """
    badge = text_width(f"×{node.members}", LINE_SIZE) + BETWEEN if node.members > 1 else 0.0
    wanted = [text_width(node.title, TITLE_SIZE, bold=True) + badge]
    for line in node.lines:
        between = BETWEEN if line.name and line.text else 0.0
        wanted.append(text_width(line.name, LINE_SIZE) + between + text_width(line.text, LINE_SIZE))
    width = min(max(max(wanted) + 2 * PAD_X, LEAST_WIDTH), MOST_WIDTH)
    height = 2 * PAD_Y + TITLE_HEIGHT + LINE_HEIGHT * len(node.lines)
    pages = PAGES if node.members > 1 or node.kind == "block" else 0.0
    return round(width + pages, 1), round(height + pages, 1)
