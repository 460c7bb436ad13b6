"""Offer the commands of `rung`; the work is done by the workbench, imported when it is needed."""

from __future__ import annotations

import sys
from dataclasses import replace
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
    refuse_swapped,
)
from rung.cli.checking import checked
from rung.cli.densities import has_drawn_rows, register_densities
from rung.cli.examples import EXIT_CODES, epilog
from rung.cli.explaining import add_commands
from rung.cli.stopping import wants_partial
from rung.cli.unlabelled import register
from rung.cli.words import reading
from rung.errors import UsageError
from rung.version import __version__

if TYPE_CHECKING:
    from rich.console import Console


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
    version: Annotated[bool, typer.Option("--version", "-V", help="Print the version.")] = False,
) -> None:
    """Climb from a straight line to a deep network, and stop where your data stops."""
    if version:
        typer.echo(f"rung {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit


@app.command(epilog=epilog("fit"))
@takes(FitArguments, RUN_OPTIONS)
def fit(arguments: FitArguments, given: dict[str, Any]) -> None:
    """Climb the ladder on a table or a text: compare, choose, test once, write the run folder.

    Families are compared by cross-validation; the choice (selected model) is tested once on rows
    that were sealed before (held-out test set).
    """
    from rung.report.terminal import show, show_notes

    options = fit_options(arguments.data, given)
    out = arguments.out or Path(default_folder(given.get("target") or Path(arguments.data).stem))
    try:
        run = _run(arguments, options, out, partial=arguments.partial)
    except KeyboardInterrupt as interrupt:
        notes = getattr(interrupt, "__notes__", ())
        for note in notes:
            typer.echo(note, err=True)
        if not notes or arguments.partial or not wants_partial():
            raise
        run = _run(arguments, options, out, partial=True)
    brief = arguments.quiet or arguments.as_json
    show_notes(run.result, _console(stderr=True), brief=brief, history=run.history)
    if arguments.as_json:
        _write_json((out / "results.json").read_text("utf-8"))
    elif arguments.quiet:
        typer.echo(_sentence(run.result))
    else:
        show(run.result, _console(), run.history)
        typer.echo(f"\nwritten to {out}")
        _say_time(run, is_quick="quick" in given)


def _say_time(run: Any, *, is_quick: bool) -> None:
    """Say on standard error what took how long, and what the whole ladder takes."""
    from rung.report.standing import time_line, whole_ladder_line

    console = _console(stderr=True)
    console.print(time_line(run.result, run.timings), markup=False)
    if is_quick:
        console.print(whole_ladder_line(run.result, run.timings), markup=False)


def _run(arguments: FitArguments, options: Any, out: Path, *, partial: bool) -> Any:
    """Climb and write the folder; what goes on is said on standard error."""
    from rung.report.terminal import Progress

    with Progress(
        _console(stderr=True), quiet=arguments.quiet, says_question=not arguments.as_json
    ) as listener:
        if partial:
            from rung.workbench import fit_partial

            return fit_partial(arguments.data, options, out, listener=listener)
        from rung.workbench import fit_to_folder

        return fit_to_folder(
            arguments.data,
            options,
            out,
            force=arguments.force,
            resume=arguments.resume,
            listener=listener,
        )


@app.command(epilog=epilog("sample"))
@takes(SampleArguments)
def sample(arguments: SampleArguments) -> None:
    """Let a model of text write, what is copied marked on a screen; or draw rows of a table."""
    if has_drawn_rows(arguments):
        return
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


@app.command(epilog=epilog("check"))
@takes(CheckArguments, CHECK_OPTIONS)
def check(arguments: CheckArguments, given: dict[str, Any]) -> None:
    """Say what is wrong with a table, a text or images before anything is trained on it."""
    from rung.cli.listings import checks_json, findings_json, show_checks
    from rung.report.terminal import show_findings, show_left_out

    if arguments.lists:
        from rung.workbench import list_checks

        checks = list_checks()
        if arguments.as_json:
            _write_json(checks_json(checks))
        else:
            show_checks(checks, _console())
        return
    if not arguments.data:
        raise UsageError("missing argument 'DATA'", "rung check --list prints what is looked for")
    findings = checked(arguments.data, given)
    show_left_out(_console(stderr=True))
    if arguments.as_json:
        _write_json(findings_json(findings))
    else:
        show_findings(findings, _console())


@app.command(epilog=epilog("predict"))
@takes(PredictArguments)
def predict(arguments: PredictArguments) -> None:
    """Predict every row of a table with a saved model; of a text, what each character costs."""
    from rung.report.terminal import show_finding
    from rung.workbench import predict_file

    refuse_swapped(arguments.model, arguments.data)
    console = _console(stderr=True)
    if arguments.strict:
        from rung.cli.strict import refuse_different

        refuse_different(arguments.model, arguments.data, reading(arguments), console)
    text = predict_file(
        arguments.model,
        arguments.data,
        arguments.out,
        force=arguments.force,
        options=replace(reading(arguments), keep=arguments.keep or ()),
        tell=lambda finding: show_finding(finding, console),
    )
    if arguments.out is None and text is not None:
        _write(text.encode("utf-8"))


add_commands(app)


@app.command(epilog=epilog("inspect"))
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


@app.command(epilog=epilog("export"))
@takes(ExportArguments)
def export(arguments: ExportArguments) -> None:
    """Write a saved model in a format of other programs, or say why it has no such form."""
    from rung.workbench import export_file

    export_file(arguments.model, arguments.to, arguments.out, force=arguments.force)


@app.command(epilog=epilog("graph"))
@takes(GraphArguments)
def graph(arguments: GraphArguments) -> None:
    """Draw how a number was computed: an expression with its derivatives, or a prediction.

    With --row SOURCE is a model and the row's prediction is drawn, of a density without it the tree
    of columns; else it is an expression of numbers, names, + - * / **, parentheses, exp log tanh
    relu sigmoid sin cos abs max; write -- before one that begins with a minus. Nothing in it is run as a program.
    """
    from rung.cli.drawing import check_output, expression_of, row_of, show_graph

    check_output(arguments.out, force=arguments.force)
    drawn = row_of(arguments) if arguments.row is not None else expression_of(arguments)
    if arguments.out is not None:
        drawn.write(arguments.out, force=arguments.force)
    if arguments.as_json:
        from rung.graph.picture import to_json

        _write_json(to_json(drawn))
        return
    show_graph(drawn, _console())
    if arguments.out is not None:
        typer.echo(f"\nwritten to {arguments.out}")


@app.command("help", epilog=epilog("help"))
def help_(
    context: typer.Context,
    verb: Annotated[str | None, typer.Argument(help="A command.", metavar="VERB")] = None,
) -> None:
    """Explain a command, as `rung VERB --help` does."""
    from rung.errors import UsageError, suggest

    assert context.parent is not None
    if verb is None:
        typer.echo(context.parent.get_help())
        return
    commands = getattr(context.parent.command, "commands", {})
    if verb not in commands:
        near = suggest(verb, sorted(commands))
        raise UsageError(
            f"no command {verb!r}; the commands are {', '.join(sorted(commands))}",
            f"did you mean `rung help {near}`?" if near else "",
        )
    with typer.Context(commands[verb], info_name=verb, parent=context.parent) as asked:
        typer.echo(commands[verb].get_help(asked))


@app.command(epilog=epilog("families"))
def families() -> None:
    """Print the ladder: every family, what it can do, and whether it is installed."""
    from rung.cli.listings import show_families
    from rung.report.terminal import show_left_out
    from rung.workbench import list_families

    show_families(list_families(), _console())
    show_left_out(_console(stderr=True))


@app.command(epilog=epilog("demo"))
@takes(DemoArguments)
def demo(arguments: DemoArguments) -> None:
    """Climb the ladder on a real table that comes along: 442 patients with diabetes."""
    from rung.kinds.table.options import FitOptions
    from rung.report.terminal import Progress, show, show_notes
    from rung.workbench import fit_to_folder
    from rung.workbench.samples import diabetes, write_diabetes

    if arguments.write_table is not None:
        write_diabetes(arguments.write_table, force=arguments.force)
        return
    # everybody opens the rows of this table, again and again: the ledger is for one's own
    options = FitOptions(
        "progression", ledger=False, seed=arguments.seed, threads=arguments.threads
    )
    with Progress(_console(stderr=True)) as listener:
        run = fit_to_folder(
            diabetes(), options, arguments.out, force=arguments.force, listener=listener
        )
    show_notes(run.result, _console(stderr=True), history=run.history)
    show(run.result, _console(), run.history)
    typer.echo(f"\nthe report is {arguments.out / 'report.html'}")


@app.command(epilog=epilog("curve"))
@takes(CurveArguments)
def curve(arguments: CurveArguments) -> None:
    """Fit sums of ReLUs to points by gradient descent, and draw them by number of ReLUs.

    With --polynomial it draws polynomials instead: a line, a curve, and one that bends too far, with
    their scores on rows that they learned from and on rows that they did not.
    """
    from rung.cli.polynomials import draw_polynomial_curves, draw_relu_curves

    if arguments.polynomial:
        draw_polynomial_curves(arguments)
    else:
        draw_relu_curves(arguments, _console())


@app.command(epilog=epilog("descent"))
@takes(DescentArguments)
def descent(arguments: DescentArguments) -> None:
    """Descend with all rows a step and with few, and draw both: passes, steps, memory."""
    from rung.cli.listings import show_numbers
    from rung.workbench import draw_descents

    names = ("relus", "batch_rows", "passes", "learning_rate", "seed", "force")
    options = {name: getattr(arguments, name) for name in names}
    show_numbers(draw_descents(arguments.out, **options), _console())
    typer.echo(f"\nthe picture is {arguments.out}")


register(app)
register_densities(app)


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    from rung.cli.lines import Trimmed, is_watched, line_width

    stream = sys.stderr if stderr else sys.stdout
    if is_watched(stream):
        return Console(stderr=stderr, highlight=False, emoji=False)
    # another program reads: a sentence is a line, whatever its length
    lines: Any = Trimmed(stream)
    return Console(file=lines, width=line_width(), highlight=False, emoji=False)


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
