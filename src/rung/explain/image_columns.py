"""Say what columns of images mean: which scale, angle, place and channel, or which statistic.

A model of images learns from one kind of these columns, as a model of a table with no others; so it
is explained.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rung.core.result import plain
from rung.explain.explanation import Explained, Explanation
from rung.explain.held_out import HeldOut
from rung.explain.importance import importance
from rung.images.numbers import BACKBONE, PIXEL, SCATTERING
from rung.images.statistics import SHAPES
from rung.typing import JSON

MOST_ROWS, MOST_PREDICTED, DRAWS = 4_000, 120_000, 3
SCATTERED = re.compile(
    rf"{SCATTERING} (?:(?P<channel>.+) )?scale (?P<first>\d+)(?: then (?P<second>\d+))?"
    r"(?: angle (?P<angle>\S+))?(?: turn (?P<turn>\S+))?(?: cell (?P<cell>\S+))?"
)
# How columns of scattering are put together, each way by itself.
WAYS = ("scale", "angle", "cell", "channel")
MEASURED = "measure"


def groups_of_columns(names: Sequence[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Put columns of images together: for each way the columns of each group.

    Parameters
    ----------
    names : sequence of str
        Columns that a model reads.

    Returns
    -------
    dict
        Of scattering by `scale`, `angle`, `cell` of the image and `channel`, of pixel statistics by
        `measure`; a way that makes one group is left out. Columns of other names are groups of one.

    Examples
    --------
    >>> found = groups_of_columns(["scattering scale 1 angle 0", "scattering scale 1 angle 45"])
    >>> found
    {'angle': {'angle 0°': ('scattering scale 1 angle 0',), 'angle 45°': ('scattering scale 1 angle 45',)}}
    """
    found: dict[str, dict[str, list[str]]] = {}
    for name in names:
        for way, group in _meanings(name).items():
            found.setdefault(way, {}).setdefault(group, []).append(name)
    return {
        way: {group: tuple(own) for group, own in groups.items()}
        for way, groups in found.items()
        if len(groups) > 1
    }


def _meanings(name: str) -> dict[str, str]:
    known = SCATTERED.fullmatch(name)
    if known is None:
        return {MEASURED: _measure(name)}
    part = known.groupdict()
    pair = f" then {part['second']}" if part["second"] else ""
    angle = f"angle {part['angle']}°" if part["angle"] else ""
    turn = f"turn {part['turn']}°" if part["turn"] else ""
    found = {
        MEASURED: "wavelet scattering",
        "scale": f"scale {part['first']}{pair}",
        "angle": angle or turn or "all angles together",
    }
    return {
        **found,
        **{way: f"{way} {part[way]}" for way in ("cell", "channel") if part[way]},
    }


def _measure(name: str) -> str:
    """Return what a column that is no scattering measures; one beside the image stands alone."""
    source, _, rest = name.partition(" ")
    if source == BACKBONE:
        return "features of the backbone"
    if source != PIXEL:
        return name
    first = rest.split(" ", maxsplit=1)[0]
    if first in ("mean", "quantile"):
        return "brightness"
    if first in ("deviation", "skewness", "kurtosis"):
        return "spread of brightness"
    if first in SHAPES:
        return "shape"
    return {"ring": "radial profile", "colour": "colours", "missing": "missing pixels"}.get(
        first, first
    )


def scales_of(held: HeldOut) -> list[JSON]:
    """Return what groups of columns are worth to a model, a dictionary for each way.

    Parameters
    ----------
    held : HeldOut
        Models of folds and the rows that they have not seen.
    """
    names = [column.name for column in held.features]
    found = []
    for way, groups in groups_of_columns(names).items():
        most = min(max(MOST_PREDICTED // (DRAWS * len(groups)), 1), MOST_ROWS)
        made: JSON = plain(importance(held, most_rows=most, groups=tuple(groups.values())))
        titles = {own: group for group, own in groups.items()}
        for row in made["columns"]:
            row["n_columns"] = len(row["columns"])
            row["columns"] = [titles[tuple(row["columns"])]]
        found.append({"way": way, "title": held.title, **made})
    return found


def scales_section(found: Explained) -> list[JSON] | None:
    """Return what scales, angles, places and statistics are worth to the choice and the leader."""
    return [way for held in found.opened() for way in scales_of(held)] or None


EXPLANATION = Explanation(name="image_columns", make=scales_section, kinds=("image",))
