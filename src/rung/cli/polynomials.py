"""Draw polynomials of a column from the shell."""

from __future__ import annotations

import typer

from rung.cli.arguments import CurveArguments


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
