"""Declare the options of every command, once."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

import typer

from rung.cli.division import (
    COLUMNS,
    DIVISION,
    BlockSize,
    Buffer,
    Gap,
    Groups,
    Rolling,
    Space,
)

Arguments = TypeVar("Arguments")

COMPARISON = "Comparison"
OUTPUT = "Output"
READING = "Reading"

Text = str | None
Names = list[str] | None
Debug = Annotated[bool, typer.Option("--debug", help="Show the trace of an error.")]
Force = Annotated[bool, typer.Option("--force", help="Replace what is there.")]
Delimiter = Annotated[
    Text,
    typer.Option(help="Character between values; found if not given.", rich_help_panel=READING),
]
Encoding = Annotated[
    Text,
    typer.Option(
        help="How a text file is written, such as latin-1; found if not given.",
        rich_help_panel=READING,
        metavar="NAME",
    ),
]
Reading = Annotated[
    Text,
    typer.Option(
        "--as",
        help="Read a text: lines (each a text of its own) or text (one).",
        rich_help_panel=READING,
        metavar="READING",
    ),
]
NoHeader = Annotated[
    bool,
    typer.Option(
        "--no-header", help="The first line holds data: column_1, ...", rich_help_panel=READING
    ),
]
KeepSentinels = Annotated[
    bool,
    typer.Option(
        "--keep-sentinels", help="Keep an isolated -99 as a number.", rich_help_panel=READING
    ),
]
Decimal = Annotated[
    Text,
    typer.Option(help="Decimal sign, . or ,; found if not given.", rich_help_panel=READING),
]
Missing = Annotated[
    Names,
    typer.Option(
        help="Read these cells as missing too: a,b or repeated.",
        rich_help_panel=READING,
        metavar="TOKENS",
    ),
]
KeepTokens = Annotated[
    bool,
    typer.Option(
        "--keep-tokens", help="Keep words such as NA or ? as values.", rich_help_panel=READING
    ),
]


def _column(text: str) -> Any:
    return typer.Option(help=text, rich_help_panel=COLUMNS, metavar="COL")


def _option(panel: str, text: str, metavar: str | None = None) -> Any:
    return typer.Option(help=text, rich_help_panel=panel, metavar=metavar)


def _switch(flag: str, text: str) -> Any:
    return typer.Option(flag, help=text, rich_help_panel=OUTPUT)


@dataclass(frozen=True, kw_only=True)
class FitArguments:
    """What `rung fit` accepts; None means that the workbench's default holds."""

    data: Annotated[
        str,
        typer.Argument(help="Table: CSV, TSV, Parquet or Arrow; or a text.", metavar="DATA"),
    ]
    target: Annotated[Text, _column("Column to predict; a text has none.")] = None
    reading: Reading = None
    features: Annotated[Names, _column("Use these columns only: a,b or repeated.")] = None
    drop: Annotated[Names, _column("Leave these columns out: a,b or repeated.")] = None
    groups: Groups = None
    time: Annotated[Text, _column("Predict later rows from earlier ones.")] = None
    gap: Gap = None
    rolling: Rolling = None
    space: Space = None
    block_size: BlockSize = None
    buffer: Buffer = None
    weight: Annotated[Text, _column("Weight of each row.")] = None
    positive: Annotated[Text, _option(COLUMNS, "The positive one of two classes.", "CLASS")] = None
    task: Annotated[
        Text,
        _option(
            COLUMNS,
            "regression, binary or multiclass; if not given, words and at most 20 whole numbers "
            "in a row from 0 or 1 are classes.",
        ),
    ] = None
    families: Annotated[
        Names, _option(COMPARISON, "Climb these only: a,b (see rung families).", "NAMES")
    ] = None
    metric: Annotated[
        Text,
        _option(COMPARISON, "rmse mae r2 mse mape, or log_loss accuracy ..., or nll ...", "KEY"),
    ] = None
    margin: Annotated[
        float | None,
        _option(COMPARISON, "Smallest difference that matters, in the metric's unit."),
    ] = None
    choose: Annotated[Text, _option(COMPARISON, "simplest (default) or leader.")] = None
    folds: Annotated[int | None, _option(DIVISION, "Folds: 10 below 2,000 units, else 5.")] = None
    repeats: Annotated[int | None, _option(DIVISION, "Deal the rows this often (1).")] = None
    seed: Annotated[int | None, _option(DIVISION, "Seed of every random number (0).")] = None
    test_fraction: Annotated[
        float | None, _option(DIVISION, "Share to seal (0.2, of text 0.1); 0 seals none.")
    ] = None
    seal: Annotated[Text, _option(DIVISION, "Replay the seal.json of an earlier run.", "FILE")] = (
        None
    )
    no_ledger: Annotated[
        bool,
        typer.Option(
            "--no-ledger",
            help="Do not look for earlier openings elsewhere, nor note this one.",
            rich_help_panel=DIVISION,
        ),
    ] = False
    keep_sentinels: KeepSentinels = False
    missing: Missing = None
    keep_tokens: KeepTokens = False
    decimal: Decimal = None
    delimiter: Delimiter = None
    encoding: Encoding = None
    no_header: NoHeader = False
    out: Annotated[
        Path | None, _option(OUTPUT, "Folder to write; rung-run-TARGET if not given.", "DIR")
    ] = None
    force: Annotated[bool, _switch("--force", "Replace an existing folder.")] = False
    resume: Annotated[
        bool, _switch("--resume", "Go on with a run that was killed in the folder.")
    ] = False
    as_json: Annotated[bool, _switch("--json", "Print results.json and nothing else.")] = False
    quiet: Annotated[bool, _switch("--quiet", "Print the verdict sentence only.")] = False
    threads: Annotated[
        int | None, _option(OUTPUT, "Jobs at a time; the result never depends on it.")
    ] = None
    memory: Annotated[
        Text, _option(OUTPUT, "Skip families that would need more than this (6GB).", "AMOUNT")
    ] = None
    device: Annotated[
        Text, _option(OUTPUT, "Where networks are trained: auto, cpu or cuda.", "NAME")
    ] = None
    debug: Annotated[bool, _switch("--debug", "Show the trace of an error.")] = False


