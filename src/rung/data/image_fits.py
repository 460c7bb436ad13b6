"""Read arrays of images, with the labels that lie beside them, out of FITS files."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from rung.data.image_cubes import LABEL_KEYS
from rung.data.image_files import FITS
from rung.errors import MissingExtra, UnreadableFile
from rung.typing import Array, Untyped

# What the library raises on damaged files.
DAMAGED = (OSError, KeyError, ValueError, TypeError, IndexError)
CUBE_AXES = 4


def is_fits(path: str | Path) -> bool:
    """Tell by its name whether a file is FITS.

    Examples
    --------
    >>> is_fits("cube.FITS"), is_fits("cube.npz")
    (True, False)
    """
    return Path(path).name.lower().endswith(FITS)


def holds_fits_cube(path: Path) -> bool:
    """Tell whether a FITS file holds many images of several channels; three axes may be one image."""
    try:
        from astropy.io import fits

        with _quietly(), fits.open(path, memmap=True) as parts:
            return any(part.is_image and part.header.get("NAXIS") == CUBE_AXES for part in parts)
    except (ModuleNotFoundError, *DAMAGED):
        return False


def read_fits_cube(path: Path) -> tuple[Array, Any]:
    """Return the one array of images of a FITS file, and its labels or None.

    Numbers are scaled as the header says, and in the order of bytes of this machine. Labels are a
    column of a table in the file that is called so.

    Raises
    ------
    UnreadableFile
        If it holds none or several, or cannot be read.
    MissingExtra
        If there is no astropy.
    """
    try:
        from astropy.io import fits
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"{path.name!r} needs astropy, which is not installed", "pip install 'rung[science]'"
        ) from error
    try:
        with _quietly(), fits.open(path, memmap=False) as parts:
            return _read(parts, path)
    except DAMAGED as error:
        said = " ".join(str(error).split())[:200]
        raise UnreadableFile(f"{path.name!r} is no FITS file that can be read: {said}") from error


@contextmanager
def _quietly() -> Iterator[None]:
    """Leave out what the library warns of: a damaged part is then absent, which is said."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _read(parts: Untyped, path: Path) -> tuple[Array, Any]:
    cubes = [one for one in parts if one.is_image and one.header.get("NAXIS") in (3, CUBE_AXES)]
    if len(cubes) != 1:
        raise UnreadableFile(
            f"{path.name!r} holds {len(cubes)} arrays of images; accepted is one, of three or four "
            "axes",
            "save the images alone, or with their labels in a table as 'labels'",
        )
    data = np.asarray(cubes[0].data)
    images = data.astype(data.dtype.newbyteorder("="))
    tables = [one for one in parts if not one.is_image]
    found = [
        np.asarray(table.data[name])
        for table in tables
        for name in table.columns.names
        if name.lower() in LABEL_KEYS and len(table.data) == len(images)
    ]
    return images, _native(found[0]) if found else None


def _native(labels: Array) -> Array:
    """Return labels in the order of bytes of this machine; texts without blanks at their end."""
    if labels.dtype.kind in "SU":
        return np.char.strip(labels.astype(str))
    return labels.astype(labels.dtype.newbyteorder("="))
