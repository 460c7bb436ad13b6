"""Offer the commands of `rung`; the work is done by the workbench, imported when it is needed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rung.cli.arguments import (
    CHECK_OPTIONS,
    RUN_OPTIONS,
    CheckArguments,
    CurveArguments,
    DemoArguments,
    DescentArguments,
    ExportArguments,
    FitArguments,
    GraphArguments,
    InspectArguments,
    PredictArguments,
    SampleArguments,
    takes,
)
from rung.cli.asked import (
    default_folder,
    fit_options,
    refuse_idle_options,
    refuse_options_of_others,
)
from rung.cli.unlabelled import register
from rung.cli.words import named_numbers
from rung.version import __version__

if TYPE_CHECKING:
    from rich.console import Console


EXIT_CODES = (
    "Exit codes: 0 done; 1 a fault of rung itself; 2 an option is not accepted; 3 the data or a "
    "model file cannot be used; 4 disk, memory or an optional library is missing; 130 interrupted; "
    "143 terminated."
)

app = typer.Typer(
    name="rung",
    help="Climb from a straight line to a deep network, and stop where your data stops.",
    epilog=EXIT_CODES,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def top(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Climb from a straight line to a deep network, and stop where your data stops."""
    if version:
        typer.echo(f"rung {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit


@app.command(epilog=EXIT_CODES)
@takes(FitArguments, RUN_OPTIONS)
def fit(arguments: FitArguments, given: dict[str, Any]) -> None:
    """Climb the ladder on a table or a text: compare, choose, test once, write the run folder."""
    from rung.report.terminal import Progress, show, show_notes
    from rung.workbench import fit_to_folder

    options = fit_options(arguments.data, given)
    out = arguments.out or Path(default_folder(given.get("target") or Path(arguments.data).stem))
    try:
        with Progress(
            _console(stderr=True), quiet=arguments.quiet, says_question=not arguments.as_json
        ) as listener:
            run = fit_to_folder(
                arguments.data,
                options,
                out,
                force=arguments.force,
                resume=arguments.resume,
                listener=listener,
            )
    except KeyboardInterrupt as interrupt:
        for note in getattr(interrupt, "__notes__", ()):
            typer.echo(note, err=True)
        raise
    brief = arguments.quiet or arguments.as_json
    show_notes(run.result, _console(stderr=True), brief=brief, history=run.history)
    if arguments.as_json:
        _write_json((out / "results.json").read_text("utf-8"))
    elif arguments.quiet:
        typer.echo(_sentence(run.result))
    else:
        show(run.result, _console(), run.history)
        typer.echo(f"\nwritten to {out}")


@app.command(epilog=EXIT_CODES)
@takes(SampleArguments)
def sample(arguments: SampleArguments) -> None:
    """Let a model of text write; on a screen, what stands in its training text is marked."""
    from rung.cli.listings import samples_json, samples_text
    from rung.text.sampling import SampleOptions
    from rung.workbench import sample_file

    options = SampleOptions(arguments.n, arguments.length, arguments.temperature, arguments.top_k)
    found = sample_file(arguments.model, options, prompt=arguments.prompt, seed=arguments.seed)
    if arguments.as_json:
        _write_json(samples_json(found))
        return
    if sys.stdout.isatty():
        text = samples_text(found)
    else:  # a file or another program: what the model wrote, and nothing else
        text = "".join(f"{sample.text}\n" for sample in found)
    _write(text.encode("utf-8", "backslashreplace"))


@app.command(epilog=EXIT_CODES)
@takes(CheckArguments, CHECK_OPTIONS)
def check(arguments: CheckArguments, given: dict[str, Any]) -> None:
    """Say what is wrong with a table or a text before anything is trained on it."""
    from rung.cli.listings import findings_json
    from rung.report.terminal import show_findings, show_left_out

    findings = _findings(arguments.data, given)
    show_left_out(_console(stderr=True))
    if arguments.as_json:
        _write_json(findings_json(findings))
    else:
        show_findings(findings, _console())


def _findings(data: str, given: dict[str, Any]) -> Any:
    """Check a table, or a text where neither a target nor the file's looks say that it is one."""
    from rung.kinds.text.lines_or_stream import is_text_file

    if "reading" in given or ("target" not in given and is_text_file(data)):
        from rung.kinds.text.checks import check_text

        refuse_options_of_others(data, given, "text")
        refuse_idle_options(given)
        return check_text(data, reading=given.get("reading"), encoding=given.get("encoding"))
    from rung.workbench import check_table

    return check_table(data, **{"target": None, **given})


@app.command(epilog=EXIT_CODES)
@takes(PredictArguments)
def predict(arguments: PredictArguments) -> None:
    """Predict every row of a table with a saved model; of a text, what each character costs."""
    from rung.data import ReadOptions
    from rung.report.terminal import show_finding
    from rung.workbench import predict_file

    console = _console(stderr=True)
    read = ReadOptions(arguments.delimiter, arguments.header, arguments.encoding, arguments.decimal)
    text = predict_file(
        arguments.model,
        arguments.data,
        arguments.out,
        force=arguments.force,
        options=read,
        tell=lambda finding: show_finding(finding, console),
    )
    if arguments.out is None and text is not None:
        _write(text.encode("utf-8"))


@app.command(epilog=EXIT_CODES)
@takes(InspectArguments)
def inspect(arguments: InspectArguments) -> None:
    """Say what a model file holds, without running anything in it."""
    import json

    from rung.cli.listings import show_model
    from rung.workbench import inspect_model

    described = inspect_model(arguments.model)
    if arguments.as_json:
        text = json.dumps(described, indent=2, ensure_ascii=False, allow_nan=False)
        _write_json(f"{text}\n")
    else:
        show_model(described, _console())


@app.command(epilog=EXIT_CODES)
@takes(ExportArguments)
def export(arguments: ExportArguments) -> None:
    """Write a saved model in a format of other programs, or say why it has no such form."""
    from rung.workbench import export_file

    export_file(arguments.model, arguments.to, arguments.out, force=arguments.force)


@app.command(epilog=EXIT_CODES)
@takes(GraphArguments)
def graph(arguments: GraphArguments) -> None:
    """Draw how a number was computed: an expression with its derivatives, or a prediction.

    With --row SOURCE is a model and the row's prediction is drawn; without it SOURCE is an
    expression of numbers, names, + - * / **, parentheses, exp log tanh relu sigmoid sin cos abs
    max; write -- before one that begins with a minus. Nothing in it is run as a program.
    """
    from rung.cli.drawing import check_output, show_graph

    check_output(arguments.out, force=arguments.force)
    drawn = _row_graph(arguments) if arguments.row is not None else _expression_graph(arguments)
    if arguments.out is not None:
        drawn.write(arguments.out, force=arguments.force)
    if arguments.as_json:
        from rung.graph.picture import to_json

        _write_json(to_json(drawn))
        return
    show_graph(drawn, _console())
    if arguments.out is not None:
        typer.echo(f"\nwritten to {arguments.out}")


def _expression_graph(arguments: GraphArguments) -> Any:
    from rung.cli.drawing import refuse_model
    from rung.graph.values import expression_graph

    refuse_model(arguments.source, arguments.data)
    return expression_graph(arguments.source, named_numbers(arguments.values))


def _row_graph(arguments: GraphArguments) -> Any:
    from rung.cli.drawing import refuse_expression
    from rung.workbench import graph_row

    refuse_expression(arguments.source, arguments.values)
    assert arguments.row is not None
    return graph_row(
        arguments.source,
        arguments.row,
        data=arguments.data,
        delimiter=arguments.delimiter,
        header=arguments.header,
    )


@app.command(epilog=EXIT_CODES)
def families() -> None:
    """Print the ladder: every family, what it can do, and whether it is installed."""
    from rung.cli.listings import show_families
    from rung.report.terminal import show_left_out
    from rung.workbench import list_families

    show_families(list_families(), _console())
    show_left_out(_console(stderr=True))


@app.command(epilog=EXIT_CODES)
@takes(DemoArguments)
def demo(arguments: DemoArguments) -> None:
    """Climb the ladder on a real table that comes along: 442 patients with diabetes."""
    from rung.kinds.table.options import FitOptions
    from rung.report.terminal import Progress, show, show_notes
    from rung.workbench import fit_to_folder
    from rung.workbench.samples import diabetes

    # everybody opens the rows of this table, again and again: the ledger is for one's own
    options = FitOptions("progression", ledger=False)
    with Progress(_console(stderr=True)) as listener:
        run = fit_to_folder(
            diabetes(), options, arguments.out, force=arguments.force, listener=listener
        )
    show_notes(run.result, _console(stderr=True), history=run.history)
    show(run.result, _console(), run.history)
    typer.echo(f"\nthe report is {arguments.out / 'report.html'}")


@app.command(epilog=EXIT_CODES)
@takes(CurveArguments)
def curve(arguments: CurveArguments) -> None:
    """Fit sums of ReLUs to points by gradient descent, and draw them by number of ReLUs."""
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
    show_numbers(numbers, _console())
    typer.echo(f"\nthe picture is {arguments.out}")


@app.command(epilog=EXIT_CODES)
@takes(DescentArguments)
def descent(arguments: DescentArguments) -> None:
    """Descend with all rows a step and with few, and draw both: passes, steps, memory."""
    from rung.cli.listings import show_numbers
    from rung.workbench import draw_descents

    names = ("relus", "batch_rows", "passes", "learning_rate", "seed", "force")
    options = {name: getattr(arguments, name) for name in names}
    show_numbers(draw_descents(arguments.out, **options), _console())
    typer.echo(f"\nthe picture is {arguments.out}")


register(app, EXIT_CODES)


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, emoji=False)


def _sentence(result: Any) -> str:
    from rung.report.numbers import clean

    return clean(result.choice.sentence)


def _write_json(text: str) -> None:
    """Write JSON, letters that a terminal would obey or hide as escapes."""
    from rung.cli.shown import escaped

    _write(escaped(text).encode("utf-8", "backslashreplace"))


def _write(data: bytes) -> None:
    """Write bytes to standard output, as a pipe or a file shall get them."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