@dataclass(frozen=True, kw_only=True)
class CheckArguments:
    """What `rung check` accepts; options are those of `rung fit`, and seal the same rows."""

    data: Annotated[
        str,
        typer.Argument(help="Table: CSV, TSV, Parquet or Arrow; or a text.", metavar="DATA"),
    ]
    target: Annotated[Text, _column("Column that is to be predicted.")] = None
    reading: Reading = None
    features: Annotated[Names, _column("Use these columns only: a,b or repeated.")] = None
    drop: Annotated[Names, _column("Leave these columns out: a,b or repeated.")] = None
    groups: Groups = None
    time: Annotated[Text, _column("Predict later rows from earlier ones.")] = None
    gap: Gap = None
    rolling: Rolling = None
    space: Space = None
    block_size: BlockSize = None
    buffer: Buffer = None
    task: Annotated[
        Text,
        _option(
            COLUMNS,
            "regression, binary or multiclass; if not given, words and at most 20 whole numbers "
            "in a row from 0 or 1 are classes.",
        ),
    ] = None
    seed: Annotated[int | None, _option(DIVISION, "Seed of every random number (0).")] = None
    test_fraction: Annotated[
        float | None, _option(DIVISION, "Share of rows to seal (0.2); 0 seals none.")
    ] = None
    seal: Annotated[Text, _option(DIVISION, "Replay the seal.json of an earlier run.", "FILE")] = (
        None
    )
    keep_sentinels: KeepSentinels = False
    missing: Missing = None
    keep_tokens: KeepTokens = False
    decimal: Decimal = None
    delimiter: Delimiter = None
    encoding: Encoding = None
    no_header: NoHeader = False
    as_json: Annotated[bool, _switch("--json", "Print the findings as JSON and nothing else.")] = (
        False
    )
    debug: Annotated[bool, _switch("--debug", "Show the trace of an error.")] = False


@dataclass(frozen=True, kw_only=True)
class PredictArguments:
    """What `rung predict` accepts."""

    model: Annotated[str, typer.Argument(help="A model.rung file.", metavar="MODEL")]
    data: Annotated[
        str, typer.Argument(help="Table with the model's columns; or a text.", metavar="DATA")
    ]
    out: Annotated[
        Path | None,
        typer.Option(help="File to write: .csv, .parquet or .arrow; else CSV is printed."),
    ] = None
    force: Force = False
    decimal: Decimal = None
    delimiter: Delimiter = None
    encoding: Encoding = None
    no_header: NoHeader = False
    debug: Debug = False


@dataclass(frozen=True, kw_only=True)
class SampleArguments:
    """What `rung sample` accepts."""

    model: Annotated[str, typer.Argument(help="A model.rung file of text.", metavar="MODEL")]
    n: Annotated[int, typer.Option("--n", help="Texts to write.")] = 10
    length: Annotated[int, typer.Option(help="Characters of each at most.")] = 500
    temperature: Annotated[
        float, typer.Option(help="Below 1 the likely becomes likelier; 0 takes the likeliest.")
    ] = 1.0
    top_k: Annotated[
        int | None, typer.Option(help="Draw from the likeliest characters only.", metavar="K")
    ] = None
    prompt: Annotated[str, typer.Option(help="What every text begins with.")] = ""
    seed: Annotated[int, typer.Option(help="The same seed gives the same texts.")] = 0
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
    debug: Debug = False


