"""Let columns of the labels table stand beside the images, for rungs that learn from both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import stdtrit

from rung.core.compare import standard_errors
from rung.core.dataset import Column, Dataset
from rung.core.findings import Finding
from rung.core.losses import Losses
from rung.core.numbers import difference
from rung.core.sentinels import blank_sentinels, find_sentinels, with_spans
from rung.data import ReadOptions, conform_rows, read_table
from rung.data.image_folders import ImageFile, holds_images, image_files
from rung.data.image_labels import find_name_column, folder_of
from rung.data.image_reading import ImageShape, ReadImages, read_files
from rung.errors import DataError, UsageError, suggest
from rung.images.numbers import BESIDE, FUSION
from rung.kinds.image.options import ImageOptions
from rung.kinds.image.reading import is_image_source, read_unlabelled, spread_over
from rung.typing import Array

LEVEL = 0.95
LEARNERS = ("linear", "boosting")
PREFIX = f"{BESIDE} "


def beside_images(labels: Dataset, options: ImageOptions) -> Dataset:
    """Return the columns of the labels that `--features` names, each with the word of its rungs.

    Numbers that stand for missing, such as -99, are missing, as in a table.

    Raises
    ------
    UsageError
        If one is absent, text, or already the target or a group.
    """
    names = options.features or ()
    known = {one.name: one for one in labels.columns}
    for name in names:
        _refuse(name, known, options)
    alone = Dataset(
        tuple(replace(known[name], role="feature") for name in names),
        {name: labels.values[name] for name in names},
        labels.n_rows,
    )
    filled = blank_sentinels(alone, find_sentinels(alone))
    columns = with_spans(filled.columns, filled, np.arange(labels.n_rows))
    return Dataset(
        tuple(replace(column, name=f"{PREFIX}{column.name}") for column in columns),
        {f"{PREFIX}{name}": filled.values[name] for name in names},
        labels.n_rows,
    )


def _refuse(name: str, known: Mapping[str, Column], options: ImageOptions) -> None:
    if name not in known:
        near = suggest(name, list(known))
        raise UsageError(
            f"column {name!r} of --features not found; the labels have "
            f"{', '.join(map(repr, known))}",
            f"did you mean --features {near!r}?" if near else "name some of these",
        )
    taken = {options.target: "the target", **dict.fromkeys(options.group_columns, "a group")}
    if name in taken:
        raise UsageError(
            f"column {name!r} is listed in --features and is {taken[name]}", "leave out one of them"
        )
    if known[name].kind == "text":
        raise UsageError(
            f"column {name!r} of --features is running text; accepted are numbers, categories, "
            "truth values and dates",
            "leave it out",
        )


def columns_of_model(dataset: Dataset) -> tuple[Column, ...]:
    """Return the columns that stood beside the images, under their own names."""
    return tuple(
        replace(column, name=column.name.removeprefix(PREFIX))
        for column in dataset.features
        if column.name.startswith(PREFIX)
    )


@dataclass(frozen=True)
class ReadRows:
    """New images, and the cells of the columns beside them, a row an image.

    Attributes
    ----------
    names : tuple of str
        Of the images that could be read.
    read : ReadImages
        The images.
    cells : mapping of str to ndarray, each (n,)
        By the name that the model has for a column.
    """

    names: tuple[str, ...]
    read: ReadImages
    cells: Mapping[str, Array]


def read_rows(
    data: Any,
    beside: Any,
    *,
    shape: ImageShape,
    columns: tuple[Column, ...],
    options: ReadOptions,
    tell: Callable[[Finding], None],
) -> ReadRows:
    """Read new images together with the columns beside them.

    Parameters
    ----------
    data : path or ndarray
        Images; or, without `beside`, a table that names images anywhere below its folder.
    beside : path, frame or None
        Their columns: by names of files, or in the order of an array.
    shape : ImageShape
        What images are brought to.
    columns : tuple of Column
        As the model knows them; without any, a table may not be given.
    options : ReadOptions
        How the table is written.
    tell : callable
        Told what differs from training.
    """
    if not columns:
        names, read = read_unlabelled(data, shape, None)
        return ReadRows(tuple(names[i] for i in read.kept), read, {})
    table = data if beside is None else beside
    where = _place_of(data, columns) if beside is None else data
    dataset = conform_rows(table, columns, options=options, tell=tell).dataset
    if isinstance(where, str | Path) and holds_images(Path(where)):
        files = _named_in(read_table(table, options=options).dataset, image_files(Path(where)))
        names = tuple(file.name for file in files)
        read = read_files(files, lambda _: shape, spread_over(None))
    else:
        names, read = read_unlabelled(where, shape, None)
    if len(names) != dataset.n_rows:
        raise DataError(
            f"{len(names):,} images and {dataset.n_rows:,} rows of columns do not match",
            "give a row for each image, in the same order",
        )
    cells = {f"{PREFIX}{one.name}": dataset.values[one.name][read.kept] for one in columns}
    return ReadRows(tuple(names[i] for i in read.kept), read, cells)


def _place_of(data: Any, columns: tuple[Column, ...]) -> Path:
    """Return the folder of a table; refuse images that come without one."""
    if not isinstance(data, str | Path) or is_image_source(data):
        raise UsageError(
            f"the model takes {', '.join(repr(one.name) for one in columns)} beside each image, "
            f"and {str(data)[:80] if isinstance(data, str | Path) else 'the array'!r} holds images "
            "alone",
            "give a table that names the images and has these columns, in a folder above them; "
            "from Python also predict(images, beside=table)",
        )
    return folder_of(data)


def _named_in(table: Dataset, files: Sequence[ImageFile]) -> list[ImageFile]:
    """Return the image of each row of a table."""
    column, places = find_name_column(table, files, "")
    if (places < 0).any():
        row = int(np.flatnonzero(places < 0)[0])
        raise DataError(
            f"{int((places < 0).sum()):,} rows name no image, such as row {row} in column "
            f"{column!r}",
            "leave these rows out, or put the images below the folder of the table",
        )
    return [files[i] for i in places]


def picture_beside_columns(losses: Losses, n_columns: int) -> tuple[Finding, ...]:
    """Say, learner by learner, what images add to the columns beside them, on the same folds.

    Parameters
    ----------
    losses : Losses
        Of the families that were scored.
    n_columns : int
        Columns beside the images.
    """
    said = []
    for learner in LEARNERS:
        pair = [f"{word}_{learner}" for word in (BESIDE, FUSION)]
        if set(pair) <= set(losses.names):
            said.append((learner, *_difference(losses, *pair)))
    if not said:
        return ()
    knows = any(gain > half for _, gain, half in said)
    told = ", ".join(f"{difference(gain, half)} under {name}" for name, gain, half in said)
    columns = "the column" if n_columns == 1 else f"the {n_columns} columns"
    verdict = "knows more than" if knows else "is not shown to know more than"
    return (
        Finding(
            "picture_beside_columns",
            "info",
            (),
            f"the picture {verdict} {columns} of the labels beside it: with the numbers of the "
            f"image the mean loss falls by {told} (the same folds, 95 % intervals)",
            "rungs called column_ had no image, those called fusion_ both",
        ),
    )


def _difference(losses: Losses, alone: str, both: str) -> tuple[float, float]:
    """Return by how much the mean loss falls, and half the width of its interval."""
    i, j = losses.names.index(alone), losses.names.index(both)
    change = losses.influence[:, [i]] - losses.influence[:, [j]]
    (error,) = standard_errors(change, losses.k, factor=losses.factor)
    half = float(stdtrit(max(losses.m - 1, 1), (1 + LEVEL) / 2)) * float(error)
    return float(losses.means[i] - losses.means[j]), half
