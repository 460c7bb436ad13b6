"""Print graphs as tables, and tell models from expressions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rung.cli.arguments import GraphArguments
from rung.cli.words import named_numbers, reading
from rung.errors import UsageError
from rung.graph.numbers import number
from rung.graph.picture import SUFFIXES, Graph
from rung.report.numbers import clean, shorten

LONGEST_CELL = 60
# Of numbers, in narrow tables and in those of more than MANY columns.
DIGITS, FEW_DIGITS, MANY = 7, 4, 6


def show_graph(graph: Graph, console: Console) -> None:
    """Print one line a node, with all that is known of it."""
    rows = graph.table()
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in names:
        is_text = any(isinstance(row.get(name), str) for row in rows)
        table.add_column(clean(name), justify="left" if is_text else "right", overflow="fold")
    digits = DIGITS if len(names) <= MANY else FEW_DIGITS
    for row in rows:
        table.add_row(*(Text(_cell(row.get(name, ""), digits)) for name in names))
    console.print(Text(clean(graph.title), style="bold"))
    for note in graph.notes:
        console.print(Text(clean(note)))
    console.print()
    console.print(table)


def _cell(value: Any, digits: int) -> str:
    if isinstance(value, str):
        return clean(value)  # whole: what is left of a list that is cut may say something else
    return number(float(value), digits)


def check_output(out: Path | None, *, force: bool) -> None:
    """Refuse a picture that could not be written, before anything is computed."""
    if out is None:
        return
    if out.suffix not in SUFFIXES:
        raise UsageError(
            f"output {out.name!r} ends in {out.suffix!r}; {', '.join(SUFFIXES)} are known",
            "rename the output",
        )
    if out.exists() and not force:
        raise UsageError(f"output {str(out)!r} exists", "use --force to replace it")


def refuse_model(source: str, data: str | None) -> None:
    """Ask for a row where SOURCE can only be a model."""
    if data is not None or source.endswith(".rung") or _exists(source):
        raise UsageError(
            f"{shorten(source, LONGEST_CELL)!r} would be a model, and no row of it is asked for",
            "add --row 1 --data table.csv; an expression needs neither and is no file's name",
        )


def refuse_expression(source: str, values: Sequence[str] | None) -> None:
    """Refuse values for names beside a row of a model."""
    if values:
        raise UsageError(
            f"with --row, {shorten(source, LONGEST_CELL)!r} is a model, which takes no {values[0]!r}",
            "leave the values out, or leave out --row to draw an expression",
        )


def _exists(source: str) -> bool:
    """Tell whether a word names a file; an expression may be too long for a name."""
    try:
        return Path(source).exists()
    except OSError:
        return False


def expression_of(arguments: GraphArguments) -> Graph:
    """Return the graph of an expression that was typed."""
    from rung.graph.values import expression_graph

    if arguments.data is None and not arguments.values and _exists(arguments.source):
        from rung.cli.densities import is_density
        from rung.workbench.densities import graph_tree

        if is_density(arguments.source):
            drawn = graph_tree(arguments.source)
            assert drawn is not None
            return drawn
    refuse_model(arguments.source, arguments.data)
    return expression_graph(arguments.source, named_numbers(arguments.values))


def row_of(arguments: GraphArguments) -> Graph:
    """Return the graph of a row's prediction."""
    from rung.workbench import graph_row

    refuse_expression(arguments.source, arguments.values)
    assert arguments.row is not None
    of_images = _images_model(arguments.source)
    if of_images is not None:
        from rung.workbench.explaining_images import graph_one_image

        return graph_one_image(of_images, arguments.data, arguments.row)
    return graph_row(
        arguments.source,
        arguments.row,
        data=arguments.data,
        options=reading(arguments),
    )


def _images_model(source: str) -> Any:
    """Return the model of a file if it is one of images; nothing where there is no file."""
    from rung.workbench.explaining_images import images_model

    return images_model(source) if _exists(source) else None
