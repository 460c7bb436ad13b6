"""Measure text and boxes without a font at hand: widths are those of a wide common sans serif."""

from __future__ import annotations

import unicodedata

from rung.graph.parts import Node

TITLE_SIZE, LINE_SIZE = 14.0, 12.0
TITLE_HEIGHT, LINE_HEIGHT = 20.0, 17.0
PAD_X, PAD_Y, BETWEEN = 11.0, 8.0, 10.0
LEAST_WIDTH, MOST_WIDTH = 56.0, 264.0
# Pages of a block lie behind each other by so much.
PAGES = 6.0
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
    """Cut a text in its middle until it needs no more than a width.

    Examples
    --------
    >>> fit("a very long name indeed", 10.0, 60.0)
    'a ver…deed'
    """
    if text_width(text, size, bold=bold) <= width:
        return text
    # No letter is narrower than this, so that a longer cut need not be measured.
    keep = min(len(text), int(width / (NARROWEST * size)) + 1)
    while keep > 2:
        keep -= 1
        head = (keep + 1) // 2
        cut = f"{text[:head]}…{text[len(text) - keep + head :]}"
        if text_width(cut, size, bold=bold) <= width:
            return cut
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
