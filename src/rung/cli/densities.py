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
OF_TEXT = {
    "prompt": "",
    "length": SampleArguments.length,
    "temperature": SampleArguments.temperature,
    "top_k": None,
    "as_json": False,
}


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
        if arguments.out is not None:
            from rung.kinds.model_file import load

            load(arguments.model)  # what cannot be read says why
            raise UsageError(
                "--out is for rows that a density draws, and this model is none",
                "leave it out: texts are printed, and `>` writes them to a file",
            )
        return False
    from rung.workbench.densities import sample_rows
    from rung.workbench.verbs import check_table_output

    for name, usual in OF_TEXT.items():
        if getattr(arguments, name) != usual:
            option = f"--{name.replace('_', '-').removeprefix('as-')}"
            raise UsageError(
                f"{option} is for models of text, and this one draws rows", "leave it out"
            )
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
    from rung.workbench.densities import ask, density_of

    model = density_of(arguments.model)
    names = [column.name for column in model.columns]
    found = ask(model, known_cells(arguments.given or (), names))
    if arguments.as_json:
        from rung.cli.shown import escaped

        text = json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False)
        typer.echo(escaped(text))
        return
    for line in _lines(found):
        typer.echo(_clean(line))


def known_cells(typed: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """Return columns and values that were typed as COL=VALUE.

    Examples
    --------
    >>> known_cells(["class=QSO", "note=a=b"], ["class", "note"])
    {'class': 'QSO', 'note': 'a=b'}
    """
    from rung.kinds.density.given import split_cell

    found: dict[str, str] = {}
    for one in typed:
        name, value = split_cell(one, names)
        if name in found:
            raise UsageError(f"column {name!r} is given twice", "give it once")
        found[name] = value
    return found


def _lines(found: JSON) -> list[str]:
    from rung.kinds.density.asking import nats_text

    known = [_given(one) for one in found["given"]]
    lines = [f"given {', '.join(known)}" if known else "nothing given: of all rows"]
    lines += _cautions(found)
    for one in found["answers"]:
        moved = f" [moved by {nats_text(one['nats'])}]" if known else ""
        lines.append(f"  {one['column']}: {_said(one, has_given=bool(known))}{moved}")
    return lines


def _given(one: JSON) -> str:
    known = f"{one['column']} = {one['value']}"
    if one["rows"] is None:
        return known
    return f"{known} ({one['rows']:,} of {one['known_rows']:,} training rows)"


def _cautions(found: JSON) -> list[str]:
    """Say which cells no training row has, and how much more often cells stand together."""
    from rung.kinds.density.asking import LEAST_TIMES, times_text

    lines = []
    for one in found["given"]:
        if one["outside"]:
            low, high = (_shown(end) for end in one["outside"])
            lines.append(
                f"  {one['column']} lies outside the range of training, {low} to {high}: what "
                "follows is a guess"
            )
    if len(found["given"]) > 1:
        times = times_text(found["together"])
        hardly = ": they all but exclude each other" if found["together"] < LEAST_TIMES else ""
        lines.append(f"  these cells are {times} times as probable together as apart{hardly}")
    return lines


def _said(answer: JSON, *, has_given: bool) -> str:
    if "levels" not in answer:
        own, whole = (_range(answer, of) for of in ("", "_of_all"))
        beyond = answer["outside"]
        outside = f"; {beyond:.1%} outside the range of training" if beyond >= 0.01 else ""
        return own + outside + (f"; of all rows {whole}" if has_given else "")
    shown = answer["levels"][:MOST_LEVELS]
    parts = [_level(one, has_given=has_given) for one in shown]
    more = len(answer["levels"]) - len(shown)
    return ", ".join(parts) + (f" and {more} more" if more else "")


def _range(answer: JSON, of: str) -> str:
    """Write the middle and both ends; of dates that are far apart without the time of day."""
    cells = [answer[f"{name}{of}"] for name in ("middle", "low", "high")]
    if isinstance(cells[0], str):
        from datetime import datetime, timedelta

        apart = datetime.fromisoformat(cells[2]) - datetime.fromisoformat(cells[1])
        kept = 10 if apart > timedelta(days=9) else 16 if apart > timedelta(hours=1) else None
        cells = [cell[:kept] for cell in cells]
    middle, low, high = (_shown(cell) for cell in cells)
    return f"{middle} ({low} to {high})"


def _shown(cell: float | str) -> str:
    """Write a cell: whole numbers with all their digits, others with four, dates as they are.

    Examples
    --------
    >>> _shown(12345), _shown(123456.7), _shown("2024-05-31")
    ('12345', '123,457', '2024-05-31')
    """
    from rung.core.numbers import MINUS, number

    if isinstance(cell, str):
        return cell
    return str(cell).replace("-", MINUS) if isinstance(cell, int) else number(cell)


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
