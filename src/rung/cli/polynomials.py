"""Draw curves through a column from the shell: polynomials, and sums of ReLUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from rung.cli.arguments import CurveArguments

if TYPE_CHECKING:
    from rich.console import Console


def draw_polynomial_curves(arguments: CurveArguments) -> None:
    """Draw polynomials through two columns, and say how each scores on rows that it did not see."""
    from rung.workbench.lessons import draw_polynomials

    _, lines = draw_polynomials(
        arguments.out,
        points=(arguments.data, arguments.x_column, arguments.y_column),
        degrees=arguments.degrees,
        rows=arguments.rows,
        seed=arguments.seed,
        force=arguments.force,
    )
    for line in lines:
        typer.echo(line)
    typer.echo(f"\nthe picture is {arguments.out}")


def draw_relu_curves(arguments: CurveArguments, console: Console) -> None:
    """Draw sums of ReLUs through two columns, and list how far each is off."""
    from rung.cli.listings import show_numbers
    from rung.workbench import draw_curves

    numbers = draw_curves(
        arguments.out,
        points=(arguments.data, arguments.x_column, arguments.y_column),
        relus=arguments.relus,
        steps=arguments.steps,
        seed=arguments.seed,
        force=arguments.force,
    )
    show_numbers(numbers, console)
    typer.echo(f"\nthe picture is {arguments.out}")
