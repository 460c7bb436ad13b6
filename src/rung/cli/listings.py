"""Print what a model file holds, and the ladder of families."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rung.core.family import Family
from rung.report.numbers import clean, shorten

LONGEST_VALUE = 300
EXTRAS = {"torch": "deep"}


def show_families(families: Sequence[Family], console: Console) -> None:
    """Print the ladder from simple to complex."""
    ladder = sorted(families, key=lambda family: family.step)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading, justify in (("Step", "right"), ("Name", "left"), ("Family", "left")):
        table.add_column(heading, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    table.add_column("Tasks")
    table.add_column("Installed")
    for family in ladder:
        table.add_row(
            str(family.step),
            Text(family.name),
            Text(family.title),
            Text(", ".join(family.tasks)),
            Text(installed(family.needs)),
        )
    console.print(table)
    console.print()
    for family in ladder:
        sources = "; ".join(family.sources)
        console.print(Text.assemble((family.name, "bold"), f"  {sources}"))


def installed(needs: Sequence[str]) -> str:
    """Say `yes`, or the command that adds what a family needs.

    Examples
    --------
    >>> installed(("json",))
    'yes'
    >>> installed(("no_such_library",))
    'pip install no_such_library'
    """
    absent = [name for name in needs if find_spec(name) is None]
    if not absent:
        return "yes"
    extras = sorted({EXTRAS[name] for name in absent if name in EXTRAS})
    plain = [name for name in absent if name not in EXTRAS]
    return "pip install " + " ".join([*plain, *(f"'rung[{extra}]'" for extra in extras)])


def show_model(described: Mapping[str, Any], console: Console) -> None:
    """Print the description of a model file, one line a fact."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in described.items():
        table.add_row(
            Text(clean(name).replace("_", " ")), Text(shorten(_plain(value), LONGEST_VALUE))
        )
    console.print(table)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{clean(key)} {_plain(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(item) for item in value)
    return clean(value)
