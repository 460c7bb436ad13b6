from __future__ import annotations

import re
from typing import get_args

import pytest

from rung.graph.parts import Kind
from rung.graph.style import PAGE, PICTURE, VARIABLES

NAMED = dict.fromkeys(re.findall(r"var\((--[\w-]+)\)", PICTURE + PAGE))
LIGHT, DARK = VARIABLES.split("@media")
# Text upon what it stands on; large and bold or not, all must reach 4.5.
UPON = [
    ("--ink", "--sheet"),
    ("--ink", "--input"),
    ("--ink", "--parameter"),
    ("--ink", "--block"),
    ("--ink", "--accent-fill"),
    ("--soft", "--sheet"),
    ("--soft", "--paper"),
    ("--soft", "--input"),
    ("--soft", "--block"),
    ("--number", "--sheet"),
    ("--number", "--input"),
    ("--number", "--parameter"),
    ("--number", "--accent-fill"),
    ("--alarm", "--sheet"),
]


def colours(css):
    return dict(re.findall(r"(--[\w-]+): (#\w{6})", css))


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_colour_has_a_light_and_a_dark_form():
    assert set(NAMED) <= set(colours(LIGHT))
    assert set(colours(LIGHT)) == set(colours(DARK))


@pytest.mark.parametrize("css", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), UPON)
def test_text_can_be_read(css, ink, paper):
    pair = sorted(luminance(colours(css)[name]) for name in (ink, paper))
    assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5


def test_every_kind_of_node_has_a_look():
    plain = {"operation"}
    assert {kind for kind in get_args(Kind) if f".{kind} .box" in PICTURE} | plain == set(
        get_args(Kind)
    )
