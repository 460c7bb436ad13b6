"""Write what was found about groups as a page of its own: the finding, what it rests on, its limits."""

from __future__ import annotations

import base64
from collections.abc import Callable

from rung.groups.count import DOUBT
from rung.groups.rates import rates_for
from rung.groups.stability import FOUND_AGAIN
from rung.report.figures import drawn, on_paper
from rung.report.filling import fill, style_sheet
from rung.report.html import policy
from rung.report.numbers import clean, count, decimals_for, number, percent
from rung.report.plot_groups import (
    HEIGHT_INCHES,
    MOST_VALLEYS,
    level_words,
    plot_groups,
    plot_stability,
    plot_valley,
)
from rung.report.row_map import MAP_STYLE
from rung.typing import JSON, Untyped

ACROSS = 3
LINKED = (
    "These groups are pieces of rows that single linkage keeps apart, as Gaussians do not show them: "
    "they may have any shape. One half of the rows is linked; where two pieces meet, rows of the other "
    "half are counted about the densest place between them and about the dense places of both "
    "(binomial test). So there is no straight way to draw them along."
)


def groups_page(found: JSON, name: str) -> str:
    """Return the finding as a whole HTML file without scripts.

    Parameters
    ----------
    found : dict
        From `Clusters.to_dict`, with the places of the rows.
    name : str
        Of the table.
    """
    style = style_sheet() + MAP_STYLE
    half = found["halves"][found["shown"]]
    return fill(
        "groups.html.j2",
        name=clean(name),
        k=found["k"],
        verdict=found["verdict"],
        sentence=found["sentence"],
        facts=_facts(found),
        finding=finding(found),
        main_picture=_embedded(
            HEIGHT_INCHES, lambda canvas: plot_groups(canvas.subplots(1, 2), found)
        ),
        alternative=_alternative(found),
        counting=LINKED if found["by_links"] else _counting(half),
        valleys=_valleys_picture(half),
        valley_rows=_valley_rows(half),
        halves=_half_rows(found),
        groups=_group_rows(found),
        stability=_stability_picture(found) if found["k"] > 1 else "",
        n_halves=len(found["halves"]),
        again=percent(FOUND_AGAIN),
        agreement=_agreement(found),
        rates=_rates(found["n_rows"]),
        cautions=cautions(found),
        used=[clean(one) for one in found["columns"]],
        left_out=[(clean(one["column"]), one["why"]) for one in found["left_out"]],
        notes=[clean(note) for note in found["notes"]],
        has_distances=found["has_distances"],
        style=style,
        policy=policy(style),
    )


def finding(found: JSON) -> list[str]:
    """Say what was found, each claim with its number.

    Examples
    --------
    >>> one = {
    ...     "verdict": "none",
    ...     "level": 0.4,
    ...     "claimed_at": 0.02,
    ...     "k": 1,
    ...     "halves": [{"k": 1}, {"k": 2}],
    ... }
    >>> finding(one)[1]
    'Alone, the halves would have been called 1 and 2 groups (1 is none). So no number of groups is claimed, and the rows are shown as one.'
    """
    each = [str(one["k"]) for one in found["halves"]]
    shown = f"{', '.join(each[:-1])} and {each[-1]}"
    n = len(each)
    level = (
        f"If the rows were one group, valleys as empty as these had a chance of "
        f"{level_words(found['level'])}: the median over {n} halves of the rows, each tested on the "
        "other half."
    )
    if found["level"] >= 1:
        level = f"Most of the {n} halves of the rows show no valley at all: the level is 1."
    claimed = f"Groups are claimed up to a level of {found['claimed_at']:g}, and above {DOUBT:g} the answer is none."
    halves = f"Alone, the halves would have been called {shown} {'groups' if found['k'] > 1 else 'groups (1 is none)'}."
    k = found["k"]
    if found["verdict"] == "groups":
        why = (
            f"{k} is claimed, as at least half of the halves show so many and each of these groups "
            "is found again by half of them or more."
        )
    elif found["verdict"] == "none":
        why = "So no number of groups is claimed, and the rows are shown as one."
    elif found["level"] > found["claimed_at"]:
        why = f"Between the two nothing is claimed; {k} groups would have been the best guess, and are shown."
    else:
        why = (
            f"That there is more than one group is sure at that level, their number is not. The {k} "
            "groups shown here are those that most halves find again; they are not claimed."
        )
    return [f"{level} {claimed}", f"{halves} {why}"]


def _facts(found: JSON) -> list[tuple[str, str]]:
    groups = {"none": "none", "undecided": "undecided"}.get(found["verdict"], str(found["k"]))
    span = f"{found['low']} to {found['high']}" if found["high"] > 1 else "1, which is none"
    return [
        ("Groups", groups),
        ("Range over halves", span),
        ("Level", level_words(found["level"])),
        ("Rows", f"{count(found['n_rows'])}, {count(found['like_none'])} outlying"),
    ]


def _alternative(found: JSON) -> str:
    sizes = ", ".join(count(one["rows"]) for one in found["groups"]) or count(found["n_rows"])
    return (
        f"Left, {count(found['n_rows'])} rows on two components; rows by group: {sizes}. Right, rows "
        "along the way between two peaks, with the windows that are counted; the table below has them."
    )


