"""Count what was found, and lay it out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.mutants.making import Mutant

PAGE = """# Do the tests see a fault of one line?

Each module is changed by one small fault at a time (a comparison moved or turned round, another sign, `and` for
`or`, `True` for `False`, a number one more or a tenth less, `min` for `max`, a statement left out, `None`
returned), and the tests beside it (`tests/` mirrors `src/rung/`) run until the first fails. A fault that passes
them all *survives*. Texts, annotations, decorators and assertions are not changed.

`make mutants` does it for all modules below; `python -m benchmarks.mutants core/seal --sample 0` for every
mutant of one module, with the survivors printed; `--write` writes this page. One process imports numpy, scipy,
pytest and hypothesis and forks a child for each mutant, in which the changed module is imported instead of the
file, so that a mutant costs no more than its tests: about half a second. A child that takes five times as long as the
unchanged module (twenty seconds at least) hangs, and counts as killed. Of more than 80 mutants a module 80 are
drawn, with a fixed seed.

Tests in other folders, and those that start another Python, do not see the change; they would find more.

| module | mutants | tried | killed | equivalent | survived | killed of those that could be |
|---|---|---|---|---|---|---|
{rows}

## Equivalent mutants

Changes that alter nothing that anyone could see, each with the reason (`equivalent.json`); they are not counted.

{equivalent}

## Survivors

{survivors}
"""


def summary(
    made: Sequence[Mutant],
    tried: Sequence[Mutant],
    left: Sequence[Mutant],
    known: Sequence[dict[str, str]],
) -> dict[str, Any]:
    """Return counts and survivors, JSON-ready; `known` are the mutants listed as equivalent."""
    listed = {(one["function"], one["text"], one["change"]) for one in known}
    passed = {mutant.name for mutant in left}
    gone = listed - ({mutant.name for mutant in made} - ({m.name for m in tried} - passed))
    real = [mutant for mutant in left if mutant.name not in listed]
    return {
        "mutants": len(made),
        "tried": len(tried),
        "killed": len(tried) - len(left),
        "equivalent": len(left) - len(real),
        "survivors": [_plain(mutant) for mutant in real],
        "no longer equivalent": [
            dict(zip(("function", "text", "change"), name, strict=True)) for name in sorted(gone)
        ],
    }


def _plain(mutant: Mutant) -> dict[str, Any]:
    return {
        "line": mutant.line,
        "function": mutant.function,
        "text": mutant.text,
        "change": mutant.change,
    }


def share(found: dict[str, Any]) -> float:
    """Return the share killed of the mutants that could be."""
    could = found["tried"] - found["equivalent"]
    return found["killed"] / could if could else 1.0


def row(name: str, found: dict[str, Any]) -> str:
    """Return a module's line of the table."""
    numbers = [found[key] for key in ("mutants", "tried", "killed", "equivalent")]
    cells = [name, *numbers, len(found["survivors"]), f"{share(found):.0%}"]
    return "| " + " | ".join(map(str, cells)) + " |"


def readme(results: dict[str, Any], known: dict[str, list[dict[str, str]]]) -> str:
    """Return the page."""
    rows = "\n".join(row(name, found) for name, found in results.items())
    equivalent = [
        f"- {name}, `{one['text']}`: {one['change']}. {one['reason']}"
        for name, listed in sorted(known.items())
        for one in listed
    ]
    survivors = [
        f"- {name}, `{one['text']}`: {one['change']}"
        for name, found in results.items()
        for one in found["survivors"]
    ]
    return PAGE.format(
        rows=rows,
        equivalent="\n".join(equivalent) or "None.",
        survivors="\n".join(survivors) or "None.",
    )
