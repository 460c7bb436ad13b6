"""Offer what a saved density can be asked: rows, and conditionals."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from rung.cli.arguments import SampleArguments, argument, option_of, switch_of, takes
from rung.cli.examples import epilog
from rung.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rung.typing import JSON

MOST_LEVELS = 5


@dataclass(frozen=True, kw_only=True)
class AskArguments:
    """What `rung ask` takes."""

    model: str = argument(
        "A model.rung file of a table without a target, or its run folder.", "MODEL"
    )
    given: list[str] | None = option_of(
        list[str], "A cell that is known; may be repeated.", None, metavar="COL=VALUE"
    )
    as_json: bool = switch_of("Print JSON and nothing else.", flag="--json")
    debug: bool = switch_of("Show the trace of an error.")


def is_density(model: str) -> bool:
    """Tell whether a file holds a density; one that cannot be read is left to who reads it."""
    from rung.errors import RungError
    from rung.kinds.density.model import FittedDensity
    from rung.kinds.model_file import load

    try:
        return isinstance(load(model), FittedDensity)
    except RungError:
        return False


def has_drawn_rows(arguments: SampleArguments) -> bool:
    """Draw rows, to a file or as CSV, where the model is a density; else do nothing."""
    if not is_density(arguments.model):
        return False
    from rung.workbench.densities import sample_rows
    from rung.workbench.verbs import check_table_output

    if arguments.prompt:
        raise UsageError("--prompt is for models of text, and this one draws rows", "leave it out")
    if arguments.out is not None:
        check_table_output(arguments.out, arguments.force)
    text, notes = sample_rows(arguments.model, arguments.n, seed=arguments.seed, out=arguments.out)
    for note in notes:
        typer.echo(_clean(note), err=True)
    if text is not None:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8"))
    return True


@takes(AskArguments)
def ask(arguments: AskArguments) -> None:
    """Say what is likely in other columns where some are known."""
    from rung.workbench.densities import ask_density

    found = ask_density(arguments.model, known_cells(arguments.given or ()))
    if arguments.as_json:
        from rung.cli.shown import escaped

        text = json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False)
        typer.echo(escaped(text))
        return
    for line in _lines(found):
        typer.echo(_clean(line))


def known_cells(typed: Sequence[str]) -> dict[str, str]:
    """Return columns and values that were typed as COL=VALUE.

    Examples
    --------
    >>> known_cells(["class=QSO", "note=a=b"])
    {'class': 'QSO', 'note': 'a=b'}
    """
    found: dict[str, str] = {}
    for one in typed:
        name, mark, value = one.partition("=")
        if not (name and mark and value):
            raise UsageError(f"--given {one!r} is no COL=VALUE", "write it as --given class=QSO")
        if name in found:
            raise UsageError(f"column {name!r} is given twice", "give it once")
        found[name] = value
    return found


def _lines(found: JSON) -> list[str]:
    from rung.kinds.density.asking import nats_text

    known = [
        f"{one['column']} = {one['value']}"
        + (
            f" ({one['rows']:,} of {one['known_rows']:,} training rows)"
            if one["rows"] is not None
            else ""
        )
        for one in found["given"]
    ]
    lines = [f"given {', '.join(known)}" if known else "nothing given: of all rows"]
    for one in found["answers"]:
        moved = f" [moved by {nats_text(one['nats'])}]" if known else ""
        lines.append(f"  {one['column']}: {_said(one, has_given=bool(known))}{moved}")
    return lines


def _said(answer: JSON, *, has_given: bool) -> str:
    if "levels" not in answer:
        own = f"{answer['middle']:.4g} ({answer['low']:.4g} to {answer['high']:.4g})"
        low, high = answer["low_of_all"], answer["high_of_all"]
        whole = f"; of all rows {answer['middle_of_all']:.4g} ({low:.4g} to {high:.4g})"
        beyond = answer["outside"]
        outside = f"; {beyond:.1%} outside the range of training" if beyond >= 0.01 else ""
        return own + outside + (whole if has_given else "")
    shown = answer["levels"][:MOST_LEVELS]
    parts = [_level(one, has_given=has_given) for one in shown]
    more = len(answer["levels"]) - len(shown)
    return ", ".join(parts) + (f" and {more} more" if more else "")


def _level(one: JSON, *, has_given: bool) -> str:
    beside = f"{one['of_all']:.1%} of all rows" if has_given else ""
    rows = f"{one['rows']:,} rows" if one["rows"] is not None else ""
    inside = "; ".join(part for part in (beside, rows) if part)
    return f"{one['level']} {one['probability']:.1%}" + (f" ({inside})" if inside else "")


def _clean(line: str) -> str:
    from rung.report.numbers import clean

    return clean(line)


def register_densities(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command(epilog=epilog("ask"))(ask)
