"""Move labels of a picture apart, so that each can be read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

Place = tuple[float, float]
N_DIRECTIONS, N_RINGS = 16, 6


def apart(places: Sequence[Place], size: Place, frame: Place) -> list[Place]:
    """Return where labels are written: in their places, or as near as they are alone.

    A label that finds no room stays where it belongs. Those that come first are moved least.

    Parameters
    ----------
    places : sequence of (float, float)
        Middles of the labels.
    size : (float, float)
        Width and height of a label.
    frame : (float, float)
        Width and height of the picture; a label that is moved stays inside.

    Examples
    --------
    >>> apart([(50, 50), (50, 50), (90, 50)], size=(8, 12), frame=(100, 100))[0::2]
    [(50, 50), (90, 50)]
    """
    taken: list[Place] = []
    for place in places:
        chosen = next(
            (each for each in _around(place, size) if _is_free(each, taken, size, frame)), place
        )
        taken.append(chosen)
    return taken


def _around(place: Place, size: Place) -> Iterator[Place]:
    """Yield a place, then those around it, ring by ring."""
    yield place
    for ring in range(1, N_RINGS + 1):
        for turn in range(N_DIRECTIONS):
            angle = 2.0 * math.pi * turn / N_DIRECTIONS
            yield (
                place[0] + ring * size[0] * math.cos(angle),
                place[1] + ring * size[1] * math.sin(angle),
            )


def _is_free(place: Place, taken: Sequence[Place], size: Place, frame: Place) -> bool:
    is_inside = all(
        half <= each <= whole - half
        for each, half, whole in zip(place, (size[0] / 2, size[1] / 2), frame, strict=True)
    )
    return is_inside and not any(
        abs(place[0] - x) < size[0] and abs(place[1] - y) < size[1] for x, y in taken
    )
