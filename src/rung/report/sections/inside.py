"""Place on a page what trained networks of text look like inside."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from functools import partial

from rung.core.result import LadderEntry, Result
from rung.report.filling import fill
from rung.report.labels import apart
from rung.report.numbers import clean, number, percent
from rung.report.plots_inside import plot_attention, plot_layers, plot_map, plot_updates
from rung.report.sections.section import Drawing, Section, file_name
from rung.typing import JSON

BAR_WIDTH, BAR_HEIGHT = 200, 60
MAP_WIDTH, MAP_HEIGHT, MAP_RIM = 320, 300, 14
LABEL = (9.0, 12.0)
CELL, FEWEST_CELLS = 12, 11
# The power of ten that a step is said to move weights by when training goes well.
GUIDE = -3
# The last steps, at a rate of nearly zero, would press the others together: drawn down to here.
DEEPEST = -6
MOST_CHECKS = 10
# Shares of attention are drawn in so many strengths.
STRENGTHS = 10
SHOWN = {"": "⏎", " ": "␣", "\n": "↵"}
# What stands for characters that nobody sees.
CONTROL_SIGNS, N_CONTROL_SIGNS, UNSEEN = 0x2400, 0x20, "\N{REPLACEMENT CHARACTER}"
CIRCLE = "\N{DOTTED CIRCLE}"
KINDS = {
    "bends": "outputs of the activation function",
    "memory": "hidden state",
    "sums": "sums before the rectifier",
}


def inside_pictures(result: Result) -> JSON | None:
    """Return pictures of the networks of a run on text; None where there is nothing to see.

    Returns
    -------
    dict
        `activations`, `learning`, `maps` and `attention`, each a list with one picture a family.
    """
    found = [
        (entry, record["health"])
        for entry in result.ladder
        for record in entry.training
        if "health" in record
    ]
    if not found:
        return None
    drawers = {
        "activations": ("activations", _activations),
        "learning": ("slopes", _learning),
        "maps": ("embedding", _map),
        "attention": ("attention", _attention),
    }
    return {
        kind: [
            draw(entry, health if kind == "learning" else health[part])
            for entry, health in found
            if part in health
        ]
        for kind, (part, draw) in drawers.items()
    }


def _activations(entry: LadderEntry, numbers: JSON) -> JSON:
    title, layers = clean(entry.title), numbers["layers"]
    return {
        "title": title,
        "table": _shares(layers, -numbers["high"], numbers["high"], "Value"),
        "kind": KINDS[numbers["kind"]],
        "width": BAR_WIDTH,
        "height": BAR_HEIGHT,
        "low": number(-numbers["high"], 0),
        "high": number(numbers["high"], 0),
        "layers": [
            _layer(layer, f"layer {place}" if len(layers) > 1 else "")
            for place, layer in enumerate(layers, start=1)
        ],
    }


def _shares(layers: Sequence[JSON], low: float, high: float, what: str) -> JSON:
    """Return histograms as a table: a row a bar, a column a layer."""
    names = [layer.get("name") or f"layer {place}" for place, layer in enumerate(layers, 1)]
    n = len(layers[0]["shares"])
    ends = [number(low + (high - low) * place / n, 2) for place in range(n + 1)]
    rows = [
        [f"{ends[i]} to {ends[i + 1]}", *(percent(layer["shares"][i]) for layer in layers)]
        for i in range(n)
    ]
    return {"head": [what, *names], "rows": rows}


def _layer(layer: JSON, name: str) -> JSON:
    notes = [f"{percent(layer['dead_units'])} of units dead"]
    if "saturated" in layer:
        notes.insert(0, f"{percent(layer['saturated'])} saturated")
    else:
        notes.insert(0, f"{percent(layer['off'])} off")
    return {"name": name, "bars": _bars(layer["shares"]), "words": ", ".join(notes)}


def _bars(shares: Sequence[float]) -> str:
    width, top = BAR_WIDTH / len(shares), max(*shares, 1e-9)
    return "".join(
        f"M{place * width:.4g} {BAR_HEIGHT}v-{BAR_HEIGHT * share / top:.1f}h{width - 1:.4g}V{BAR_HEIGHT}z"
        for place, share in enumerate(shares)
        if share
    )


def _learning(entry: LadderEntry, health: JSON) -> JSON:
    slopes, updates = health["slopes"], health["updates"]["layers"]
    drawn = [value for layer in updates for value in layer["log10"]]
    low = max(min(math.floor(min(drawn)), GUIDE - 1), DEEPEST)
    high = max(math.ceil(max(drawn)), GUIDE + 1)
    halfway = [layer["log10"][(len(layer["log10"]) - 1) // 2] for layer in updates]
    return {
        "title": clean(entry.title),
        "width": BAR_WIDTH,
        "height": BAR_HEIGHT,
        "low": number(low, 0),
        "high": number(high, 0),
        "guide": f"{_height(GUIDE, low, high):.1f}",
        "halfway": " to ".join(dict.fromkeys(number(each(halfway), 1) for each in (min, max))),
        "table": {
            "head": ["Layer", *(f"check {place + 1}" for place in _places(updates))],
            "rows": [
                [layer["name"], *(number(layer["log10"][i], 2) for i in _places(updates))]
                for layer in updates
            ],
        },
        "slopes": {
            "table": _shares(slopes["layers"], slopes["low"], slopes["high"], "Power of ten"),
            "low": number(slopes["low"], 0),
            "high": number(slopes["high"], 0),
            "layers": [_gradients(layer) for layer in slopes["layers"]],
        },
        "updates": [_updates(layer, low, high) for layer in updates],
    }


def _places(updates: Sequence[JSON]) -> range:
    """Return some checks at even distances."""
    n = len(updates[0]["log10"])
    return range(0, n, -(-n // MOST_CHECKS))


def _gradients(layer: JSON) -> JSON:
    if layer["median"] is None:
        words = "all are zero"
    else:
        words = f"half below {number(layer['median'], 1)}"
    if 0 < layer["none"] < 1:
        words += f", {percent(layer['none'])} are zero"
    return {"name": layer["name"], "bars": _bars(layer["shares"]), "words": words}


def _updates(layer: JSON, low: int, high: int) -> JSON:
    values = layer["log10"]
    # One check alone is drawn as a level.
    heights = [_height(value, low, high) for value in (values if len(values) > 1 else 2 * values)]
    step = BAR_WIDTH / max(1, len(heights) - 1)
    return {
        "name": layer["name"],
        "points": " ".join(f"{place * step:.1f},{y:.1f}" for place, y in enumerate(heights)),
        "words": f"{number(values[(len(values) - 1) // 2], 1)} halfway, "
        f"{number(values[-1], 1)} in the end",
    }


def _height(power: float, low: int, high: int) -> float:
    return BAR_HEIGHT * (high - max(power, low)) / (high - low)


def shown_character(character: str) -> str:
    r"""Write a character so that one sign can be seen, and nothing around it changes.

    Examples
    --------
    >>> [shown_character(each) for each in ("a", " ", "", "\x07", "\u202e")]
    ['a', '␣', '⏎', '␇', '�']
    """
    if character in SHOWN:
        return SHOWN[character]
    if clean(character) != character:
        code = ord(character)
        return chr(CONTROL_SIGNS + code) if code < N_CONTROL_SIGNS else UNSEEN
    kind = unicodedata.category(character)
    if kind == "Zs":
        return SHOWN[" "]
    # A mark that joins the letter before it has none here.
    return CIRCLE + character if kind.startswith("M") else character


def _map(entry: LadderEntry, numbers: JSON) -> JSON:
    xs, ys = numbers["x"], numbers["y"]
    # One scale for both directions, so that distances on the page are distances.
    room = (MAP_WIDTH - 2 * MAP_RIM, MAP_HEIGHT - 2 * MAP_RIM)
    spans = [(max(each, default=0.0) - min(each, default=0.0)) or 1.0 for each in (xs, ys)]
    scale = min(size / span for size, span in zip(room, spans, strict=True))
    middles = [(max(each, default=0.0) + min(each, default=0.0)) / 2 for each in (xs, ys)]
    places = [
        (MAP_WIDTH / 2 + scale * (x - middles[0]), MAP_HEIGHT / 2 - scale * (y - middles[1]))
        for x, y in zip(xs, ys, strict=True)
    ]
    written = apart(places, LABEL, (MAP_WIDTH, MAP_HEIGHT))
    points = [
        {
            "x": f"{x:.1f}",
            "y": f"{y:.1f}",
            "from": "" if (x, y) == place else f"{place[0]:.1f} {place[1]:.1f}",
            "text": shown_character(character),
        }
        for character, place, (x, y) in zip(numbers["characters"], places, written, strict=True)
    ]
    title = clean(entry.title)
    first, second = (percent(share) for share in numbers["variance"])
    return {
        "title": title,
        "width": MAP_WIDTH,
        "height": MAP_HEIGHT,
        "points": points,
        "table": {
            "head": ["Character", "Across", "Up"],
            "rows": [
                [shown_character(character), number(x, 2), number(y, 2)]
                for character, x, y in zip(numbers["characters"], xs, ys, strict=True)
            ],
        },
        "first": first,
        "second": second,
        "alternative": f"{title}: {len(points)} characters by two directions that hold {first} and "
        f"{second} of their variance",
    }


def _attention(entry: LadderEntry, numbers: JSON) -> JSON:
    labels = [shown_character(each) for each in numbers["characters"]]
    title = clean(entry.title)
    layers = [
        [
            {"name": f"layer {layer}, head {head}", **_head(rows, labels)}
            for head, rows in enumerate(heads, start=1)
        ]
        for layer, heads in enumerate(numbers["percent"], start=1)
    ]
    return {
        "title": title,
        "text": "".join(label.removeprefix(CIRCLE) or CIRCLE for label in labels),
        # A short text is not drawn larger than others.
        "size": CELL * (max(len(labels), FEWEST_CELLS) + 1),
        "tall": CELL * (len(labels) + 1),
        "middle": CELL / 2,
        "table": {
            "head": ["Layer and head", "Reading", "Looks most at", "Share"],
            "rows": [
                [f"layer {layer}, head {head}", *cells]
                for layer, heads in enumerate(numbers["percent"], start=1)
                for head, rows in enumerate(heads, start=1)
                for cells in _most(rows, labels)
            ],
        },
        "labels": [
            {"text": text, "at": f"{CELL * (place + 1.5):g}"} for place, text in enumerate(labels)
        ],
        "layers": layers,
    }


def _most(rows: Sequence[str], labels: Sequence[str]) -> Iterator[list[str]]:
    """Yield each character that is read, the one that it looks at most, and its share."""
    for place, row in enumerate(rows):
        shares = [int(share) for share in row.split()]
        seen = shares.index(max(shares))
        yield [labels[place], labels[seen], f"{shares[seen]}%"]


def _head(rows: Sequence[str], labels: Sequence[str]) -> JSON:
    cells: dict[int, str] = {}
    heaviest = (-1, 0, 0)
    for place, row in enumerate(rows):
        for seen, share in enumerate(map(int, row.split())):
            strength = round(share * STRENGTHS / 100)
            if strength:
                at = f"M{CELL * (seen + 1)} {CELL * (place + 1)}"
                cells[strength] = cells.get(strength, "") + f"{at}h{CELL}v{CELL}h-{CELL}z"
            if place:  # the first character has nothing but itself to look at
                heaviest = max(heaviest, (share, -place, -seen))
    share, place, seen = heaviest[0], -heaviest[1], -heaviest[2]
    words = f"reading {labels[place]} it looks most at {labels[seen]}, {share}%" if place else ""
    return {
        "cells": [
            {"opacity": f"{strength / STRENGTHS:g}", "path": path}
            for strength, path in sorted(cells.items())
        ],
        "words": words or "one character, which looks at itself",
    }


def render(inside: JSON, result: Result) -> str:
    """Return the pictures of all networks."""
    return fill("inside.html.j2", inside=inside)


def inside_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return every picture of the networks of a run on text."""
    found = [
        (entry, record["health"])
        for entry in result.ladder
        for record in entry.training
        if "health" in record
    ]
    return [drawing for entry, health in found for drawing in _drawings(entry, health)]