def _counting(half: JSON) -> str:
    if not half["valleys"]:
        return (
            "The model of no half has two peaks with a valley between them, so nothing was tested; "
            "the rows are shown along the component of most variance."
        )
    first = half["valleys"][0]
    few, many = count(first["between"]), count(min(first["beside"]))
    return (
        "One half of the rows says where two peaks are, the other half is counted in three windows "
        "of equal width (green): at both peaks, and where it is emptiest between them. Without a "
        "valley the window between has at least what the emptier peak has. Deepest here: "
        f"{few} between, {many} at the emptier peak; so few or fewer have a chance of "
        f"{level_words(first['level'])} (binomial test, exact for every shape)."
    )


def _embedded(height: float, draw: Callable[[Untyped], object]) -> str:
    """Return a picture as data; the page's policy takes no style that a picture in it had."""
    return base64.b64encode(on_paper(drawn(height, draw)).encode("utf-8")).decode("ascii")


def _valleys_picture(half: JSON) -> str:
    valleys = half["valleys"][:MOST_VALLEYS]
    if len(valleys) < 2:
        return ""
    across = min(ACROSS, len(valleys))
    n_rows = -(-len(valleys) // across)

    def draw(canvas: Untyped) -> None:
        panels = canvas.subplots(n_rows, across, squeeze=False).ravel()
        for panel, one in zip(panels, valleys, strict=False):
            plot_valley(panel, one, half["rows"])
        for panel in panels[len(valleys) :]:
            panel.set_axis_off()

    return _embedded(2.3 * n_rows, draw)


def _stability_picture(found: JSON) -> str:
    return _embedded(
        0.9 + 0.32 * found["k"], lambda canvas: plot_stability(canvas.subplots(), found)
    )


def _valley_rows(half: JSON) -> list[list[str]]:
    return [
        [
            " and ".join(f"{one}" for one in valley["sides"]),
            count(valley["beside"][0]),
            count(valley["between"]),
            count(valley["beside"][1]),
            level_words(valley["level"]),
            "yes" if valley["parts"] else "no, too shallow",
        ]
        for valley in half["valleys"]
    ]


def _half_rows(found: JSON) -> list[list[str]]:
    return [
        [
            str(number_of + 1) + (" (shown)" if number_of == found["shown"] else ""),
            count(half["rows"]),
            str(half["k"]),
            str(sum(one["parts"] for one in half["valleys"])),
            level_words(half["level"]),
        ]
        for number_of, half in enumerate(found["halves"])
    ]


def _group_rows(found: JSON) -> list[JSON]:
    return [
        {
            "group": one["group"],
            "rows": count(one["rows"]),
            "share": percent(one["rows"] / found["n_rows"]),
            "stability": f"{one['stability']:.2f}",
            "rule": clean(one["text"]),
            "accuracy": percent(one["accuracy"]),
            "base": percent(one["base"]),
            "differs": [_difference(each, found["units"]) for each in one["differs"]],
        }
        for one in found["groups"]
    ]


def _difference(one: JSON, units: JSON) -> tuple[str, str]:
    name = clean(one["column"])
    if one["level"] is not None:
        return (
            f"{name} = {clean(one['level'])}",
            f"{percent(one['inside'])} (others {percent(one['others'])})",
        )
    unit = f" {clean(units[one['column']])}" if units.get(one["column"]) else ""
    digits = decimals_for(abs(one["inside"] - one["others"]), 3)
    return name, f"{number(one['inside'], digits)}{unit} (others {number(one['others'], digits)})"


def _agreement(found: JSON) -> JSON | None:
    one, crossed = found["agreement"], found["crossed"]
    if one is None:
        return None
    return {
        "column": clean(crossed["column"]),
        "rand": f"{number(one['rand'], 2)} ({number(one['low'], 2)} to {number(one['high'], 2)})",
        "information": f"{number(one['information'], 3)} nats a row "
        f"({number(one['information_low'], 3)} to {number(one['information_high'], 3)})",
        "level": number(one["level"], 3),
        "levels": [clean(level) for level in crossed["levels"]],
        "n_levels": crossed["n_levels"],
        "rows": [
            (str(group + 1), [count(n) for n in row], count(sum(row)))
            for group, row in enumerate(crossed["rows"])
        ],
    }


def _rates(n_rows: int) -> JSON:
    rows, columns, rates = rates_for(n_rows)
    return {
        "n_rows": count(rows),
        "columns": columns,
        "rows": [
            [
                one.world,
                count(one.tables),
                *(percent(x) for x in (one.right, one.false, one.undecided)),
            ]
            for one in rates
        ],
    }


def cautions(found: JSON) -> list[str]:
    """Say what must not be read from the finding."""
    two = percent(float(sum(found["shares"])))
    said = [
        (
            "Groups are regions of many rows with emptier ones between them; nothing says that they are "
            "kinds, causes or species. Groups that touch (3 standard deviations apart) are not seen, so "
            "that no groups does not mean one kind."
        ),
        (
            f"The picture holds {two} of the variance: rows that lie together on it may be apart along "
            "what it does not show."
        ),
        "Every column weighs alike. With other columns, other groups.",
    ]
    if found["k"] > 1:
        said.append(
            "Rules and medians were looked up after the groups were made of the same columns: they "
            "describe the groups. A test of these columns between the groups would prove nothing."
        )
    by_level = [one for one in found["groups"] if " = " in one["text"] and one["depth"] == 1]
    if by_level:
        named = ", ".join(str(one["group"]) for one in by_level)
        said.append(
            f"A level of one category makes group {named}: such groups repeat that column. Leave it "
            "out with --drop, or compare with it by --label, to see whether others part them too."
        )
    return said
