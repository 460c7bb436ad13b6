"""Read images of any source together with their labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from rung.compute import default_threads, run_jobs
from rung.core.dataset import Dataset
from rung.core.findings import Finding
from rung.data import read_table
from rung.data.image_cubes import HDF5, LABEL_KEYS, holds_cube, read_cube_file
from rung.data.image_files import channels_first, map_array, read_array, read_idx
from rung.data.image_fits import holds_fits_cube, is_fits, read_fits_cube
from rung.data.image_folders import holds_images, image_files, named_files
from rung.data.image_labels import (
    LabelledFiles,
    folder_of,
    label_by_folder,
    label_by_name,
    one_column,
)
from rung.data.image_reading import ImageShape, ReadImages, choose_shape, read_cube, read_files
from rung.data.limits import room_for
from rung.errors import DataError, UnreadableFile, UsageError
from rung.kinds.image.options import ImageOptions
from rung.kinds.image.pixel_file import in_order, pixel_array
from rung.typing import Array

ARRAYS = (".npy", ".npz")
IDX_MARKS = ("-ubyte", ".idx")


@dataclass(frozen=True)
class LabelledImages:
    """Images of one size with a row of labels each.

    Attributes
    ----------
    source : str
        Name of what was read.
    names : tuple of str
        Of the images.
    pixels : ndarray, float32, shape (n, channels, height, width)
        NaN where a pixel is missing.
    labels : Dataset
        A row an image.
    shape : ImageShape
        What they were brought to.
    findings : tuple of Finding
        What was noticed on the way.
    traits : mapping of str to ndarray, each (n,)
        Of the files, where there are any (`rung.data.image_reading.ReadImages`).
    """

    source: str
    names: tuple[str, ...]
    pixels: Array
    labels: Dataset
    shape: ImageShape
    findings: tuple[Finding, ...]
    traits: Mapping[str, Array] = field(default_factory=dict)

    def take(self, rows: Array) -> LabelledImages:
        """Return these images, in this order."""
        return replace(
            self,
            names=tuple(self.names[i] for i in rows),
            pixels=in_order(self.pixels, rows),
            labels=self.labels.take(rows),
            traits={name: values[rows] for name, values in self.traits.items()},
        )


def is_idx(path: str) -> bool:
    """Tell by its name whether a file holds an array of the IDX format.

    Examples
    --------
    >>> is_idx("t10k-images-idx3-ubyte.gz"), is_idx("table.csv.gz")
    (True, False)
    """
    name = Path(path).name.lower().removesuffix(".gz")
    return name.endswith(IDX_MARKS)


def is_image_source(data: Any) -> bool:
    """Tell whether data are images by what they are: a folder, a zip or cube of them."""
    if isinstance(data, str | Path):
        path = Path(data)
        named = is_idx(path.name) or path.suffix.lower() in ARRAYS
        if path.suffix.lower() in HDF5 and path.is_file():
            return holds_cube(path)
        if is_fits(path) and path.is_file():
            return holds_fits_cube(path)
        return (named and path.is_file()) or holds_images(path)
    return getattr(data, "ndim", 0) in (3, 4)


def spread_over(threads: int | None) -> Callable[[Callable[[Any], Any], Sequence[Any]], list[Any]]:
    """Return what works on jobs side by side."""
    return partial(run_jobs, threads=threads or default_threads())


def read_labelled(
    data: Any, options: ImageOptions, shape: ImageShape | None = None
) -> LabelledImages:
    """Read images and labels as the options say, brought to a model's shape where one is given.

    Raises
    ------
    DataError
        If they cannot be read, or images and labels do not match.
    """

    def shaped(images: Sequence[Array]) -> ImageShape:
        own = options.size, options.cut or 0, options.stretch
        return choose_shape(images, *own) if shape is None else shape

    if isinstance(data, str | Path) and (options.images is not None or holds_images(Path(data))):
        labelled = _labelled_files(Path(data), options)
        read = read_files(
            labelled.files, shaped, spread_over(options.threads), allocate=pixel_array
        )
        names = tuple(file.name for file in labelled.files)
        labels, source = labelled.labels, Path(data).name
        findings = labelled.findings
    else:
        images, own = load_images(data)
        read = read_cube(images, shaped, allocate=pixel_array)
        labels, findings = _array_labels(own, options, len(images)), ()
        names = tuple(map(str, range(len(images))))
        source = Path(data).name if isinstance(data, str | Path) else "array"
    return LabelledImages(
        source=source,
        names=tuple(names[i] for i in read.kept),
        pixels=read.pixels,
        labels=labels.take(read.kept),
        shape=read.shape,
        findings=(*findings, *read.findings),
        traits=read.traits,
    )


def read_unlabelled(
    data: Any, shape: ImageShape, column: str | None
) -> tuple[tuple[str, ...], ReadImages]:
    """Read images to predict, brought to the shape of a model."""

    def as_trained(images: Sequence[Array]) -> ImageShape:
        return shape

    spread = spread_over(None)
    if isinstance(data, str | Path) and (column is not None or holds_images(Path(data))):
        path = Path(data)
        files = (
            image_files(path)
            if column is None
            else named_files(folder_of(path), _paths(read_table(path).dataset, column))
        )
        return tuple(file.name for file in files), read_files(files, as_trained, spread)
    if isinstance(data, str | Path) and Path(data).is_file() and not is_image_source(data):
        files = named_files(folder_of(data), [Path(data).name])
        return (Path(data).name,), read_files(files, as_trained, spread)
    images, _ = load_images(data)
    return tuple(map(str, range(len(images)))), read_cube(images, as_trained)


def _labelled_files(path: Path, options: ImageOptions) -> LabelledFiles:
    if options.images is not None:
        table = read_table(path).dataset
        paths = _paths(table, options.images)
        labels = table.with_roles({options.images: "identifier"})
        return LabelledFiles(named_files(folder_of(path), paths), labels)
    files = image_files(path)
    if options.labels is None:
        return label_by_folder(files)
    table = read_table(options.labels).dataset
    return label_by_name(files, table, options.target)


def _paths(table: Dataset, column: str) -> list[str]:
    if column not in [one.name for one in table.columns] or not table.column(column).is_coded:
        raise UsageError(
            f"column {column!r} of --images holds no paths", "name a column of file names"
        )
    return [cell or "" for cell in table.strings(column)]


def load_images(data: Any) -> tuple[Array, Any]:
    """Load an array of images, (n, channels, height, width), and the labels that it brings along."""
    if not isinstance(data, str | Path):
        return channels_first(np.asarray(data)), None
    path = Path(data)
    if not path.is_file():
        raise UnreadableFile(f"there is no file or folder {str(data)!r}", "check the path")
    if is_idx(path.name):
        return channels_first(read_idx(path)), None
    if path.suffix.lower() == ".npy":
        return channels_first(map_array(path)), None
    if path.suffix.lower() in HDF5:
        images, labels = read_cube_file(path)
        return channels_first(images), labels
    if is_fits(path):
        images, labels = read_fits_cube(path)
        return channels_first(images), labels
    return _load_npz(path)


def _load_npz(path: Path) -> tuple[Array, Any]:
    """Load the one array of images from an archive, and labels if it has them."""
    try:
        with np.load(path, allow_pickle=False) as packed:
            arrays = {}
            for name in packed.files:
                arrays[name] = packed[name]
                if sum(one.nbytes for one in arrays.values()) > room_for(path.stat().st_size):
                    raise UnreadableFile(f"{path.name!r} unpacks to far more than it holds")
    except (ValueError, OSError, EOFError, KeyError) as error:
        raise UnreadableFile(f"{path.name!r} is no archive that can be read: {error}") from error
    cubes = [one for one in arrays.values() if one.ndim in (3, 4)]
    if len(cubes) != 1:
        raise UnreadableFile(
            f"{path.name!r} holds {len(cubes)} arrays of images among {sorted(arrays)}; accepted is one",
            "save the images alone, or with their labels as 'labels'",
        )
    known = [arrays[key] for key in LABEL_KEYS if key in arrays]
    return channels_first(cubes[0]), known[0] if known else None


def _array_labels(own: Any, options: ImageOptions, n_images: int) -> Dataset:
    """Return the labels of an array, which stand in its order."""
    given = own if options.labels is None else options.labels
    if given is None:
        raise DataError(
            f"{n_images:,} images have no labels",
            "give --labels FILE, or from Python rung.fit(images, labels)",
        )
    if isinstance(given, str) and is_idx(given):
        labels = one_column(read_idx(Path(given)), options.target)
    elif isinstance(given, str) and given.lower().endswith(".npy"):
        labels = one_column(read_array(Path(given).read_bytes(), given), options.target)
    elif isinstance(given, str) or hasattr(given, "columns"):
        labels = read_table(given).dataset
    else:
        labels = one_column(np.asarray(given), options.target)
    if labels.n_rows != n_images:
        raise DataError(
            f"{n_images:,} images and {labels.n_rows:,} labels do not match",
            "give a label for each image, in the same order",
        )
    return labels
