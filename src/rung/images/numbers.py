"""Turn images into the columns that rungs of images learn from, each under its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np

from rung.images.scattering import Scattering, Symmetry, scattering_moduli
from rung.images.statistics import fill_missing, pixel_names, pixel_statistics
from rung.typing import Array

PIXEL, SCATTERING, BESIDE, BACKBONE = "pixel", "scattering", "column", "backbone"
FUSION = "fusion"
CHUNK = 64
COLOURED = 3

Columns = dict[str, Array]
Spread = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]


def sources_of(word: str) -> tuple[str, ...]:
    """Return with which words the columns begin that rungs of a name take.

    Parameters
    ----------
    word : str
        What the name of a rung begins with.

    Examples
    --------
    >>> sources_of("pixel"), sources_of("fusion"), sources_of("small")
    (('pixel',), ('pixel', 'scattering', 'column'), ())
    """
    if word == FUSION:
        return (PIXEL, SCATTERING, BESIDE)
    return (word,) if word in (PIXEL, SCATTERING, BESIDE, BACKBONE) else ()


def word_of(name: str) -> str:
    """Return the word that says which columns a family takes; empty for one that takes none.

    Examples
    --------
    >>> word_of("scattering_svm"), word_of("small_cnn")
    ('scattering', '')
    """
    word = name.partition("_")[0]
    return word if sources_of(word) else ""


def sources_of_family(name: str) -> tuple[str, ...]:
    """Return with which words the columns begin that a family takes.

    Examples
    --------
    >>> sources_of_family("scattering_svm"), sources_of_family("small_cnn")
    (('scattering',), ())
    """
    return sources_of(word_of(name))


def in_turn(work: Callable[[Any], Any], jobs: Sequence[Any]) -> list[Any]:
    """Work on one job after the other."""
    return [work(job) for job in jobs]


def pixel_columns(images: Array, channels: Sequence[str], spread: Spread = in_turn) -> Columns:
    """Return the pixel statistics of images, shape (n, channels, height, width), by name.

    Examples
    --------
    >>> found = pixel_columns(np.ones((3, 1, 8, 8)), ["grey"])
    >>> found["pixel mean grey"].tolist()
    [1.0, 1.0, 1.0]
    """
    found = np.concatenate(list(spread(pixel_statistics, _chunks(images))))
    names = [f"{PIXEL} {name}" for name in pixel_names(channels)]
    return dict(zip(names, np.ascontiguousarray(found.T), strict=True))


def scattering_columns(
    images: Array,
    channels: Sequence[str],
    symmetries: Sequence[Symmetry],
    spread: Spread = in_turn,
) -> dict[Symmetry, Columns]:
    """Return wavelet scattering of images under one or several symmetries, by name.

    Of red, green and blue the mean is taken: colours are for pixel statistics.

    Parameters
    ----------
    images : ndarray, shape (n, channels, height, width)
        NaN where a pixel is missing: the mean of its channel stands there.
    channels : sequence of str
        Their names.
    symmetries : sequence of str
        Each gives columns of its own.
    spread : callable
        Works on parts of the images side by side.

    Examples
    --------
    >>> found = scattering_columns(np.eye(8)[None, None], ["grey"], ["rotation"])["rotation"]
    >>> list(found)[:3]
    ['scattering scale 1', 'scattering scale 2', 'scattering scale 1 then 2 turn 0']
    """
    kinds = [Scattering(images.shape[2], images.shape[3], symmetry) for symmetry in symmetries]
    parts = list(spread(partial(_scatter, kinds=kinds), _chunks(images)))
    planes = [""] if len(channels) in (1, COLOURED) else [f"{name} " for name in channels]
    found: dict[Symmetry, Columns] = {}
    for i, kind in enumerate(kinds):
        matrix = np.concatenate([part[i] for part in parts]).astype(np.float64)
        names = [f"{SCATTERING} {plane}{name}" for plane in planes for name in kind.names]
        columns = np.ascontiguousarray(matrix.T)
        found[kind.symmetry] = dict(zip(names, columns, strict=True))
    return found


def _scatter(images: Array, kinds: Sequence[Scattering]) -> list[Array]:
    """Return a matrix for each symmetry, the channels beside one another."""
    filled = fill_missing(images)
    if filled.shape[1] == COLOURED:
        filled = filled.mean(axis=1, keepdims=True)
    moduli = [scattering_moduli(filled[:, channel]) for channel in range(filled.shape[1])]
    return [np.concatenate([kind.summarise(*one) for one in moduli], axis=1) for kind in kinds]


def _chunks(images: Array) -> list[Array]:
    return [images[i : i + CHUNK] for i in range(0, len(images), CHUNK)]
