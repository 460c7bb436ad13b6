"""Cells of a column are alike, and a cell that is not is none of it."""

import pytest

from rung.data.readers.shapes import column_shapes, is_value


@pytest.mark.parametrize(
    "cell",
    ["1", "-1.5e-3", "$74.69", "12%", "28/01/2018", "1 234,5", ".5", "5 PM", "2020-01-01T05:00Z"],
)
def test_numbers_amounts_dates_and_times_are_values(cell):
    assert is_value(cell)


@pytest.mark.parametrize("cell", ["m/s", "x1", "10d", "MG-8769", "1st", "", "-"])
def test_words_codes_and_units_are_none(cell):
    assert not is_value(cell)


def test_a_column_of_few_spellings_takes_no_other_and_free_text_takes_any():
    rows = [[f"{i:02}:30", f"word {'ab'[i % 2] * i}"] for i in range(30)]
    clock, words = column_shapes(rows)
    assert [clock.fits(cell) for cell in ("11:45", "1:45", "")] == [True, False, False]
    assert [words.fits(cell) for cell in ("anything, at all", "9")] == [True, False]
