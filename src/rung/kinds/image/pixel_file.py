"""Keep the pixels of a run in a file that memory is mapped to, where they are many."""

from __future__ import annotations

import os
import tempfile

import numpy as np

from rung.errors import DiskError
from rung.store.ledger import state_folder
from rung.typing import Array

# Up to so many bytes pixels are held in memory.
HELD = 128 * 10**6
FOLDER = "pixels"
# Images that are copied at a time.
BLOCK = 256


def pixel_array(shape: tuple[int, ...]) -> Array:
    """Return an array of float32 zeros: a map of a file where it is large.

    The file lies in the user's state folder and has no name any more, so that nothing is left of
    it when the run ends, in whatever way. Workers are threads, and share the map.

    Raises
    ------
    DiskError
        If there is no room for it.

    Examples
    --------
    >>> pixel_array((2, 1, 2, 2)).sum()
    np.float32(0.0)
    """
    n_bytes = 4 * int(np.prod(shape, dtype=np.int64))
    if n_bytes <= HELD:
        return np.zeros(shape, dtype=np.float32)
    try:
        folder = state_folder(os.environ) / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            if hasattr(os, "posix_fallocate"):  # a hole would fail later, in the middle of a write
                os.posix_fallocate(file.fileno(), 0, n_bytes)
            mapped = np.memmap(file, dtype=np.float32, mode="r+", shape=shape)
    except (OSError, RuntimeError) as error:
        raise DiskError(
            f"{n_bytes / 1e9:.1f} GB for the pixels of all images cannot be written: {error}",
            "set RUNG_STATE to a folder with more room, or use a smaller --size",
        ) from error
    found: Array = np.asarray(mapped)
    return found


def in_order(pixels: Array, rows: Array) -> Array:
    """Return these images in this order, a few copied at a time.

    Examples
    --------
    >>> in_order(np.arange(3, dtype=np.float32).reshape(3, 1, 1, 1), np.array([2, 0])).ravel()
    array([2., 0.], dtype=float32)
    """
    found = pixel_array((len(rows), *pixels.shape[1:]))
    for start in range(0, len(rows), BLOCK):
        found[start : start + BLOCK] = pixels[rows[start : start + BLOCK]]
    return found
