"""Turn images and maps into small PNG files; the standard library is enough."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence

import numpy as np

from rung.images.sizing import resize
from rung.images.statistics import fill_missing
from rung.typing import Array

SIDE = 48
MAGIC = b"\x89PNG\r\n\x1a\n"
COLOURED = 3
# Brightness is told in so many levels: what the eye cannot see takes no room.
LEVELS = 32
# Of a sheet of maps: pixels that a map has at least, and of the lines between maps.
LEGIBLE, LINE = 24, 2
# What lowers, what does nothing, what raises: blue, white, orange; told apart in every colour vision.
LOWERS, NOTHING, RAISES = (0, 114, 178), (245, 245, 245), (213, 94, 0)


def thumbnail(pixels: Array, side: int = SIDE) -> str:
    """Return a small PNG of an image, (channels, height, width), in base 64.

    Brightness is stretched from the 1st to the 99th percentile; of other channels than red, green
    and blue the mean is shown.

    Examples
    --------
    >>> base64.b64decode(thumbnail(np.eye(8)[None]))[1:4]
    b'PNG'
    """
    image = fill_missing(pixels[None].astype(np.float32))[0]
    image = image if len(image) == COLOURED else image.mean(axis=0, keepdims=True)
    image = at_most(image, side)
    low, high = np.percentile(image, (1, 99))
    grey = np.clip((image - low) / max(float(high - low), 1e-30), 0, 1)
    return encoded((grey * (LEVELS - 1)).round() * (255 / (LEVELS - 1)))


def grey_map(values: Array) -> str:
    """Return numbers, (height, width), as a PNG in base 64: the lowest black, the highest white.

    Examples
    --------
    >>> decoded(grey_map(np.array([[0.0, 5.0]])))[:, :, 0].tolist()
    [[0, 255]]
    """
    low, high = float(values.min()), float(values.max())
    return encoded(255 * (values[None] - low) / max(high - low, 1e-30))


def signed_map(values: Array, limit: float | None = None) -> str:
    """Return numbers as a PNG in base 64: blue below zero, white at it, orange above.

    Parameters
    ----------
    values : ndarray, shape (height, width)
        NaN is drawn as zero.
    limit : float, optional
        Size of the strongest colour; the largest of them if not given.

    Examples
    --------
    >>> decoded(signed_map(np.array([[-2.0, 0.0, 2.0]])))[0].tolist()
    [[0, 114, 178], [245, 245, 245], [213, 94, 0]]
    """
    known = np.nan_to_num(values)
    most = float(np.abs(known).max()) if limit is None else limit
    share = np.clip(known / max(most, 1e-30), -1, 1)[None]
    ends = np.where(share < 0, _colour(LOWERS), _colour(RAISES))
    return encoded(_colour(NOTHING) + np.abs(share) * (ends - _colour(NOTHING)))


def _colour(colour: Sequence[int]) -> Array:
    return np.array(colour, dtype=float)[:, None, None]


def sheet_map(maps: Sequence[Array], columns: int) -> str:
    """Return maps of one size beside and below one another, each stretched by itself, as a PNG.

    Parameters
    ----------
    maps : sequence of ndarray, each (height, width) or (3, height, width)
        In grey, or in colours.
    columns : int
        Maps in a row.

    Examples
    --------
    >>> sheet = decoded(sheet_map([np.array([[0.0, 2.0]]), np.array([[3.0, 3.0]])], 2))
    >>> sheet.shape, sheet[0, 0].tolist(), sheet[0, 12].tolist(), sheet[0, 24].tolist()
    ((12, 50, 3), [0, 0, 0], [255, 255, 255], [0, 114, 178])
    """
    height, width = maps[0].shape[-2:]
    times = -(-LEGIBLE // max(height, width))
    high, wide = times * height, times * width
    rows = -(-len(maps) // columns)
    shape = (COLOURED, rows * (high + LINE) - LINE, columns * (wide + LINE) - LINE)
    sheet = np.zeros(shape) + _colour(LOWERS)
    for i, one in enumerate(maps):
        top, left = (i // columns) * (high + LINE), (i % columns) * (wide + LINE)
        span = float(one.max() - one.min())
        grey = 255 * (one - one.min()) / (span or 1.0)
        sheet[:, top : top + high, left : left + wide] = grey.repeat(times, -2).repeat(times, -1)
    return encoded(sheet)


def at_most(pixels: Array, side: int) -> Array:
    """Return an image or a map, (..., height, width), whose longer side is at most so long.

    Examples
    --------
    >>> at_most(np.eye(4), 2)
    array([[0.5, 0. ],
           [0. , 0.5]])
    """
    height, width = pixels.shape[-2:]
    scale = side / max(height, width)
    if scale >= 1:
        return pixels
    return resize(pixels, max(round(height * scale), 1), max(round(width * scale), 1))


def encoded(pixels: Array) -> str:
    """Return pixels from 0 to 255, (1 or 3, height, width), as a PNG in base 64."""
    return base64.b64encode(png(pixels.round().astype(np.uint8))).decode("ascii")


def png(pixels: Array) -> bytes:
    """Write a PNG of 8 bits from (channels, height, width)."""
    n_channels, height, width = pixels.shape
    rows = np.moveaxis(pixels, 0, 2).reshape(height, -1)
    raw = b"".join(b"\x00" + row.tobytes() for row in rows)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    colour = 2 if n_channels == COLOURED else 0
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(raw, 9)), chunk(b"IEND", b""))
    return MAGIC + b"".join(parts)


def decoded(text: str) -> Array:
    """Return the pixels of a PNG that `png` wrote, uint8, shape (height, width, 3), to draw it.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    data = base64.b64decode(text, validate=True)
    if data[:8] != MAGIC or len(data) < len(MAGIC) + 12 + 13:
        raise ValueError("the picture is no PNG")
    width, height, depth, colour = struct.unpack(">IIBB", data[16:26])
    n_channels = COLOURED if colour == 2 else 1
    size = struct.unpack(">I", data[33:37])[0]
    raw = zlib.decompress(data[41 : 41 + size])
    if depth != 8 or len(raw) != height * (1 + width * n_channels):
        raise ValueError("the picture is no PNG of this program")
    rows = np.frombuffer(raw, np.uint8).reshape(height, -1)[:, 1:]
    found = rows.reshape(height, width, n_channels)
    return found if n_channels == COLOURED else found.repeat(COLOURED, axis=2)
