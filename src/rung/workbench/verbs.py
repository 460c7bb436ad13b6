"""The verbs on files: fit, predict, inspect; what the shell and Python call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

from rung.core.events import Event, Listener, ignore
from rung.core.family import Family
from rung.core.findings import Finding
from rung.data import ReadOptions
from rung.data.drift import keep_quiet
from rung.data.spreadsheet import to_csv
from rung.errors import UsageError
from rung.families import whole_ladder
from rung.kinds.keywords import RunKeywords, with_keywords
from rung.kinds.kind import discover_kinds, recognise
from rung.kinds.model_file import load, model_path, read_model_bytes
from rung.kinds.options import documented, every_option
from rung.report.notebook import notebook_listener
from rung.store.durable import write_bytes
from rung.store.modelfile import read_bytes
from rung.store.runfolder import RunFolder
from rung.store.seals import read_seal
from rung.typing import JSON, Untyped
from rung.workbench.keeping import FolderKeeper, earlier_record, kept_folder, write_page
from rung.workbench.run import Run, run_ladder

FORMATS = (".csv", ".parquet", ".arrow")


@with_keywords
@documented(option for option in every_option() if option.name != "target")
def fit(
    data: Any,
    target: str | None = None,
    *,
    out: str | Path | None = None,
    force: bool = False,
    resume: bool = False,
    listener: Listener | None = None,
    **options: Unpack[RunKeywords],
) -> Run:
    """Climb the ladder on data and choose the simplest family that is as good as the best.

    Parameters
    ----------
    data : path, frame or list of str
        A table: CSV, TSV (also gzipped or zipped), Parquet or Arrow file; polars, pandas or
        pyarrow frame; numpy array; dictionary of columns. A text: a file, or lines.
    target : str, optional
        Column to predict; a text has none.
    out : path, optional
        Folder to write the run to; nothing is written without it.
    force : bool, default False
        Replace the files of an earlier run in that folder.
    resume : bool, default False
        Go on with a run that was killed in that folder.
    listener : callable, optional
        Told of every step with a `rung.core.events.Event`; in a notebook scores are shown as they
        come if none is given.
    **options
        What else is asked:

        {options}

    Returns
    -------
    Run
        With `result`, `verdict`, `findings`, `leaderboard`, `model` and `report(path)`.

    Raises
    ------
    UsageError
        If an option is not accepted, or it is not plain how a text is meant.
    DataError
        If the data cannot be used as asked.

    Examples
    --------
    >>> import numpy as np, rung
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=100)
    >>> table = {"x": x, "y": 3 * x + rng.normal(size=100)}
    >>> rung.fit(table, "y", families=["linear"]).verdict.family
    'linear'
    >>> lines = [f"{day}day {n}" for day in ("mon", "tues", "fri", "sun") for n in range(99)]
    >>> rung.fit(lines, families=["bigram", "ngram"]).verdict.family
    'ngram'
    """
    given: dict[str, Any] = {**options, "target": target} if target is not None else {**options}
    asked = recognise(data, given).make_options(given)
    listener = listener or notebook_listener() or ignore
    if out is not None:
        return fit_to_folder(data, asked, Path(out), force=force, resume=resume, listener=listener)
    record = read_seal(Path(asked.seal)) if asked.seal else None
    return run_ladder(data, asked, listener=listener, record=record, replays=record is not None)


def fit_to_folder(
    data: Any,
    options: Any,
    out: Path,
    *,
    force: bool = False,
    resume: bool = False,
    listener: Listener = ignore,
) -> Run:
    """Climb the ladder and write the run folder.

    Parameters
    ----------
    data : object
        As for `fit`.
    options : FitOptions or TextOptions
        What is asked.
    out : Path
        Folder to write to; an existing one is refused without `force`.
    force : bool, default False
        Replace the files of an earlier run; its openings of the sealed rows stay on record.
    resume : bool, default False
        Go on with a run that was killed in this folder; finished jobs are not done again, and
        the files are the same to the byte.
    listener : callable
        Told of every step.

    Raises
    ------
    UsageError
        If the folder holds another run.
    """
    with kept_folder(out, force=force, resume=resume) as keeper:
        return _run_in(keeper, data, options, out, listener)


def fit_partial(data: Any, options: Any, out: Path, *, listener: Listener = ignore) -> Run:
    """Make a report and a model of the families that a stopped run has scored.

    Nothing is trained, the sealed rows stay closed, and the run can be resumed later.

    Parameters
    ----------
    data, options, out, listener
        As for `fit_to_folder`, those of the stopped run.

    Raises
    ------
    UsageError
        If the folder holds no stopped run, or nothing is scored yet.
    """
    with kept_folder(out, force=False, resume=True, partial=True) as keeper:
        return _run_in(keeper, data, options, out, listener)


def _run_in(keeper: FolderKeeper, data: Any, options: Any, out: Path, listener: Listener) -> Run:
    """Climb the ladder on behalf of who keeps the folder, and write it."""
    record = earlier_record(out)
    if options.seal:
        record = read_seal(Path(options.seal)).joined(record)
    replays = options.seal is not None
    run = run_ladder(
        data, options, listener=listener, record=record, replays=replays, keeper=keeper
    )
    listener(Event("stage", text="writing"))
    _write(keeper.folder, run)
    return replace(run, folder=out)


def _write(folder: RunFolder, run: Run) -> None:
    """Write all files of a run: what the opening told first, the page that shows it last."""
    folder.write_json("seal.json", run.seal.to_dict())
    folder.write_json("openings.json", run.history.to_dict())
    folder.write_json("results.json", run.result.to_dict())
    if run.saved is not None:
        folder.write_bytes("model.rung", run.saved.to_bytes())
    for name, columns in run.tables.items():
        folder.write_parquet(f"{name}.parquet", columns)
    folder.write_json("timings.json", run.timings)
    write_page(folder, run.result, run.history)


def predict_file(
    model: str,
    data: str,
    out: Path | None,
    *,
    force: bool = False,
    options: ReadOptions | None = None,
    tell: Callable[[Finding], None] = keep_quiet,
) -> str | None:
    """Predict a table with a saved model.

    Parameters
    ----------
    model, data : str
        Paths of the model and of the table.
    out : Path or None
        File to write (.csv, .parquet, .arrow); None returns CSV text.
    force : bool, default False
        Replace an existing file.
    options : ReadOptions, optional
        How to read the table.
    tell : callable
        Told by findings what differs from training.

    Returns
    -------
    str or None
        CSV text if `out` is None.
    """
    if out is not None:
        check_table_output(out, force)
    found = load(model)
    return deliver(_frame(found.table(data, options or ReadOptions(), tell)), out)


def _frame(columns: Mapping[str, Any]) -> Untyped:
    """Return a polars frame of columns."""
    import polars as pl

    return pl.DataFrame(columns, infer_schema_length=None)


def deliver(frame: Untyped, out: Path | None) -> str | None:
    """Write a frame, or return it as CSV text."""
    if out is None:
        return to_csv(frame).decode("utf-8")
    write_bytes(out, _encode(frame, out.suffix))
    return None


def check_table_output(out: Path, force: bool) -> None:
    """Refuse a table that could not be written, before anything is computed."""
    if out.suffix not in FORMATS:
        raise UsageError(
            f"output {out.name!r} ends in {out.suffix!r}; {', '.join(FORMATS)} are known",
            "rename the output",
        )
    if out.exists() and not force:
        raise UsageError(f"output {str(out)!r} exists", "use --force to replace it")


def _encode(frame: Untyped, suffix: str) -> bytes:
    import io

    buffer = io.BytesIO()
    if suffix == ".csv":
        return to_csv(frame)
    if suffix == ".parquet":
        frame.write_parquet(buffer)
    else:
        frame.write_ipc(buffer)
    return buffer.getvalue()


def inspect_model(path: str | Path) -> JSON:
    """Describe a model file.

    Returns
    -------
    dict
        JSON-ready: family, task, target, columns, classes, what it was scored, its size.
    """
    target = model_path(path)
    data = read_bytes(target)
    model = read_model_bytes(data, target.name)
    described = {"file": target.name, "bytes": len(data), **model.describe()}
    # what a file says of itself never stands in for what was read from it
    return described | {key: v for key, v in model.about.items() if key not in described}


def list_families() -> tuple[Family, ...]:
    """Return every family, from the simplest up, those of tables first."""
    names = [kind.name for kind in discover_kinds()]
    kinds = sorted(names, key=lambda kind: (kind != "table", kind))
    return tuple(family for kind in kinds for family in whole_ladder(kind))
