"""Read images of any source into one array of one size, and say what was done to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from rung.core.findings import Finding
from rung.data.image_files import channel_names, decode
from rung.data.image_folders import ImageFile
from rung.errors import DataError, UnreadableFile
from rung.images.sizing import cut_centre, resize
from rung.typing import Array

Stretch = Literal["none", "arcsinh", "percentile"]
LARGEST_SIDE = 64
LOOKED_AT = 20
MOST_UNREADABLE = 0.01
NAMED = 5
BLOCK = 512
Allocate = Callable[[tuple[int, ...]], Array]
Spread = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]


@dataclass(frozen=True)
class ImageShape:
    """What every image is brought to; new images to predict too.

    Attributes
    ----------
    height, width : int
        In pixels.
    channels : tuple of str
        Their names.
    cut : int
        Side of the square that is cut out of the centre first; 0 cuts nothing.
    stretch : str
        `none`, `arcsinh` (of the distance from the median, in median absolute deviations) or
        `percentile` (the 1st to the 99.5th to 0 to 1), of each image by itself.
    """

    height: int
    width: int
    channels: tuple[str, ...]
    cut: int = 0
    stretch: Stretch = "none"

    def bring(self, pixels: Array) -> Array:
        """Bring an image, (channels, height, width), to this shape, float32.

        Raises
        ------
        UnreadableFile
            If it has other channels.
        """
        if pixels.shape[0] == 1 and len(self.channels) == 3:
            pixels = pixels.repeat(3, axis=0)
        if pixels.shape[0] != len(self.channels):
            raise UnreadableFile(
                f"it has {pixels.shape[0]} channels; {len(self.channels)} are expected"
            )
        if self.cut:
            pixels = cut_centre(pixels, self.cut, self.cut)
        resized = resize(as_numbers(pixels), self.height, self.width)
        return stretched(resized, self.stretch)


def as_numbers(pixels: Array) -> Array:
    """Return pixels as float32: of 8 and 16 bits without sign as 0 to 1, others as they are.

    Examples
    --------
    >>> as_numbers(np.array([0, 255], dtype=np.uint8)).tolist()
    [0.0, 1.0]
    """
    if pixels.dtype in (np.uint8, np.uint16):
        return pixels.astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)
    with np.errstate(over="ignore"):
        found: Array = pixels.astype(np.float32)
    found[np.isinf(found)] = np.nan
    return found


def stretched(pixels: Array, stretch: Stretch) -> Array:
    """Stretch the brightness of one image; colours keep their order."""
    if stretch == "none" or not np.isfinite(pixels).any():
        return pixels
    if stretch == "percentile":
        low, high = np.nanpercentile(pixels, (1, 99.5))
        return np.asarray(np.clip((pixels - low) / max(high - low, 1e-30), 0, 1), np.float32)
    middle = np.nanmedian(pixels)
    width = np.nanmedian(np.abs(pixels - middle)) or np.nanstd(pixels) or 1.0
    return np.asarray(np.arcsinh((pixels - middle) / width), np.float32)


def choose_shape(
    images: Sequence[Array], size: int | None, cut: int, stretch: Stretch
) -> ImageShape:
    """Return the shape that all are brought to.

    Parameters
    ----------
    images : sequence of ndarray, each (channels, height, width)
        The first images.
    size : int or None
        Side in pixels; None keeps the size that all have, up to 64 pixels.
    cut : int
        Side that is cut out of the centre first; 0 for nothing.
    stretch : str
        Of the brightness.
    """
    counts = {image.shape[0] for image in images}
    if len(counts) > 1 and not counts <= {1, 3}:
        raise DataError(
            f"images have {', '.join(map(str, sorted(counts)))} channels; all must have as many",
            "give images of one kind",
        )
    sides = {(min(a, cut or a), min(b, cut or b)) for _, a, b in (one.shape for one in images)}
    height, width = sides.pop()
    if size is not None:
        height, width = size, size
    elif sides or max(height, width) > LARGEST_SIDE:
        height, width = LARGEST_SIDE, LARGEST_SIDE
    return ImageShape(height, width, channel_names(max(counts)), cut, stretch)


@dataclass(frozen=True)
class ReadImages:
    """Images that were read.

    Attributes
    ----------
    pixels : ndarray, float32, shape (n, channels, height, width)
        All images.
    kept : ndarray of int, shape (n,)
        Which of those asked for they are.
    shape : ImageShape
        What they were brought to.
    findings : tuple of Finding
        What could not be read, and which sizes were met.
    traits : mapping of str to ndarray, each (n,)
        Of the files: their size in bytes, and height and width before they were changed.
    """

    pixels: Array
    kept: Array
    shape: ImageShape
    findings: tuple[Finding, ...]
    traits: Mapping[str, Array] = field(default_factory=dict)


def in_memory(shape: tuple[int, ...]) -> Array:
    """Return an array of float32 zeros."""
    return np.zeros(shape, dtype=np.float32)


def read_files(
    files: Sequence[ImageFile],
    make_shape: Callable[[Sequence[Array]], ImageShape],
    spread: Spread,
    *,
    allocate: Allocate = in_memory,
) -> ReadImages:
    """Decode files to one array.

    Parameters
    ----------
    files : sequence of ImageFile
        In the order wanted.
    make_shape : callable
        From the first images that can be read to the shape of all.
    spread : callable
        `spread(work, jobs)`: works on files side by side.
    allocate : callable
        Makes the array of float32 that holds them all.

    Raises
    ------
    UnreadableFile
        If more than one in a hundred cannot be read.
    """
    first: list[Array] = []
    for file in files:
        try:
            first.append(decode(file.fetch(), file.name))
        except UnreadableFile:
            continue
        if len(first) == LOOKED_AT:
            break
    if not first:
        _refuse_unreadable([f"{file.name} (no image)" for file in files], len(files))
    shape = make_shape(first)

    def work(file: ImageFile) -> tuple[Array | None, Any]:
        try:
            raw = file.fetch()
            pixels = decode(raw, file.name)
            return shape.bring(pixels), (len(raw), *pixels.shape)
        except UnreadableFile as error:
            return None, error.in_shell

    pixels = allocate((len(files), len(shape.channels), shape.height, shape.width))
    kept, bad, of_files = list[int](), list[str](), list[Any]()
    for start in range(0, len(files), BLOCK):  # so that few images stand in memory twice
        block = files[start : start + BLOCK]
        for i, (image, said) in enumerate(spread(work, block), start):
            if image is None:
                bad.append(f"{files[i].name} ({said})")
                continue
            pixels[len(kept)] = image
            kept.append(i)
            of_files.append(said)
    _refuse_unreadable(bad, len(files))
    sizes = Counter[Any](said[1:] for said in of_files)
    findings = (*_unreadable(bad, len(files)), *_sizes(sizes, shape))
    places = np.array(kept, dtype=np.int64)
    return ReadImages(pixels[: len(kept)], places, shape, findings, _traits(of_files))


def _refuse_unreadable(bad: list[str], n_files: int) -> None:
    if len(bad) > MOST_UNREADABLE * n_files:
        raise UnreadableFile(
            f"{len(bad):,} of {n_files:,} images cannot be read, such as {bad[0]}; accepted is "
            f"one in a hundred at most",
            "mend or remove these files",
        )


def _traits(of_files: Sequence[tuple[int, int, int, int]]) -> dict[str, Array]:
    size, _, height, width = np.array(of_files, dtype=np.float64).T
    return {"size of the file": size, "height of the file": height, "width of the file": width}


def read_cube(
    images: Array,
    make_shape: Callable[[Sequence[Array]], ImageShape],
    *,
    allocate: Allocate = in_memory,
) -> ReadImages:
    """Bring an array of images, (n, channels, height, width), to one shape."""
    if images.ndim != 4 or images.dtype.kind not in "biuf" or not images.size:
        raise UnreadableFile(
            f"an array of shape {images.shape} and kind {images.dtype} is no set of images; "
            "accepted are numbers of shape (n, height, width), (n, channels, height, width) or "
            "(n, height, width, channels)"
        )
    shape = make_shape([images[0]])
    sizes = Counter([images.shape[1:]] * len(images))
    pixels = allocate((len(images), len(shape.channels), shape.height, shape.width))
    for i, one in enumerate(images):
        pixels[i] = shape.bring(one)
    return ReadImages(pixels, np.arange(len(images)), shape, _sizes(sizes, shape))


def _unreadable(bad: list[str], n_files: int) -> tuple[Finding, ...]:
    if not bad:
        return ()
    more = f" and {len(bad) - NAMED} more" if len(bad) > NAMED else ""
    return (
        Finding(
            "unreadable_images",
            "warning",
            (),
            f"{len(bad):,} of {n_files:,} images cannot be read and are left out: "
            f"{'; '.join(bad[:NAMED])}{more}",
            "mend or remove these files",
        ),
    )


def _sizes(sizes: Counter[tuple[int, int, int]], shape: ImageShape) -> tuple[Finding, ...]:
    """Say that images were changed to be of one size."""
    (common, n_common), others = sizes.most_common(1)[0], len(sizes) - 1
    if not others and common[1:] == (shape.height, shape.width):
        return ()
    met = f"{common[2]} x {common[1]} pixels"
    if others:
        met = f"{met} ({n_common:,} of them) and {others} other sizes or channels"
    cut = f"cut to {shape.cut} pixels around the centre and " if shape.cut else ""
    return (
        Finding(
            "resized",
            "info",
            (),
            f"images have {met}; all are {cut}resized by area to {shape.width} x {shape.height}",
            "--size and --cut decide otherwise",
        ),
    )
