"""Pictures of what networks of text look like inside."""

import re
from dataclasses import replace

import pytest

from rung.report.html import render
from rung.report.sections.inside import (
    BAR_HEIGHT,
    BAR_WIDTH,
    CELL,
    MAP_HEIGHT,
    MAP_WIDTH,
    inside_pictures,
    shown_character,
)
from tests.report.example import RIGHT_TO_LEFT, SCRIPT, regression
from tests.report.test_html import Page

SHARES = [0.0] * 9 + [0.25, 0.5] + [0.0] * 8 + [0.25]
LAYER = {"shares": SHARES, "saturated": 0.25, "dead_units": 0.125}
HEALTH = {
    "activations": {"kind": "bends", "characters": 9, "high": 1.0, "layers": [LAYER, LAYER]},
    "slopes": {
        "characters": 9,
        "low": -7,
        "high": -1,
        "layers": [
            {"name": "characters", "shares": SHARES, "none": 0.5, "median": -3.25},
            {"name": "output", "shares": [0.0] * 20, "none": 1.0, "median": None},
        ],
    },
    "updates": {
        "layers": [
            {"name": "characters", "log10": [-2.0, -2.5, -9.0]},
            {"name": "output", "log10": [-1.5, -2.0, -3.0]},
        ]
    },
    "embedding": {
        "characters": ["", "a", "b"],
        "x": [-2.0, 0.0, 2.0],
        "y": [0.0, 1.0, 0.0],
        "variance": [0.75, 0.25],
    },
    "attention": {"characters": ["", "a", "b"], "percent": [[["100", "70 30", "0 4 96"]]]},
}


def trained(health=HEALTH, title="GPT"):
    base = regression()
    record = {"final_loss": [2.0, 1.0], "health": health}
    entry = replace(base.entry("boosting"), title=title, training=(record,))
    return replace(base, ladder=(*base.ladder[:-2], entry))


def only(kind, health=HEALTH):
    (picture,) = inside_pictures(trained(health))[kind]
    return picture


def with_characters(*characters):
    changed = {name: {**HEALTH[name]} for name in ("embedding", "attention")}
    for part in changed.values():
        part["characters"] = list(characters)
    return {**HEALTH, **changed}


def test_a_run_without_networks_has_no_such_section():
    assert inside_pictures(regression()) is None
    assert "Inside the networks" not in render(regression())


def test_bars_are_as_high_as_their_shares_and_stand_in_their_bins():
    layer = only("activations")["layers"][0]
    bars = re.findall(r"M([\d.]+) (\d+)v-([\d.]+)", layer["bars"])
    assert [float(x) for x, _, _ in bars] == [BAR_WIDTH * k / 20 for k in (9, 10, 19)]
    assert [float(height) for _, _, height in bars] == [BAR_HEIGHT / 2, BAR_HEIGHT, BAR_HEIGHT / 2]
    assert layer["words"] == "25% saturated, 12.5% of units dead"


def test_updates_fall_from_top_to_bottom_and_those_below_stay_inside():
    picture = only("learning")
    assert (picture["high"], picture["low"]) == ("−1", "−6")
    assert picture["halfway"] == "−2.5 to −2.0"
    assert picture["updates"][0]["points"] == "0.0,12.0 100.0,18.0 200.0,60.0"
    assert picture["guide"] == "24.0"
    assert picture["updates"][0]["words"] == "−2.5 halfway, −9.0 in the end"


def test_a_single_check_is_drawn_as_a_level():
    updates = {"layers": [{"name": "characters", "log10": [-2.5]}]}
    picture = only("learning", {**HEALTH, "updates": updates})
    assert picture["updates"][0]["points"] == "0.0,15.0 200.0,15.0"
    assert picture["halfway"] == "−2.5"


def test_a_layer_without_slopes_is_told_and_draws_nothing():
    first, second = only("learning")["slopes"]["layers"]
    assert first["words"] == "half below −3.2, 50% are zero"
    assert second == {"name": "output", "bars": "", "words": "all are zero"}


