"""The verbs on text: fit and sample; what the shell and Python call."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from rung.core.events import Event, Listener, ignore
from rung.core.result import TextSample
from rung.errors import UsageError
from rung.kinds.model_file import load
from rung.kinds.options import check_number, check_whole
from rung.kinds.text.model import FittedText
from rung.kinds.text.options import TextOptions, make_text_options
from rung.store.runfolder import RunFolder
from rung.text.sampling import SampleOptions
from rung.workbench.keeping import earlier_record, kept_folder, write_page
from rung.workbench.text_run import TextRun, run_text_ladder

MOST_SAMPLES = 10_000
LONGEST_SAMPLE = 100_000


def fit_text(
    data: Any,
    *,
    out: str | Path | None = None,
    force: bool = False,
    resume: bool = False,
    listener: Listener = ignore,
    **options: Any,
) -> TextRun:
    """Climb the ladder on a text and choose the simplest family that is as good as the best.

    Parameters
    ----------
    data : path or list of str
        Text file, or lines.
    out : path, optional
        Folder to write the run to; nothing is written without it.
    force : bool, default False
        Replace the files of an earlier run in that folder.
    resume : bool, default False
        Go on with a run that was killed in that folder.
    listener : callable, optional
        Told of every step with a `rung.core.events.Event`.
    **options
        Fields of `TextOptions`: `reading` (`lines` or `text`), `families`, `metric`, `margin`,
        `choose`, `seed`, `test_fraction`, `ledger`, `threads`, `encoding`.

    Returns
    -------
    TextRun
        With `result`, `verdict`, `leaderboard`, `model` and `report(path)`.

    Raises
    ------
    UsageError
        If an option is not accepted, or it is not plain how the text is meant.
    DataError
        If the text cannot be used.

    Examples
    --------
    >>> import rung
    >>> lines = [f"{day}day {n}" for day in ("mon", "tues", "fri", "sun") for n in range(99)]
    >>> rung.fit_text(lines, families=["bigram", "ngram"]).verdict.family
    'ngram'
    """
    asked = make_text_options(options)
    if out is None:
        return run_text_ladder(data, asked, listener=listener)
    return fit_text_to_folder(data, asked, Path(out), force=force, resume=resume, listener=listener)


def fit_text_to_folder(
    data: Any,
    options: TextOptions,
    out: Path,
    *,
    force: bool = False,
    resume: bool = False,
    listener: Listener = ignore,
) -> TextRun:
    """Climb the ladder on a text and write the run folder; see `fit_text`."""
    with kept_folder(out, force=force, resume=resume) as keeper:
        run = run_text_ladder(
            data, options, listener=listener, record=earlier_record(out), keeper=keeper
        )
        listener(Event("stage", text="writing"))
        _write(keeper.folder, run)
    return replace(run, folder=out)


def _write(folder: RunFolder, run: TextRun) -> None:
    """Write all files of a run: what the opening told first, the page that shows it last."""
    folder.write_json("seal.json", run.seal.to_dict())
    folder.write_json("openings.json", run.history.to_dict())
    folder.write_json("results.json", run.result.to_dict())
    folder.write_bytes("model.rung", run.model.to_bytes())
    folder.write_parquet("unit_losses.parquet", run.unit_losses)
    folder.write_json("timings.json", run.timings)
    write_page(folder, run.result, run.history)


def sample_file(
    model: str | Path, options: SampleOptions, *, prompt: str = "", seed: int = 0
) -> tuple[TextSample, ...]:
    """Let a saved model write.

    Parameters
    ----------
    model : path
        A `model.rung` of text, or a run folder that holds one.
    options : SampleOptions
        How many texts, how long, how bold.
    prompt : str
        What every text begins with.
    seed : int
        The same seed gives the same texts.

    Raises
    ------
    UsageError
        If the model is not one of text, or an option is not accepted.
    """
    check_whole("n", options.n, low=1, high=MOST_SAMPLES)
    check_whole("length", options.length, low=1, high=LONGEST_SAMPLE)
    check_number("temperature", options.temperature, low=0.0, high=100.0)
    if options.top_k is not None:
        check_whole("top_k", options.top_k, low=1, high=1 << 21)
    found = load(model)
    if not isinstance(found, FittedText):
        raise UsageError(
            f"{Path(model).name!r} holds a model of a table, which writes nothing",
            "give the model of a text",
        )
    return found.sample(options, prompt=prompt, seed=seed)
