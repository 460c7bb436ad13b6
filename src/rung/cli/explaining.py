"""Offer the commands that explain: of a table, of a saved model, of two runs."""

from __future__ import annotations

import typer

from rung.cli.arguments import (
    CompareArguments,
    ExplainArguments,
    FiguresArguments,
    LookArguments,
    ScoreArguments,
    takes,
)
from rung.cli.examples import epilog
from rung.cli.explaining_images import explain_of_images, refuse_options_of_images
from rung.cli.printing import print_found
from rung.cli.words import reading
from rung.errors import UsageError


def add_commands(app: typer.Typer) -> None:
    """Add them to the commands of `rung`."""
    for command in (explain, score, figures, look, compare):
        app.command(epilog=epilog(command.__name__))(command)


@takes(ExplainArguments)
def explain(arguments: ExplainArguments) -> None:
    """Say what columns are worth to a saved model, and where it fails, on rows new to it.

    With --row it explains one row: what each column does, rows like it, what would change it; or
    one image: which parts matter, and what a network sees in it.
    """
    from rung.workbench.explaining_images import images_model

    of_images = images_model(arguments.model)
    if of_images is not None:
        explain_of_images(arguments, of_images)
        return
    refuse_options_of_images(arguments)
    if arguments.row is not None:
        _explain_row(arguments, arguments.row)
        return
    if arguments.change is not None:
        raise UsageError("--change is said of one row, and none is named", "add --row N")
    from rung.workbench.explaining import explain_file, explained_text

    found = explain_file(arguments.model, arguments.data, options=reading(arguments))
    print_found(found, explained_text(found), as_json=arguments.as_json)


def _explain_row(arguments: ExplainArguments, row: int) -> None:
    from rung.workbench.explaining_row import explain_file_row, row_text

    found = explain_file_row(
        arguments.model, arguments.data, row, change=arguments.change, options=reading(arguments)
    )
    print_found(found, row_text(found), as_json=arguments.as_json)


@takes(FiguresArguments)
def figures(arguments: FiguresArguments) -> None:
    """Write every figure of a run's page as PNG, SVG and PDF; nothing is trained."""
    from rung.workbench.figures import write_figures

    formats = [one.strip() for one in arguments.format.split(",") if one.strip()]
    for path in write_figures(arguments.run, arguments.out, formats=formats, force=arguments.force):
        typer.echo(path)


@takes(ScoreArguments)
def score(arguments: ScoreArguments) -> None:
    """Score a saved model on labelled rows: every metric with its interval, beside the promise."""
    from rung.cli.strict import refuse_differences, refuse_worse, show_differences
    from rung.workbench.scoring import score as find
    from rung.workbench.scoring import scored_text

    read = reading(arguments)
    found = find(
        arguments.model,
        arguments.data,
        groups=arguments.groups,
        weight=arguments.weight,
        positive=arguments.positive,
        options=read,
    )
    show_differences(found["findings"])
    print_found(found, scored_text(found), as_json=arguments.as_json)
    if arguments.strict:
        refuse_differences(found["findings"])
        refuse_worse(found)


@takes(LookArguments)
def look(arguments: LookArguments) -> None:
    """Look at a table before anything is trained: columns, target, gaps, what goes together."""
    from rung.workbench.looking import look_at

    found, text = look_at(
        arguments.data,
        arguments.target,
        options=reading(arguments),
        out=arguments.out,
        force=arguments.force,
    )
    print_found(found, text, as_json=arguments.as_json)


@takes(CompareArguments)
def compare(arguments: CompareArguments) -> None:
    """Compare two runs on the rows that both predicted: differences with intervals."""
    from rung.workbench.comparing import compare_runs, compared_text

    found = compare_runs(arguments.first, arguments.second)
    print_found(found, compared_text(found), as_json=arguments.as_json)
