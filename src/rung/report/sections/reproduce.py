"""Show how the run is repeated: the command, the fingerprints, the versions."""

from __future__ import annotations

from rung.core.result import Result
from rung.report.command import families_from_python, fit_command
from rung.report.filling import fill
from rung.report.numbers import clean
from rung.report.sections.section import Section
from rung.typing import JSON


def reproduce_data(result: Result, summary: JSON) -> JSON:
    """Return what a person needs to repeat the run."""
    folds = result.options.get("folds")
    return {
        "command": fit_command(result),
        "families_from_python": clean(", ".join(families_from_python(result))),
        "folds_from_python": clean(folds) if isinstance(folds, str) else "",
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
    name="reproduce", title="How to reproduce", position=800, data=reproduce_data, render=render
)
