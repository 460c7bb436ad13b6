"""Find the sections of the page: every file here that declares a SECTION is one.

Installed packages may add theirs (`rung.plugins`).
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from itertools import groupby

from rung import plugins
from rung.core.result import Result
from rung.report.parts import part_of
from rung.report.sections.section import Drawing, Section
from rung.report.terms import terms_of
from rung.report.wording import TABLE, PageWords
from rung.typing import JSON


@cache
def discover() -> tuple[Section, ...]:
    """Return every section, from the top of the page down."""
    modules = [
        importlib.import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
    ]
    sections = [module.SECTION for module in modules if hasattr(module, "SECTION")]
    own = [section.name for section in sections]
    added = [_guarded(one) for one in plugins.additions("SECTION", Section, own)]
    return tuple(sorted([*sections, *added], key=lambda section: (section.position, section.name)))


@dataclass(frozen=True)
class _Failure:
    """What kept the section of a plugin from being shown."""

    reason: str

    def __str__(self) -> str:
        return f"could not be shown: {self.reason}"


def _guarded(section: Section) -> Section:
    """Let a section of a plugin that fails say so instead."""
    render = plugins.guarded(section.render, lambda reason: escape(str(_Failure(reason))))
    console = plugins.guarded(section.console, _Failure) if section.console else None
    return replace(
        section,
        data=plugins.guarded(section.data, _Failure) if section.data else None,
        render=lambda data, result: (
            escape(str(data)) if _failed(data) else str(render(data, result))
        ),
        console=console
        and (lambda data, result: str(data if _failed(data) else console(data, result))),
        words=plugins.guarded(section.words, lambda reason: TABLE) if section.words else None,
    )


def _failed(data: object) -> bool:
    return isinstance(data, _Failure)


def words_of(result: Result) -> PageWords:
    """Return the words of the page: those of the section of what was read, if it has some."""
    brought = [
        section.words(result.sections[section.name])
        for section in discover()
        if section.words and section.name in result.sections
    ]
    return brought[0] if brought else TABLE


def rendered(result: Result, summary: JSON) -> list[JSON]:
    """Return the parts of the page, each with its sections that have something to show.

    Returns
    -------
    list of dict
        `name`, `title` and `phase` of a part, and its `sections`: `name`, `title`, `phase`, `terms` and
        `body` each.
    """
    terms = terms_of(summary)
    found = [(section, section.found(result, summary)) for section in discover()]
    shown = [(section, data) for section, data in found if data is not None]
    parts = groupby(shown, key=lambda one: part_of(one[0].position))
    return [
        {
            "name": part.name,
            "title": part.title,
            "phase": part.phase,
            "sections": [
                {
                    "name": section.name,
                    "title": section.title.replace("{units}", summary["words"]["units"]),
                    "phase": section.phase or part.phase,
                    "terms": [terms[key] for key in section.terms if key in terms],
                    "body": section.render(data, result),
                }
                for section, data in members
            ],
        }
        for part, members in parts
    ]


def drawings_of(result: Result, summary: JSON) -> list[Drawing]:
    """Return every figure of the page, in its order, for papers and slides."""
    return [
        drawing
        for section in discover()
        if section.drawings is not None
        for drawing in section.drawings(result, summary)
    ]


def console_texts(result: Result, summary: JSON) -> list[tuple[str, str]]:
    """Return title and text of every section that the console shows too."""
    found = [(one, one.found(result, summary)) for one in discover() if one.console]
    units = summary["words"]["units"]
    return [
        (section.title.replace("{units}", units), section.console(data, result))
        for section, data in found
        if data is not None and section.console
    ]
