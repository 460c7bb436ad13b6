"""Decode one image: PNG, JPEG, TIFF and others by Pillow, FITS by astropy, arrays by numpy."""

from __future__ import annotations

import gzip
import io
import struct
import warnings
from pathlib import Path

import numpy as np

from rung.data.limits import read_all
from rung.errors import MissingExtra, UnreadableFile
from rung.typing import Array, Untyped

PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp", ".pgm", ".ppm")
FITS = (".fits", ".fit", ".fts")
SUFFIXES = (*PICTURES, *FITS, ".npy")
# Formats that Pillow may try: what reads a text or starts another program is not among them.
FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP", "PPM")
MOST_PIXELS = 100_000_000
COLOURS = {1: ("grey",), 3: ("red", "green", "blue"), 4: ("red", "green", "blue", "alpha")}


def is_image_name(name: str) -> bool:
    """Tell by its name whether a file is an image.

    Examples
    --------
    >>> is_image_name("a/M31.JPEG"), is_image_name("labels.csv")
    (True, False)
    """
    return name.lower().endswith(SUFFIXES)


def channel_names(n_channels: int) -> tuple[str, ...]:
    """Name channels: grey, or red, green and blue; by numbers where there are others.

    Examples
    --------
    >>> channel_names(1), channel_names(2)
    (('grey',), ('channel 1', 'channel 2'))
    """
    return COLOURS.get(n_channels, tuple(f"channel {i + 1}" for i in range(n_channels)))


def decode(raw: bytes, name: str) -> Array:
    """Return the pixels of an image file, shape (channels, height, width), as they are stored.

    Raises
    ------
    UnreadableFile
        If it is no image, damaged, or has more than 100 million pixels.
    """
    if name.lower().endswith(FITS):
        pixels = _decode_fits(raw, name)
    elif name.lower().endswith(".npy"):
        pixels = read_array(raw, name)
    else:
        pixels = _decode_picture(raw, name)
    if pixels.ndim == 2:
        pixels = pixels[None]
    if pixels.ndim != 3 or pixels.dtype.kind not in "biuf":
        raise UnreadableFile(f"{name!r} holds no image but an array of shape {pixels.shape}")
    return np.asarray(channels_first(pixels[None])[0])


def channels_first(images: Array) -> Array:
    """Return images as (n, channels, height, width); the last axis is channels if it is short.

    Examples
    --------
    >>> channels_first(np.zeros((2, 9, 8, 3))).shape, channels_first(np.zeros((2, 3, 9, 8))).shape
    ((2, 3, 9, 8), (2, 3, 9, 8))
    """
    if images.ndim == 3:
        return images[:, None]
    is_last = images.shape[3] <= 4 and images.shape[3] < min(images.shape[1:3])
    return np.moveaxis(images, 3, 1) if is_last else images


def _decode_picture(raw: bytes, name: str) -> Array:
    try:
        from PIL import Image
    except ImportError as error:
        raise MissingExtra(
            f"{name!r} needs Pillow to be read, which is not installed",
            "pip install 'rung[images]'",
        ) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a bomb is refused below, by its size
            with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
                _refuse_bomb(*image.size, name)
                image.load()
                return _pixels(image)
    except Image.DecompressionBombError as error:
        raise UnreadableFile(
            f"{name!r} is far larger unpacked than packed; accepted are {MOST_PIXELS:,} pixels"
        ) from error
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, struct.error) as error:
        raise UnreadableFile(f"{name!r} is no image that can be read") from error


def _refuse_bomb(width: int, height: int, name: str) -> None:
    if width * height > MOST_PIXELS:
        raise UnreadableFile(
            f"{name!r} has {width:,} x {height:,} pixels; accepted are {MOST_PIXELS:,} at most"
        )


def _pixels(image: Untyped) -> Array:
    """Return what a picture holds: palettes as colours, 16 bit and float as they are."""
    if image.mode in ("1", "P", "PA", "CMYK", "YCbCr", "LAB", "HSV", "RGBX"):
        has_alpha = image.mode == "PA" or "transparency" in image.info
        image = image.convert(
            "L" if image.mode == "1" else "RGBA" if has_alpha and image.mode != "1" else "RGB"
        )
    pixels = np.asarray(image)
    if image.mode in ("LA", "La"):
        pixels = pixels[..., :1]
    elif image.mode in ("RGBA", "RGBa"):
        pixels = pixels[..., :3]  # how a picture is laid over others tells nothing of it
    return np.moveaxis(pixels, 2, 0) if pixels.ndim == 3 else pixels


def _decode_fits(raw: bytes, name: str) -> Array:
    try:
        from astropy.io import fits
    except ImportError as error:
        raise MissingExtra(
            f"{name!r} needs astropy to be read, which is not installed", "pip install astropy"
        ) from error
    try:
        with fits.open(io.BytesIO(raw), memmap=False) as parts:
            data = next(part.data for part in parts if part.is_image and part.data is not None)
    except (OSError, ValueError, TypeError, KeyError, StopIteration) as error:
        raise UnreadableFile(f"{name!r} is no FITS image that can be read: {error}") from error
    return np.asarray(data).astype(data.dtype.newbyteorder("="))


def map_array(path: Path) -> Array:
    """Open a numpy file without reading it whole: what is asked for is read then.

    Raises
    ------
    UnreadableFile
        If it is damaged or holds objects.
    """
    try:
        found: Array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        raise UnreadableFile(f"{path.name!r} is no array that can be read: {error}") from error
    return found


def read_array(raw: bytes, name: str) -> Array:
    """Read a numpy file, which may hold numbers only.

    Raises
    ------
    UnreadableFile
        If it is damaged or holds objects.
    """
    try:
        found: Array = np.load(io.BytesIO(raw), allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        raise UnreadableFile(f"{name!r} is no array that can be read: {error}") from error
    return found.astype(found.dtype.newbyteorder("="), copy=False)


def read_idx(path: Path) -> Array:
    """Read an array of the IDX format, also gzipped, as MNIST is given out.

    Raises
    ------
    UnreadableFile
        If it is not one, or is cut short.
    """
    packed = path.read_bytes()
    raw = packed
    if packed[:2] == b"\x1f\x8b":
        try:
            with gzip.open(io.BytesIO(packed)) as stream:
                raw = read_all(stream, len(packed), path.name)
        except (OSError, EOFError) as error:
            raise UnreadableFile(f"{path.name!r} is damaged: {error}") from error
    kinds = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
    kind = kinds.get(raw[2]) if len(raw) > 4 and raw[:2] == b"\x00\x00" else None
    if kind is None:
        raise UnreadableFile(f"{path.name!r} is no IDX file")
    head = 4 + 4 * raw[3]
    shape = tuple(int(size) for size in np.frombuffer(raw[4:head], ">u4"))
    wanted = int(np.prod(shape, dtype=object)) * np.dtype(kind).itemsize
    if len(raw) - head != wanted:
        raise UnreadableFile(
            f"{path.name!r} should hold {wanted:,} bytes of shape {shape} and has {len(raw) - head:,}",
            "fetch the file again",
        )
    found = np.frombuffer(raw[head:], kind).reshape(shape)
    return found.astype(found.dtype.newbyteorder("="))