@dataclass(frozen=True, kw_only=True)
class InspectArguments:
    """What `rung inspect` accepts."""

    model: Annotated[str, typer.Argument(help="A model.rung file.", metavar="MODEL")]
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
    debug: Debug = False


@dataclass(frozen=True, kw_only=True)
class ExportArguments:
    """What `rung export` accepts."""

    model: Annotated[str, typer.Argument(help="A model.rung file.", metavar="MODEL")]
    to: Annotated[str, typer.Option(help="json, onnx, skops or lightgbm-text.", metavar="FORMAT")]
    out: Annotated[Path, typer.Option(help="File to write.")]
    force: Force = False
    debug: Debug = False


@dataclass(frozen=True, kw_only=True)
class GraphArguments:
    """What `rung graph` accepts; with a row SOURCE is a model, else an expression."""

    source: Annotated[
        str,
        typer.Argument(
            help="An expression such as '2*(a-b)+c', or with --row a model.rung file.",
            metavar="SOURCE",
        ),
    ]
    values: Annotated[
        Names, typer.Argument(help="What the names stand for: a=3 b=1.", metavar="[NAME=NUMBER]...")
    ] = None
    row: Annotated[
        int | None, typer.Option(help="Row of --data to explain; the first is 1.", min=1)
    ] = None
    data: Annotated[Text, typer.Option(help="Table that holds the row.", metavar="FILE")] = None
    out: Annotated[
        Path | None, typer.Option(help="Picture to write: .svg, .html, .dot or .json.")
    ] = None
    as_json: Annotated[
        bool, _switch("--json", "Print nodes and edges as JSON and nothing else.")
    ] = False
    force: Force = False
    delimiter: Delimiter = None
    no_header: NoHeader = False
    debug: Debug = False


@dataclass(frozen=True, kw_only=True)
class DemoArguments:
    """What `rung demo` accepts."""

    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("demo-run")
    force: Force = False
    debug: Debug = False


@dataclass(frozen=True, kw_only=True)
class CurveArguments:
    """What `rung curve` accepts."""

    data: Annotated[
        Text, typer.Argument(help="A table; the lecture's -cos(x) + noise if none.", metavar="DATA")
    ] = None
    x_column: Annotated[Text, _column("Across.")] = None
    y_column: Annotated[Text, _column("Up.")] = None
    relus: Annotated[str, typer.Option(help="Numbers of ReLUs, one picture each.")] = (
        "1,2,3,5,10,30"
    )
    steps: Annotated[int, typer.Option(help="Steps of gradient descent.")] = 2000
    seed: Annotated[int, typer.Option(help="Of the first start.")] = 0
    out: Annotated[Path, typer.Option(help="Picture to write, SVG.")] = Path("curve.svg")
    force: Force = False
    debug: Debug = False


@dataclass(frozen=True, kw_only=True)
class DescentArguments:
    """What `rung descent` accepts."""

    relus: Annotated[int, typer.Option(help="Hidden units.")] = 10
    batch_rows: Annotated[int, typer.Option(help="Rows of a small step, of 1,000.")] = 32
    passes: Annotated[int, typer.Option(help="Passes over the rows in small steps.")] = 20
    learning_rate: Annotated[float, typer.Option(help="Share of the gradient a step takes.")] = 0.1
    seed: Annotated[int, typer.Option(help="Of first weights and order of rows.")] = 0
    out: Annotated[Path, typer.Option(help="Picture to write, SVG.")] = Path("descent.svg")
    force: Force = False
    debug: Debug = False


def takes(declared: type[Arguments]) -> Callable[[Callable[[Arguments], None]], Any]:
    """Give a command the options that a dataclass declares, as one argument.

    Typer reads options from a function's signature; here the fields are that signature.
    """
    hints = get_type_hints(declared, include_extras=True)
    parameters = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=hints[field.name],
            default=inspect.Parameter.empty if field.default is MISSING else field.default,
        )
        for field in fields(declared)  # type: ignore[arg-type]
    ]

    def decorate(command: Callable[[Arguments], None]) -> Any:
        @wraps(command)
        def run(**values: Any) -> None:
            command(declared(**values))

        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = hints
        return run

    return decorate
