"""Show how the run is repeated: the command, the fingerprints, the versions."""

from __future__ import annotations

from rung.core.result import Result
from rung.report.command import quoted
from rung.report.filling import fill
from rung.report.numbers import clean
from rung.report.sections.section import Section
from rung.typing import JSON


def reproduce_data(result: Result, summary: JSON) -> JSON:
    """Return what a person needs to repeat the run."""
    return {
        "command": [quoted(word) for word in result.command.words],
        "from_python": {name: clean(text) for name, text in result.command.from_python.items()},
        "seed": result.seed,
        "versions": {clean(key): clean(text) for key, text in sorted(result.versions.items())},
        "machine": {clean(key): clean(text) for key, text in sorted(result.machine.items())},
        "fingerprint": result.dataset.fingerprint,
        "folds": result.folds.fingerprint,
        "division": summary["words"]["division"],
    }


def render(data: JSON, result: Result) -> str:
    """Return the command line and what it depends on."""
    return fill("reproduce.html.j2", again=data, division=data["division"])


SECTION = Section(
    name="reproduce",
    title="The command, the data, the versions",
    position=1700,
    data=reproduce_data,
    render=render,
    terms=("fingerprint",),
)
