"""Names, units and titles are told from rows by where the values stand."""

import pytest

from rung.data.readers.layout import find_heading, value_columns


@pytest.mark.parametrize(
    ("above", "names", "units", "preamble"),
    [
        ([["x", "y"]], ["x", "y"], [], 0),
        ([["Title"], ["x", "y"]], ["x", "y"], [], 1),
        ([["x", "y"], ["m", "kg"]], ["x", "y"], ["m", "kg"], 0),
        ([["Title", ""], ["x", "y"], ["[m]", "(s)"]], ["x", "y"], ["m", "s"], 1),
        ([["big", "small"], ["x", "y"]], ["big x", "small y"], [], 0),
        ([["x", "y"], ["int", "float"]], ["x", "y"], [], 0),
        ([["1", "2"], ["x", "y"]], ["x", "y"], [], 1),
    ],
)
def test_what_stands_above_the_values_is_told_apart(above, names, units, preamble):
    rows = [*above, *[[str(i), str(i / 2)] for i in range(12)]]
    found = find_heading(rows, 2, value_columns(rows))
    assert (found.names, found.units, found.preamble) == (names, units, preamble)


def test_a_table_of_words_has_no_columns_of_values():
    assert value_columns([["a", "b"], ["c", "d"]]) == []
