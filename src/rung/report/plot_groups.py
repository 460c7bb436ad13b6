"""Draw the groups of rows, the valleys that a finding rests on, and how stable the groups are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rung.groups.valleys import BINS, HALF_WIDTH
from rung.report.numbers import count, percent
from rung.report.plots import BAND, COLOURS, GREY, tidy
from rung.report.row_map import MOST_MARKS
from rung.typing import JSON, Untyped

HEIGHT_INCHES = 3.4
MARKERS = "osD^v"
MOST_VALLEYS = 6
LEAST_LEVEL = 1e-6
NAMED = {"boxstyle": "circle,pad=0.3", "facecolor": "white", "edgecolor": GREY, "linewidth": 0.6}
CENTRED = {"ha": "center", "va": "center", "fontsize": 8, "fontweight": "bold"}
# Of the rows that this many halves find again, dark to light.
SHADES = ("#0072B2", "#5ba3d0", "#a9cfe8", "#dfe3e8")


def plot_groups(axes: Sequence[Untyped], found: JSON) -> Sequence[Untyped]:
    """Draw the rows by group on the first axes, the valley that decides on the second.

    Parameters
    ----------
    axes : two axes
        Of matplotlib.
    found : dict
        From `Clusters.to_dict`, with the places of the rows.
    """
    plot_rows(axes[0], found)
    half = found["halves"][found["shown"]]
    if half["valleys"]:
        plot_valley(axes[1], _deciding(half["valleys"]), half["rows"])
    else:
        plot_spread(axes[1], found)
    return axes


def _deciding(valleys: Sequence[JSON]) -> JSON:
    """Return the shallowest valley that parts groups, or the one that is nearest to it."""
    parting = [one for one in valleys if one["parts"]]
    return parting[-1] if parting else valleys[0]


def level_words(level: float) -> str:
    """Write a level with two digits; those that no sample of this size could tell apart are cut.

    Examples
    --------
    >>> level_words(0.0312), level_words(3e-19), level_words(1.0)
    ('0.031', 'below 0.000001', '1')
    """
    if level < LEAST_LEVEL:
        return "below 0.000001"
    return f"{level:.6f}".rstrip("0").rstrip(".") if level < 0.001 else f"{level:.2g}"


def plot_rows(axes: Untyped, found: JSON) -> Untyped:
    """Draw every row on two principal components, coloured by group; those like none in grey."""
    placed, labels = found["placed"], found["labels"]
    style: JSON = {
        "s": float(np.clip(6000 / max(len(placed), 1), 2, 16)),
        "alpha": 0.7,
        "linewidths": 0,
        "rasterized": len(placed) > MOST_MARKS,
    }
    for one in range(found["k"]):
        own = {"color": COLOURS[one % len(COLOURS)], "marker": MARKERS[one // len(COLOURS) % 5]}
        rows = placed[labels == one]
        axes.scatter(*rows.T, **own, **style)
        if found["k"] > 1 and len(rows):
            axes.text(*np.median(rows, axis=0), str(one + 1), bbox=NAMED, **CENTRED)
    like_none = placed[labels < 0]
    style |= {"linewidths": 0.8, "s": max(style["s"], 9.0)}
    axes.scatter(*like_none.T, color=GREY, marker="x", **style)
    of = "Gower axes" if found["has_distances"] else "components"
    by = " by group" if found["k"] > 1 else ""
    axes.set_title(f"{count(len(placed))} rows{by}, on two {of}", fontsize=9)
    names = [
        f"component {k + 1} ({percent(share)} of the variance)"
        for k, share in enumerate(found["shares"])
    ]
    return tidy(axes, *names)


def plot_valley(axes: Untyped, valley: JSON, n_rows: int) -> Untyped:
    """Draw rows along the way between two groups, with the three windows that are counted."""
    widths = np.diff(BINS)
    axes.bar(BINS[:-1], valley["counts"], widths, align="edge", color="#9aa3ae", linewidth=0)
    one, two = valley["beside"]
    top = max(*valley["counts"], 1)
    for place, rows in ((0.0, one), (valley["place"], valley["between"]), (1.0, two)):
        axes.axvspan(place - HALF_WIDTH, place + HALF_WIDTH, color=BAND, alpha=0.6, zorder=0)
        axes.text(place, top * 1.06, count(rows), ha="center", fontsize=8)
    axes.set_ylim(0, top * 1.2)
    axes.set_xlim(BINS[0], BINS[-1])
    a, b = valley["sides"]
    ends = ("one peak", "the other") if a == b else (f"group {a}", f"group {b}")
    axes.set_xticks([0, 1], ends)
    axes.set_title(
        f"{'' if valley['parts'] else 'too shallow; '}level {level_words(valley['level'])}",
        fontsize=9,
    )
    return tidy(axes, "", f"of {count(n_rows)} held-out rows")


def plot_spread(axes: Untyped, found: JSON) -> Untyped:
    """Draw the rows along the first component, where no half shows two peaks."""
    axes.hist(found["placed"][:, 0], bins=30, color="#9aa3ae", linewidth=0)
    title = "pieces of linked rows" if found["by_links"] else "no half of the rows shows two peaks"
    axes.set_title(title, fontsize=9)
    return tidy(axes, "component 1", "rows")


def plot_stability(axes: Untyped, found: JSON) -> Untyped:
    """Draw a bar a group: the share of its rows that so many halves find again."""
    n_halves = len(found["halves"])
    for height, values in enumerate(found["stabilities"]):
        left, times = 0.0, np.rint(values * n_halves)
        for back in range(n_halves + 1):
            share = float((times == n_halves - back).mean())
            shade = SHADES[min(back, len(SHADES) - 1)]
            axes.barh(
                height, share, left=left, color=shade, edgecolor="white", linewidth=0.5, height=0.7
            )
            left += share
        axes.text(1.02, height, f"{values.mean():.2f}", va="center", fontsize=8)
    axes.set_yticks(range(found["k"]), [f"group {one + 1}" for one in range(found["k"])])
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    return tidy(
        axes, f"share of its rows; dark: found again by all {n_halves} halves, grey: by one or none"
    )