def _drawings(entry: LadderEntry, health: JSON) -> Iterator[Drawing]:
    title = clean(entry.title)
    if "activations" in health:
        own, shown = health["activations"], _activations(entry, health["activations"])
        yield Drawing(
            name=file_name("activations", entry.family),
            title=f"{title}: {shown['kind']}",
            says="; ".join(f"{layer['name']} {layer['words']}" for layer in shown["layers"]),
            draw=partial(plot_layers, layers=own["layers"], high=own["high"]),
            height=0.6 + 1.6 * -(-len(own["layers"]) // 4),
        )
    if "slopes" in health:
        layers, slopes = health["updates"]["layers"], health["slopes"]
        shown = _learning(entry, health)
        yield Drawing(
            name=file_name("gradients", entry.family),
            title=f"{title}: gradients, by powers of ten",
            says="; ".join(f"{one['name']} {one['words']}" for one in shown["slopes"]["layers"]),
            draw=partial(plot_layers, **{key: slopes[key] for key in ("layers", "high", "low")}),
            height=0.6 + 1.6 * -(-len(slopes["layers"]) // 4),
        )
        yield Drawing(
            name=file_name("updates", entry.family),
            title=f"{title}: how far steps move each layer",
            says="; ".join(f"{one['name']} {one['words']}" for one in shown["updates"]),
            draw=partial(plot_updates, layers=layers),
        )
    if "embedding" in health:
        own = health["embedding"]
        characters = [shown_character(each) for each in own["characters"]]
        yield Drawing(
            name=file_name("embedding", entry.family),
            title=f"{title}: where characters lie",
            says=_map(entry, own)["alternative"],
            draw=partial(plot_map, numbers=own, characters=characters),
            height=5.0,
        )
    if "attention" in health:
        own, shown = health["attention"], _attention(entry, health["attention"])
        characters = [shown_character(each) for each in own["characters"]]
        heads = [head for layer in shown["layers"] for head in layer]
        yield Drawing(
            name=file_name("attention", entry.family),
            title=f"{title}: which earlier characters each head looks at",
            says="; ".join(f"{head['name']}: {head['words']}" for head in heads),
            draw=partial(plot_attention, layers=own["percent"], characters=characters),
            height=1.7 * -(-len(heads) // 4),
        )


SECTION = Section(
    name="inside",
    title="Inside the networks",
    position=1300,
    data=lambda result, summary: inside_pictures(result),
    render=render,
    drawings=inside_drawings,
)
