"""Order the page: the answer first, then what a reader asks of it, in turn.

A section belongs to the part in which its position lies, so that a new file finds its place.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PagePart:
    """A part of the page: sections from the position `begins` up to the next part.

    Attributes
    ----------
    name : str
        Its anchor on the page.
    title : str
        What stands above its sections.
    begins : int
        The lowest position of its sections.
    phase : str
        The phase of CRISP-DM that its sections belong to, unless they say another; empty where it is none.
    """

    name: str
    title: str
    begins: int
    phase: str


PARTS = (
    PagePart("part-answer", "The answer", 0, "evaluation"),
    PagePart("part-before", "Before you believe it", 600, "data understanding"),
    PagePart("part-how", "How it works", 700, "modelling"),
    PagePart("part-fails", "Where it fails", 1400, "evaluation"),
    PagePart("part-trust", "How far to trust it", 1500, "evaluation"),
    PagePart("part-data", "The data", 1600, "data understanding"),
    PagePart("part-again", "How to reproduce and report it", 1700, "deployment"),
    PagePart("part-appendix", "Appendix", 1800, ""),
)


def part_of(position: int) -> PagePart:
    """Return the part in which a position lies.

    Examples
    --------
    >>> part_of(650).title
    'Before you believe it'
    """
    return [part for part in PARTS if part.begins <= max(position, 0)][-1]
