"""Read arrays of images, with the labels that lie beside them, out of HDF5 files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from rung.data.limits import room_for
from rung.errors import MissingExtra, UnreadableFile
from rung.typing import Array, Untyped

HDF5 = (".h5", ".hdf5")
LABEL_KEYS = ("labels", "label", "y", "target", "targets", "class", "classes")
# What the library raises on damaged files.
DAMAGED = (OSError, KeyError, ValueError, RuntimeError, TypeError, UnicodeDecodeError)


def holds_cube(path: Path) -> bool:
    """Tell whether an HDF5 file holds an array of images, not a table."""
    try:
        import h5py

        with h5py.File(path, "r") as file:
            return bool(_cubes(file))
    except (ModuleNotFoundError, *DAMAGED):
        return False


def read_cube_file(path: Path) -> tuple[Array, Any]:
    """Return the one array of images of an HDF5 file, and its labels or None.

    Raises
    ------
    UnreadableFile
        If it holds none or several, or cannot be read.
    MissingExtra
        If there is no h5py.
    """
    try:
        import h5py
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"{path.name!r} needs h5py, which is not installed", "pip install 'rung[science]'"
        ) from error
    try:
        with h5py.File(path, "r") as file:
            return _read(file, path)
    except DAMAGED as error:
        said = " ".join(str(error).split())[:200]
        raise UnreadableFile(f"{path.name!r} is no HDF5 file that can be read: {said}") from error


def _read(file: Untyped, path: Path) -> tuple[Array, Any]:
    cubes = _cubes(file)
    if len(cubes) != 1:
        raise UnreadableFile(
            f"{path.name!r} holds {len(cubes)} arrays of images among {sorted(file)}; accepted is "
            "one",
            "save the images alone, or with their labels as 'labels'",
        )
    (name,) = cubes
    if file[name].nbytes > room_for(path.stat().st_size):
        raise UnreadableFile(f"{path.name!r} unpacks to far more than it holds")
    images = np.asarray(file[name][()])
    labels = [key for key in LABEL_KEYS if key in file and file[key].shape == (len(images),)]
    return images, _plain(file[labels[0]]) if labels else None


def _cubes(file: Untyped) -> list[str]:
    """Return the names of data sets of three or four dimensions; links to other files are none."""
    import h5py

    found = []
    for name in file:
        is_soft = not isinstance(file.get(name, getlink=True), h5py.HardLink)
        if is_soft or not isinstance(file[name], h5py.Dataset):
            continue
        if len(file[name].shape) in (3, 4) and file[name].dtype.kind in "biuf":
            found.append(str(name))
    return found


def _plain(labels: Untyped) -> Array:
    return np.asarray(labels.asstr()[()] if labels.dtype.kind in "SO" else labels[()])
