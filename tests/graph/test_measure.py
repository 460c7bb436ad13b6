from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rung.graph.measure import (
    BETWEEN,
    LINE_SIZE,
    MOST_WIDTH,
    PAD_X,
    TITLE_SIZE,
    box_size,
    fit,
    text_width,
)
from rung.graph.parts import BoxLine, Node


@settings(max_examples=25)
@given(st.text(max_size=60), st.floats(20, 300))
def test_a_fitted_text_is_no_wider_than_its_room(text, room):
    found = fit(text, 12.0, room)
    assert text_width(found, 12.0) <= room or found == "…"


@settings(max_examples=25)
@given(st.text(min_size=1, max_size=25), st.text(max_size=12), st.text(max_size=12))
def test_a_box_holds_its_title_and_its_lines(title, name, text):
    width, _ = box_size(Node("a", title, lines=(BoxLine(name, text),)))
    room = width - 2 * PAD_X + 0.1
    assert width <= MOST_WIDTH
    if width < MOST_WIDTH:
        assert text_width(title, TITLE_SIZE, bold=True) <= room
        assert text_width(name, LINE_SIZE) + text_width(text, LINE_SIZE) <= room + BETWEEN


def test_a_block_needs_room_for_the_pages_behind_it():
    assert box_size(Node("a", "a", "block")) > box_size(Node("a", "a"))


LONG = "fine aggregate (component 7)(kg in a m^3 mixture)"


def test_every_part_of_a_list_keeps_something_and_numbers_stay_whole():
    text = f"{LONG} + {LONG} 594.25 is > 3.5 and ≤ 712.6"
    found = fit(text, 12.0, 330.0)
    assert found.count("…") == 2
    assert " + " in found
    assert found.endswith("594.25 is > 3.5 and ≤ 712.6")
    assert fit(f"{LONG} ≤ \N{MINUS SIGN}1.2346e\N{MINUS SIGN}05?", 14.0, 242.0, bold=True).endswith(
        "…ture) ≤ \N{MINUS SIGN}1.2346e\N{MINUS SIGN}05?"
    )


def test_what_does_not_fit_at_all_is_left_out_from_the_end():
    assert fit("594.25 is > 3.5 and ≤ 712.6", 12.0, 150.0) == "594.25 is > 3.5 …"
    assert fit("1234567890.5", 12.0, 30.0) == "…"


def test_a_text_of_a_million_letters_is_cut_as_its_ends_are():
    """Every cut was measured once, each as long as the text: a million letters took hours."""
    short = fit("ab" * 500 + "yz" * 500, 10.0, 60.0)
    assert fit("ab" * 250_000 + "yz" * 250_000, 10.0, 60.0) == short
    assert len(fit("i" * 300_000, 10.0, 36.0)) == 9


def test_a_list_of_a_hundred_thousand_names_is_cut_at_its_end_in_an_instant():
    shown = fit(", ".join(["ab"] * 100_000), 10.0, 80.0)
    assert shown.startswith("ab, ab")
    assert shown.endswith(" …")
    assert text_width(shown, 10.0) <= 80.0
