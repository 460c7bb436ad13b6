"""The map of folds."""

import xml.etree.ElementTree as ET

import numpy as np

from rung.report.sections.fold_map import COLOURS, fold_map

NAMESPACE = "{http://www.w3.org/2000/svg}"


def drawn(svg):
    return ET.fromstring(svg)


def test_every_block_is_a_mark_with_the_number_of_its_fold():
    svg, table = fold_map(
        np.linspace(-180, 180, 12), np.linspace(-90, 90, 12), np.arange(12) % 3, rows=np.arange(12)
    )
    root = drawn(svg)
    circles = root.findall(f"{NAMESPACE}circle")
    assert len(circles) == 12
    assert len({one.get("fill") for one in circles}) == 3
    numerals = [one.text for one in root.findall(f"{NAMESPACE}text") if one.get("font-size")]
    assert sorted(numerals) == sorted("123" * 4)
    assert [row["rows"] for row in table] == [18, 22, 26]


def test_sealed_blocks_are_empty_squares_and_blocks_set_aside_are_dashed():
    svg, table = fold_map(np.arange(3.0), np.arange(3.0), np.array([0, -1, -2]))
    squares = drawn(svg).findall(f"{NAMESPACE}rect")[1:]
    assert [bool(one.get("stroke-dasharray")) for one in squares] == [False, True]
    assert [row["fold"] for row in table] == ["1", "sealed", "set aside"]


def test_marks_stand_in_the_order_of_their_positions():
    svg, _ = fold_map(np.array([0.0, 10.0, 20.0]), np.array([5.0, 0.0, -5.0]), np.zeros(3, int))
    circles = drawn(svg).findall(f"{NAMESPACE}circle")
    x, y = ([float(one.get(key)) for one in circles] for key in ("cx", "cy"))
    assert x == sorted(x)
    assert y == sorted(y)


def test_names_of_columns_cannot_close_an_element():
    svg, _ = fold_map(np.arange(2.0), np.arange(2.0), np.array([0, 1]), names=("<b>", '"&'))
    texts = [one.text for one in drawn(svg).findall(f"{NAMESPACE}text")]
    assert "<b>" in texts
    assert '"&' in texts


def test_one_place_alone_and_many_blocks_can_be_drawn():
    drawn(fold_map(np.ones(4), np.ones(4), np.arange(4))[0])
    rng = np.random.default_rng(0)
    svg, table = fold_map(rng.random(900), rng.random(900), rng.integers(0, 10, 900))
    assert len(table) == 10
    assert not [one for one in drawn(svg).findall(f"{NAMESPACE}text") if one.get("font-size")]
    assert len(set(COLOURS)) == len(COLOURS)
