"""Declare what every command takes; the options of a run come from the kinds of data."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from rung.kinds.declaration import (
    COLUMNS,
    OUTPUT,
    PANELS,
    Option,
    OptionValue,
    declare,
    declared,
    held,
)
from rung.kinds.options import every_option
from rung.kinds.values import plain, switch, whole

Arguments = TypeVar("Arguments")
LARGEST_ROW = 2**62
RUN_OPTIONS = every_option()
CHECK_OPTIONS = tuple(option for option in RUN_OPTIONS if option.checked)


def argument(text: str, metavar: str, default: Any = ..., shell: Any = str) -> Any:
    """Declare what stands on the command line without a flag."""
    value = plain(shell)
    return declare(default, value, text, metavar=metavar, is_argument=True)


def option_of(shell: Any, text: str, default: Any = ..., panel: str = "", metavar: str = "") -> Any:
    """Declare an option of a command."""
    value = shell if isinstance(shell, OptionValue) else plain(shell)
    return declare(default, value, text, panel=panel, metavar=metavar or None)


def switch_of(text: str, panel: str = "", flag: str = "") -> Any:
    """Declare an option that is given or not."""
    return declare(False, switch(), text, flag=flag, panel=panel)


def of_run(name: str) -> Any:
    """Take an option of a run along, as its kind declares it."""
    (option,) = (one for one in RUN_OPTIONS if one.name == name)
    return held(None, option)


@dataclass(frozen=True, kw_only=True)
class FitArguments:
    """What `rung fit` takes beside the options of a run."""

    data: str = argument("Table: CSV, TSV, Parquet or Arrow; or a text.", "DATA")
    out: Path | None = option_of(
        Path, "Folder to write; rung-run-TARGET if not given.", None, OUTPUT, "DIR"
    )
    force: bool = switch_of("Replace an existing folder.", OUTPUT)
    resume: bool = declare(
        False,
        switch(),
        "Go on with a run that was killed, interrupted or stopped by a full disk.",
        more="What is finished is not done again, and the files are the same to the byte. "
        "Until a run is whole it keeps at most 512 MB for this (`journal.rung` and files "
        "beside it); what would pass that is done again.",
        panel=OUTPUT,
    )
    partial: bool = declare(
        False,
        switch(),
        "Take the families that a stopped run has scored: a report and a model, nothing trained.",
        more="The sealed rows stay closed, and the run can still be resumed.",
        panel=OUTPUT,
    )
    as_json: bool = switch_of("Print results.json and nothing else.", OUTPUT, "--json")
    quiet: bool = switch_of("Print the verdict sentence only.", OUTPUT)
    debug: bool = switch_of("Show the trace of an error.", OUTPUT)


@dataclass(frozen=True, kw_only=True)
class CheckArguments:
    """What `rung check` takes beside options of `rung fit`, which seal the same rows."""

    data: str = argument("Table: CSV, TSV, Parquet or Arrow; a text; or images.", "DATA", "")
    lists: bool = switch_of("Print every check, its source and remedy, and end.", flag="--list")
    as_json: bool = switch_of("Print the findings as JSON and nothing else.", OUTPUT, "--json")
    debug: bool = switch_of("Show the trace of an error.", OUTPUT)


@dataclass(frozen=True, kw_only=True)
class ReadingArguments:
    """How a table shall be read, on every verb that reads one; as a run declares it."""

    decimal: str | None = of_run("decimal")
    delimiter: str | None = of_run("delimiter")
    encoding: str | None = of_run("encoding")
    header: bool | None = of_run("header")
    table: str | None = of_run("table")
    skip_lines: int | None = of_run("skip_lines")
    comment: str | None = of_run("comment")
    variables: tuple[str, ...] | None = of_run("variables")
    where: str | None = of_run("where")
    derive: tuple[str, ...] | None = of_run("derive")


@dataclass(frozen=True, kw_only=True)
class PredictArguments(ReadingArguments):
    """What `rung predict` takes."""

    model: str = argument("A model.rung file.", "MODEL")
    data: str = argument("Table with the model's columns; or a text.", "DATA")
    keep: tuple[str, ...] | None = of_run("keep")
    out: Path | None = option_of(
        Path, "File to write: .csv, .parquet or .arrow; else CSV is printed.", None
    )
    strict: bool = switch_of("End with exit code 3 if rows differ from those of training.")
    force: bool = switch_of("Replace what is there.")
    debug: bool = switch_of("Show the trace of an error.")


@dataclass(frozen=True, kw_only=True)
class ExplainArguments(ReadingArguments):
    """What `rung explain` takes."""

    model: str = argument("A model.rung file, or a run folder.", "MODEL")
    data: str = argument("Rows with the model's columns and its target, new to the model.", "DATA")
    row: int | None = option_of(
        int, "Explain this row, counted from 1, against the others.", None, metavar="N"
    )
    change: float | None = option_of(
        float, "With --row: change of the prediction that counts (its RMSE).", None
    )
    labels: str | None = of_run("labels")
    out: Path | None = option_of(
        Path, "With --row and a model of images: page to write, .html.", None
    )
    force: bool = switch_of("Replace what is there.")
    as_json: bool = switch_of("Print JSON.", flag="--json")
    debug: bool = switch_of("Show the trace of an error.")


@dataclass(frozen=True, kw_only=True)
class ScoreArguments(ReadingArguments):
    """What `rung score` takes."""

    model: str = argument("A model.rung file, or a run folder.", "MODEL")
    data: str = argument("Rows with the model's columns and its target.", "DATA")
    groups: str | None = option_of(
        str, "Rows of one group count as one observation.", None, metavar="COL"
    )
    weight: str | None = option_of(
        str, "Column of weights; the one of training if not given.", None, metavar="COL"
    )
    positive: str | None = option_of(
        str,
        "The positive one of two classes; that of training if not given.",
        None,
        metavar="CLASS",
    )
    strict: bool = switch_of("End with exit code 3 if the score is worse, or rows differ.")
    as_json: bool = switch_of("Print JSON.", flag="--json")
    debug: bool = switch_of("Show the trace of an error.")


@dataclass(frozen=True, kw_only=True)
class LookArguments(ReadingArguments):
    """What `rung look` takes."""

    data: str = argument("Table: CSV, TSV, Parquet or Arrow.", "DATA")
    target: str | None = option_of(
        str, "A column that the others are held against.", None, metavar="COL"
    )
    out: Path | None = option_of(Path, "HTML file to write.", None)
    force: bool = switch_of("Replace what is there.")
    as_json: bool = switch_of("Print JSON.", flag="--json")
    debug: bool = switch_of("Show the trace of an error.")


@dataclass(frozen=True, kw_only=True)
class CompareArguments:
    """What `rung compare` takes."""

    first: str = argument("Folder of a run.", "RUN")
    second: str = argument("Folder of another run on the same rows.", "RUN")
    as_json: bool = switch_of("Print JSON.", flag="--json")
    debug: bool = switch_of("Show the trace of an error.")


@dataclass(frozen=True, kw_only=True)
class FiguresArguments:
    """What `rung figures` takes."""

    run: str = argument("Folder of a run.", "RUN")
    format: str = option_of(str, "png, svg or pdf; several with commas.", "png,svg,pdf")
    out: Path | None = option_of(
        Path, "Folder to write to; `figures` in that of the run if not given.", None, metavar="DIR"
    )
    force: bool = switch_of("Replace what is there.")
    debug: bool = switch_of("Show the trace of an error.")


@dataclass(frozen=True, kw_only=True)
class SampleArguments:
    """What `rung sample` takes."""

    model: str = argument("A model.rung file of text, or of a table without a target.", "MODEL")
    n: int = option_of(int, "Texts to write, or rows to draw.", 10)
    out: Path | None = option_of(
        Path, "File for drawn rows: .csv, .parquet or .arrow; else CSV is printed.", None
    )
    force: bool = switch_of("Replace what is there.")
    length: int = option_of(int, "Characters of each at most.", 500)
    temperature: float = option_of(
        float, "Below 1 the likely becomes likelier; 0 takes the likeliest.", 1.0
    )
    top_k: int | None = option_of(
        int, "Draw from the likeliest characters only.", None, metavar="K"
    )
    prompt: str = option_of(str, "What every text begins with.", "")
    seed: int = option_of(int, "The same seed gives the same texts.", 0)
    as_json: bool = switch_of("Print JSON.", flag="--json")
    debug: bool = switch_of("Show the trace of an error.")


@dataclass(frozen=True, kw_only=True)
class InspectArguments:
    """What `rung inspect` takes."""

    model: str = argument("A model.rung file.", "MODEL")
    as_json: bool = switch_of("Print JSON.", flag="--json")
    debug: bool = switch_of("Show the trace of an error.")


@dataclass(frozen=True, kw_only=True)
class ExportArguments:
    """What `rung export` takes."""

    model: str = argument("A model.rung file.", "MODEL")
    to: str = option_of(str, "json, onnx, skops or lightgbm-text.", metavar="FORMAT")
    out: Path = option_of(Path, "File to write.")
    force: bool = switch_of("Replace what is there.")
    debug: bool = switch_of("Show the trace of an error.")


@dataclass(frozen=True, kw_only=True)
class GraphArguments(ReadingArguments):
    """What `rung graph` takes; with a row SOURCE is a model, else an expression or a density."""

    source: str = argument(
        "An expression such as '2*(a-b)+c', with --row a model.rung file, or one of a density.",
        "SOURCE",
    )
    values: list[str] | None = argument(
        "What the names stand for: a=3 b=1.", "[NAME=NUMBER]...", None, list[str]
    )
    row: int | None = option_of(
        whole(1, LARGEST_ROW), "Row of --data to explain; the first is 1.", None
    )
    data: str | None = option_of(str, "Table that holds the row, or images.", None, metavar="FILE")
    out: Path | None = option_of(Path, "Picture to write: .svg, .html, .dot or .json.", None)
    as_json: bool = switch_of("Print nodes and edges as JSON and nothing else.", flag="--json")
    force: bool = switch_of("Replace what is there.")
    debug: bool = switch_of("Show the trace of an error.")


@dataclass(frozen=True, kw_only=True)
class DemoArguments:
    """What `rung demo` takes."""

    out: Path = option_of(Path, "Folder to write.", Path("demo-run"))
    write_table: Path | None = option_of(
        Path, "Write the table there as CSV, and fit nothing.", None
    )
    seed: int = option_of(int, "The same seed gives the same result.", 0)
    threads: int | None = option_of(
        int, "Jobs at a time; all cores if not given. No result depends on it.", None
    )
    force: bool = switch_of("Replace what is there.")
    debug: bool = switch_of("Show the trace of an error.")


@dataclass(frozen=True, kw_only=True)
class CurveArguments:
    """What `rung curve` takes."""

    data: str | None = argument(
        "A table; the lecture's -cos(x) + noise if none.", "DATA", default=None
    )
    x_column: str | None = option_of(str, "Across.", None, COLUMNS, "COL")
    y_column: str | None = option_of(str, "Up.", None, COLUMNS, "COL")
    polynomial: bool = switch_of("Draw polynomials, scored on training rows and held-out ones.")
    degrees: str = option_of(str, "With --polynomial: their degrees.", "1,2,6")
    rows: int | None = option_of(
        int, "With --polynomial: take so many rows alone, at random.", None
    )
    relus: str = option_of(str, "Numbers of ReLUs, one picture each.", "1,2,3,5,10,30")
    steps: int = option_of(int, "Steps of gradient descent.", 2000)
    seed: int = option_of(int, "Of the first start.", 0)
    out: Path = option_of(Path, "Picture to write, SVG.", Path("curve.svg"))
    force: bool = switch_of("Replace what is there.")
    debug: bool = switch_of("Show the trace of an error.")


@dataclass(frozen=True, kw_only=True)
class DescentArguments:
    """What `rung descent` takes."""

    relus: int = option_of(int, "Hidden units.", 10)
    batch_rows: int = option_of(int, "Rows of a small step, of 1,000.", 32)
    passes: int = option_of(int, "Passes over the rows in small steps.", 20)
    learning_rate: float = option_of(float, "Share of the gradient a step takes.", 0.1)
    seed: int = option_of(int, "Of first weights and order of rows.", 0)
    out: Path = option_of(Path, "Picture to write, SVG.", Path("descent.svg"))
    force: bool = switch_of("Replace what is there.")
    debug: bool = switch_of("Show the trace of an error.")


def takes(arguments: type[Arguments], options: Sequence[Option] = ()) -> Callable[[Any], Any]:
    """Give a command the arguments that a dataclass declares, and options of a run.

    Typer reads options from a function's signature; here declarations are that signature. What
    was typed of `options` comes as a second argument, a dictionary, if any are named.
    """
    own = declared(arguments)
    every = sorted((*options, *own), key=lambda one: (not one.is_argument, PANELS.index(one.panel)))
    parameters = [_parameter(one, is_own=one in own) for one in every]

    def decorate(command: Callable[..., None]) -> Any:
        @wraps(command)
        def run(**typed: Any) -> None:
            given = (_typed(options, typed),) if options else ()
            known = _typed(own, typed)
            checked = {
                one.name: one.value.check(one, known[one.name]) for one in own if one.name in known
            }
            command(arguments(**checked), *given)

        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        return run

    return decorate


def _parameter(option: Option, *, is_own: bool) -> inspect.Parameter:
    """Return the parameter that Typer makes an option or argument of."""
    default = option.default if is_own else None
    shell = option.value.shell
    about: dict[str, Any] = {
        "help": option.sentence,
        "metavar": option.metavar,
        "rich_help_panel": option.panel or None,
        "show_default": False,
    }
    if shell is bool:
        default = False
    return inspect.Parameter(
        option.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if default is ... else default,
        annotation=Annotated[
            shell if default is not None else shell | None,
            typer.Argument(**about)
            if option.is_argument
            else typer.Option(*_flags(option), **about),
        ],
    )


def _flags(option: Option) -> tuple[str, ...]:
    """Return the spellings of an option; one of a single letter is known by one dash too."""
    flag = option.shell_flag
    return (flag, flag[1:]) if len(flag) == len("--n") else (flag,)


def _typed(options: Sequence[Option], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed of these options; the kind of data checks those of a run."""
    return {
        one.name: one.value.read(one, typed[one.name])
        for one in options
        if typed[one.name] is not None and typed[one.name] is not False and typed[one.name] != []
    }
