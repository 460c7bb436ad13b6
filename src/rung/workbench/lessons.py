"""Draw lessons: what a sum of ReLUs can bend to, and how large a step of descent should be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from rung.errors import DataError, UsageError, suggest
from rung.report.figures import on_paper
from rung.store.durable import write_bytes
from rung.typing import JSON, Array, Untyped

MOST_PICTURES, FEWEST_ROWS = 12, 10


def draw_curves(
    out: Path,
    *,
    points: tuple[Untyped, str | None, str | None] = (None, None, None),
    relus: str = "1,2,3,5,10,30",
    steps: int = 2000,
    seed: int = 0,
    force: bool = False,
) -> tuple[JSON, ...]:
    """Fit sums of ReLUs to the same points, and draw one panel for each number of them.

    Parameters
    ----------
    out : Path
        SVG file to write.
    points : tuple
        A table (path or frame), the name of its column across, and of the one up; three times
        None for the lecture's points.
    relus : str
        Numbers of ReLUs, with commas between them.
    steps, seed : int
        Of the descent.
    force : bool
        Replace an existing file.

    Returns
    -------
    tuple of dict
        The numbers behind the picture.
    """
    from rung import nets
    from rung.report import lessons

    counts = _counts(relus)
    _check_free(out, force=force)
    x, y = nets.lecture_points() if points[0] is None else _columns(*points)
    rate = {count: min(0.1, 2.0 / count) for count in counts}
    fits = [
        nets.fit_curve(x, y, count, pace=nets.DescentPace(rate[count], steps, seed=seed))
        for count in counts
    ]
    figure = lessons.curves(fits)
    write_bytes(out, on_paper(figure.svg).encode("utf-8"))
    return figure.numbers


def draw_polynomials(
    out: Path,
    *,
    points: tuple[Untyped, str | None, str | None] = (None, None, None),
    degrees: str = "1,2,6",
    rows: int | None = None,
    seed: int = 0,
    force: bool = False,
) -> tuple[tuple[JSON, ...], list[str]]:
    """Draw polynomials of several degrees through the same points, with scores of five folds.

    Parameters
    ----------
    out : Path
        SVG file to write.
    points : tuple
        A table (path or frame), the name of its column across, and of the one up; three times
        None for the lecture's points.
    degrees : str
        Degrees, with commas between them.
    rows : int, optional
        Take so many rows alone, drawn at random: with few, high degrees bend to each.
    seed : int
        Of the folds, and of the rows that are drawn.
    force : bool
        Replace an existing file.

    Returns
    -------
    numbers : tuple of dict
        The scores behind the picture.
    lines : list of str
        The same in words.
    """
    from rung.core.polynomial_curves import polynomial_curves, shuffled_splits
    from rung.report.plot_polynomials import polynomial_figure, polynomial_lines, polynomials_data

    wanted = _counts(degrees, "degrees")
    _check_free(out, force=force)
    x, y = _points(points)
    if rows is not None:
        if not FEWEST_ROWS <= rows <= len(x):
            raise UsageError(
                f"rows={rows} is not a number from {FEWEST_ROWS} to {len(x)}, which there are",
                f"use --rows {min(30, len(x))}",
            )
        chosen = np.sort(np.random.default_rng([0xD0, seed]).choice(len(x), rows, replace=False))
        x, y = x[chosen], y[chosen]
    if len(x) < FEWEST_ROWS:
        raise DataError(f"{len(x)} rows have both values; {FEWEST_ROWS} are needed", "add rows")
    curves = polynomial_curves(x, y, wanted, splits=shuffled_splits(len(x), seed=seed))
    about = {"column": points[1] or "x", "target": points[2] or "y", "n_missing": 0}
    found = polynomials_data(curves, x, y, **about)
    figure = polynomial_figure(found)
    write_bytes(out, on_paper(figure.svg).encode("utf-8"))
    return figure.numbers, polynomial_lines(found)


def draw_descents(
    out: Path, *, relus: int = 10, passes: int = 20, force: bool = False, **pace: Any
) -> tuple[JSON, ...]:
    """Train one small network on the lecture's points by whole batches and by small ones.

    Parameters
    ----------
    out : Path
        SVG file to write.
    relus, passes : int
        Hidden units; passes over the points in small steps.
    force : bool
        Replace an existing file.
    **pace
        `batch_rows`, `learning_rate`, `seed`: fields of `rung.nets.DescentPace`.

    Returns
    -------
    tuple of dict
        The numbers behind the picture.
    """
    from rung import nets
    from rung.report import lessons

    for name, value in (("relus", relus), ("passes", passes)):
        if value < 1:
            raise UsageError(f"{name}={value} is not a whole number of at least 1", "give one")
    _check_free(out, force=force)
    given = {"batch_rows": 32, **pace}
    walks = nets.lecture_descents(relus=relus, passes=passes, pace=nets.DescentPace(**given))
    figure = lessons.descents(walks)
    write_bytes(out, on_paper(figure.svg).encode("utf-8"))
    return figure.numbers


def _counts(text: str, what: str = "relus") -> list[int]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and int(part) > 0 for part in parts):
        raise UsageError(
            f"{what} {text!r} are no whole numbers of at least 1 with commas between",
            f"use --{what} 1,2,5",
        )
    if len(parts) > MOST_PICTURES:
        raise UsageError(f"{len(parts)} pictures are asked for; {MOST_PICTURES} fit", "name fewer")
    return [int(part) for part in parts]


def _check_free(out: Path, *, force: bool) -> None:
    if out.exists() and not force:
        raise UsageError(f"output {str(out)!r} exists", "use --force to replace it")


def _points(points: tuple[Untyped, str | None, str | None]) -> tuple[Array, Array]:
    if points[0] is not None:
        return _columns(*points)
    from rung import nets

    return nets.lecture_points()


def _columns(source: Untyped, x: str | None, y: str | None) -> tuple[Array, Array]:
    """Return two columns of a table as numbers, without the rows that lack one."""
    from rung.data import read_table

    if x is None or y is None:
        raise UsageError(
            "a table is given without the columns to draw", "give --x-column COL --y-column COL"
        )
    dataset = read_table(source).dataset
    names = [column.name for column in dataset.columns]
    for name in (x, y):
        if name not in names:
            near = suggest(name, names)
            raise DataError(
                f"column {name!r} not found; the table has {', '.join(names[:20])}",
                f"did you mean {near!r}?" if near else "",
            )
        if dataset.column(name).kind != "number":
            raise DataError(f"column {name!r} holds no numbers", "name a column of numbers")
    first, second = dataset.values[x], dataset.values[y]
    known = np.isfinite(first) & np.isfinite(second)
    return first[known], second[known]
