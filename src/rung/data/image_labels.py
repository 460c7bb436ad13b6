"""Match images with their labels: by a column of file names, by folder, or by order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.core.findings import Finding
from rung.data.image_files import is_image_name
from rung.data.image_folders import ImageFile
from rung.errors import DataError, UsageError, suggest
from rung.typing import Array

NAMED = 3
FOLDER_TARGET = "class"


@dataclass(frozen=True)
class LabelledFiles:
    """Files with a row of labels each.

    Attributes
    ----------
    files : tuple of ImageFile
        Images that have a label.
    labels : Dataset
        A row a file, in their order.
    findings : tuple of Finding
        Which images have no label, and which labels no image.
    """

    files: tuple[ImageFile, ...]
    labels: Dataset
    findings: tuple[Finding, ...] = ()


def label_by_folder(files: Sequence[ImageFile]) -> LabelledFiles:
    """Take the name of the folder that a file lies in for its class.

    Raises
    ------
    DataError
        If all lie in one folder.
    """
    folders = [file.folder for file in files]
    if len(set(folders)) < 2:
        raise DataError(
            f"all {len(files):,} images lie in one folder, so that nothing says what is to be "
            "predicted",
            "give --labels FILE with a column of file names and --target COLUMN, or a folder for "
            "each class",
        )
    return LabelledFiles(tuple(files), one_column(folders))


def one_column(labels: Sequence[str] | Array, name: str = FOLDER_TARGET) -> Dataset:
    """Return labels as a table of one column.

    Examples
    --------
    >>> one_column(["b", "a"]).values["class"].tolist(), one_column(np.ones(2)).columns[0].kind
    ([1, 0], 'number')
    """
    values = np.asarray(labels)
    if values.ndim != 1:
        raise DataError(
            f"labels have shape {values.shape}; accepted is one label an image",
            "give an array of one dimension",
        )
    if values.dtype.kind in "biuf":
        return Dataset((Column(name, "number"),), {name: values.astype(float)}, len(values))
    levels, codes = np.unique(values.astype(str), return_inverse=True)
    column = Column(name, "category", levels=tuple(levels.tolist()))
    return Dataset((column,), {name: codes.astype(np.int32)}, len(values))


def find_name_column(labels: Dataset, files: Sequence[ImageFile], target: str) -> tuple[str, Array]:
    """Find the column of file names, and the file of each row; -1 where there is none.

    A name may be the whole path below the folder, the file's name wherever it lies, or that
    without its suffix.

    Raises
    ------
    DataError
        If no column names a file, or a name belongs to two files.
    """
    ways = [(way, _index(files, way)) for way in (_whole, _last, _stem)]
    best: tuple[int, str, Array] = (0, "", np.empty(0))
    for column in labels.columns:
        if column.name == target:
            continue
        cells = _texts(labels, column)
        for way, place in ways:
            rows = np.array([place.get(way(cell), -1) for cell in cells], dtype=np.int64)
            if (n_found := len(set(rows[rows >= 0].tolist()))) > best[0]:
                best = (n_found, column.name, rows)
    if not best[0]:
        raise DataError(
            f"no column of the labels holds file names such as {files[0].name!r}; the columns are "
            f"{', '.join(repr(column.name) for column in labels.columns)[:200]}",
            "add a column with the names of the images",
        )
    if (best[2] == -2).any():
        raise DataError(
            f"{int((best[2] == -2).sum())} names in column {best[1]!r} belong to several images",
            "write the folders into the names",
        )
    return best[1], best[2]


def label_by_name(files: Sequence[ImageFile], labels: Dataset, target: str) -> LabelledFiles:
    """Join files with the rows of a table that names them.

    Raises
    ------
    UsageError
        If the target is no column.
    DataError
        If two rows name one image.
    """
    names = [column.name for column in labels.columns]
    if target not in names:
        near = suggest(target, names)
        raise UsageError(
            f"target column {target!r} not found; the labels have {', '.join(map(repr, names))}",
            f"did you mean --target {near!r}?" if near else "choose one of these",
        )
    column, file_of_row = find_name_column(labels, files, target)
    rows = np.flatnonzero(file_of_row >= 0)
    file, first, count = np.unique(file_of_row[rows], return_index=True, return_counts=True)
    if (count > 1).any():
        example = files[int(file[count > 1][0])].name
        raise DataError(
            f"{int((count > 1).sum()):,} images have several labels, such as {example!r}",
            "leave one row for each image",
        )
    without = [one.name for i, one in enumerate(files) if i not in set(file.tolist())]
    cells = _texts(labels, labels.column(column))
    lost = [cells[i] for i in np.flatnonzero(file_of_row < 0)]
    return LabelledFiles(
        tuple(files[i] for i in file),
        labels.take(rows[first]).with_roles({column: "identifier"}),
        (
            *_unmatched("unlabelled_images", "images have no label", without, len(files)),
            *_unmatched("labels_without_image", "labels have no image", lost, len(cells)),
        ),
    )


def _unmatched(code: str, what: str, names: list[str], n_all: int) -> tuple[Finding, ...]:
    if not names:
        return ()
    shown = ", ".join(repr(name) for name in names[:NAMED])
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    message = f"{len(names):,} of {n_all:,} {what} and are left out: {shown}{more}"
    return (Finding(code, "warning", (), message, "compare names of files and labels"),)


def _texts(labels: Dataset, column: Column) -> list[str]:
    """Return the cells of a column as text; whole numbers without a point."""
    if column.is_coded:
        return [cell or "" for cell in labels.strings(column.name)]
    values = labels.values[column.name]
    return [str(int(v)) if np.isfinite(v) and float(v).is_integer() else repr(v) for v in values]


def _whole(name: str) -> str:
    return name


def _last(name: str) -> str:
    return PurePosixPath(name).name


def _stem(name: str) -> str:
    last = _last(name)
    return PurePosixPath(last).stem if is_image_name(last) else last


def _index(files: Sequence[ImageFile], way: Callable[[str], str]) -> dict[str, int]:
    """Return the place of each file by its name in this way; -2 for names of several."""
    found: dict[str, int] = {}
    for i, file in enumerate(files):
        key = way(file.name)
        found[key] = -2 if key in found else i
    return found


def folder_of(path: str | Path) -> Path:
    """Return the folder that paths in a table are relative to."""
    return Path(path).resolve().parent
