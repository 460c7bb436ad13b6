"""Write every figure of a run's page as files, from its folder; nothing is trained."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rung.core.reading_results import result_from
from rung.core.result import Result
from rung.errors import DataError, UsageError
from rung.report.figures import FORMATS, every_figure, file_of
from rung.store.durable import write_bytes
from rung.store.runfolder import RESULTS

FOLDER = "figures"


def read_result(run: str | Path) -> Result:
    """Return the result that a run folder holds.

    Parameters
    ----------
    run : path
        Folder of a run.

    Raises
    ------
    UsageError
        If it holds no finished run.
    DataError
        If its results cannot be read.
    """
    path = Path(run) / RESULTS
    if not path.is_file():
        raise UsageError(
            f"{str(run)!r} holds no finished run: there is no {RESULTS} in it",
            "name the folder that `rung fit` wrote",
        )
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{str(path)!r} cannot be read: {error}", "run `rung fit` again") from error
    return result_from(found)


def write_figures(
    run: str | Path,
    out: str | Path | None = None,
    *,
    formats: Sequence[str] = tuple(FORMATS),
    force: bool = False,
) -> list[Path]:
    """Write every figure of a run's page; return the files in the order of the page.

    Parameters
    ----------
    run : path
        Folder of a run.
    out : path, optional
        Folder to write to; `figures` in that of the run by default.
    formats : sequence of str
        Of `png`, `svg`, `pdf`.
    force : bool, default False
        Replace files that are there.

    Raises
    ------
    UsageError
        If a format is unknown, or a file exists and `force` is off.

    Examples
    --------
    >>> [path.name for path in write_figures("mass-run")][:2]  # doctest: +SKIP
    ['01-ladder.png', '01-ladder.svg']
    """
    kinds = _known(formats)
    result = read_result(run)
    folder = Path(run) / FOLDER if out is None else Path(out)
    drawings = every_figure(result)
    names = [
        [folder / f"{place:02d}-{drawing.name}.{kind}" for kind in kinds]
        for place, drawing in enumerate(drawings, 1)
    ]
    there = [path for paths in names for path in paths if path.exists()]
    if there and not force:
        raise UsageError(f"{str(there[0])!r} exists", "replace it with --force, or name --out")
    _make(folder)
    for drawing, paths in zip(drawings, names, strict=True):
        for kind, path in zip(kinds, paths, strict=True):
            write_bytes(path, file_of(drawing, kind))
    return [path for paths in names for path in paths]


def _known(formats: Sequence[str]) -> list[str]:
    asked = list(dict.fromkeys(one.lower().lstrip(".") for one in formats))
    unknown = [one for one in asked if one not in FORMATS]
    if unknown or not asked:
        raise UsageError(
            f"format {unknown[0] if unknown else ''!r} is unknown; {', '.join(FORMATS)} can be "
            "written",
            "give --format png, svg or pdf, or several with commas between them",
        )
    return asked


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"folder {str(folder)!r} cannot be made: {error.strerror or error}",
            "name a folder in a place that you may write to, with --out",
        ) from error