def test_distances_on_the_map_are_distances_and_all_points_lie_inside():
    points = only("maps")["points"]
    places = [(float(point["x"]), float(point["y"])) for point in points]
    assert all(0 < x < MAP_WIDTH and 0 < y < MAP_HEIGHT for x, y in places)
    (x0, y0), (x1, y1), (x2, _) = places
    assert x2 - x0 == pytest.approx(4 * (y0 - y1))
    assert x1 - x0 == pytest.approx(x2 - x1)


def test_characters_that_would_cover_each_other_are_written_apart_with_a_line_to_their_place():
    numbers = {**HEALTH["embedding"], "x": [0.0, 0.0, 1.0], "y": [0.0, 0.0, 1.0]}
    first, second, third = only("maps", {**HEALTH, "embedding": numbers})["points"]
    assert (first["from"], third["from"]) == ("", "")
    assert second["from"] == f"{first['x']} {first['y']}"
    assert (second["x"], second["y"]) != (first["x"], first["y"])


def test_attention_is_drawn_in_the_strength_of_its_share():
    picture = only("attention")
    (head,) = picture["layers"][0]
    cells = {cell["opacity"]: cell["path"] for cell in head["cells"]}
    assert set(cells) == {"1", "0.7", "0.3"}  # 4% is too little to be seen
    assert cells["0.3"].startswith(f"M{2 * CELL} {2 * CELL}h")
    assert cells["1"].count("M") == 2
    assert head["words"] == "reading b it looks most at b, 96%"


def test_one_character_looks_at_itself():
    attention = {"characters": [""], "percent": [[["100"]]]}
    (head,) = only("attention", {**HEALTH, "attention": attention})["layers"][0]
    assert head["words"] == "one character, which looks at itself"


def test_a_network_of_which_parts_are_not_known_shows_the_others():
    known = {"embedding": HEALTH["embedding"], "slopes": HEALTH["slopes"]}
    picture = inside_pictures(trained({**known, "updates": HEALTH["updates"]}))
    assert [len(picture[kind]) for kind in ("activations", "learning", "maps", "attention")] == [
        0,
        1,
        1,
        0,
    ]
    page = render(trained({**known, "updates": HEALTH["updates"]}))
    assert "How the units fare" not in page
    assert "How the layers learn" in page


@pytest.mark.parametrize(
    ("character", "seen"),
    [
        ("\x1b", "␛"),
        ("\t", "␉"),
        ("\x7f", "\ufffd"),
        ("\u202e", "\ufffd"),
        ("\u200b", "\ufffd"),
        ("\ufffe", "\ufffd"),
        ("\u00a0", "␣"),
        ("\u0301", "◌\u0301"),
        ("字", "字"),
        ("<", "<"),
    ],
)
def test_every_character_is_seen_as_one_sign(character, seen):
    assert shown_character(character) == seen


def test_hostile_characters_and_titles_stay_text():
    evil = with_characters("<", '"', "\u202e")
    page = render(trained(evil, SCRIPT))
    assert SCRIPT not in page
    assert "\u202e" not in page
    assert "&lt;</text>" in page
    assert "&#34;</text>" in page
    Page(page)
    assert "\u202e" not in render(trained(evil, RIGHT_TO_LEFT))
    assert "\x1b" not in render(trained(with_characters("\x1b", "\x00", "]"), SCRIPT))


def test_the_page_keeps_its_policy_and_names_every_picture():
    page = Page(render(trained()))
    assert not any("style" in attributes for _, attributes in page.tags)
    pictures = [
        a["aria-label"] for tag, a in page.tags if a.get("class") == "panel" and "role" in a
    ]
    assert len(pictures) == 2 + 2 + 2 + 1 + 1
    assert all(label.startswith("GPT") for label in pictures)
