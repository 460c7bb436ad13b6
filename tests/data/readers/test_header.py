"""A first row of names is told from a first row of data."""

from __future__ import annotations

import pytest

from rung.data.readers.header import has_header, is_number, is_width_row

NUMBERS = [["1.5", "2", "3"]] * 5


@pytest.mark.parametrize(
    ("first", "body", "expected"),
    [
        (["x", "y", "z"], NUMBERS, True),
        (["1.5", "2", "3"], NUMBERS, False),
        (["1", "2", "3"], NUMBERS, True),
        (["0", "1", "2", "y"], [["5", "6", "7", "a"]] * 3, True),
        (["colour", "size"], [["red", "big"], ["blue", "small"], ["red", "big"]] * 3, True),
        (["red", "big"], [["red", "big"], ["blue", "small"]] * 3, False),
        (["a", "b"], [["c", "d"], ["e", "f"]], True),
        (["label", "text", ""], [["ham", "hello", ""], ["spam", "buy", ""]] * 3, True),
        (["?", "4"], [["1", "2"], ["3", "?"]], False),
        (["name", "value"], [], True),
        (["tom", "3"], [], False),
    ],
)
def test_names_are_told_from_data(first: list[str], body: list[list[str]], expected: bool) -> None:
    assert has_header([first, *body]) is expected


@pytest.mark.parametrize("cell", ["inf", "nan", "1_000", "٣", "", "abc", "1,5"])
def test_what_is_no_number_to_the_parser_is_none_here(cell: str) -> None:
    assert not is_number(cell)


def test_a_row_of_widths_is_known() -> None:
    assert is_width_row(["5s", "15s", "20d", "14n"])
    assert not is_width_row(["5s", "galaxy"])
