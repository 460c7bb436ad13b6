"""Define what a section of the page is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rung.core.result import Result
from rung.report.wording import PageWords
from rung.typing import JSON, Untyped

LONGEST_WORD = 40


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A figure of the page for papers and slides, drawn on axes of matplotlib.

    Attributes
    ----------
    name : str
        Says what it is; a file name is made of it.
    title, says : str
        The figure in a few words, and in sentences for who cannot see it.
    draw : callable
        Draws on the axes that it is given.
    width, height : float
        In inches.
    """

    name: str
    title: str
    says: str
    draw: Callable[[Untyped], object]
    width: float = 6.4
    height: float = 4.0


def file_name(*words: str) -> str:
    """Return a name for a figure that every file system takes, made of these words.

    Examples
    --------
    >>> file_name("effect", "linear", "r [mag]/2"), file_name("effect", "../../etc")
    ('effect-linear-r_mag_2', 'effect-etc')
    """
    kept = [re.sub(r"[^A-Za-z0-9]+", "_", word).strip("_")[:LONGEST_WORD] for word in words]
    return "-".join(word or "other" for word in kept)


@dataclass(frozen=True, kw_only=True)
class Section:
    """One section of the page: one file of `rung.report.sections`, which calls it SECTION.

    Attributes
    ----------
    name : str
        Its key in `Result.sections`, and its anchor on the page: small letters, digits, `_`, `-`.
    title : str
        Its heading; `{units}` stands for what is counted, such as rows or lines.
    position : int
        Its place on the page, from top to bottom; the part of the page in which it lies follows
        from it (`rung.report.parts`), and rung's own stand at the hundreds.
    render : callable
        From its data and the result to HTML, everything in it escaped; without the heading.
    data : callable, optional
        From the result and its summary (`rung.report.summary`) to the data, None where there is
        nothing to show. By default the data are what `Result.sections` holds under its name.
    console : callable, optional
        From its data and the result to the text that the console shows below its title.
    words : callable, optional
        From what `Result.sections` holds under its name to the words of the whole page: for the
        section of a kind of data.
    phase : str, optional
        The phase of CRISP-DM that it belongs to; by default that of its part of the page.
    drawings : callable, optional
        From the result and its summary to every figure of the section, as `rung figures` writes it.
    terms : tuple of str
        Keys of the terms (`rung.report.terms`) that are explained under its heading.
    """

    name: str
    title: str
    position: int
    render: Callable[[Any, Result], str]
    data: Callable[[Result, JSON], Any] | None = None
    console: Callable[[Any, Result], str] | None = None
    words: Callable[[Any], PageWords] | None = None
    drawings: Callable[[Result, JSON], Sequence[Drawing]] | None = None
    phase: str = ""
    terms: tuple[str, ...] = ()

    def found(self, result: Result, summary: JSON) -> Any:
        """Return the data of this section; None where there is nothing to show."""
        return self.data(result, summary) if self.data else result.sections.get(self.name)
