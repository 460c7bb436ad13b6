"""What one column leaves open is settled by the others, or said."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from rung.data import ReadOptions
from rung.data.columns import Parsed
from rung.data.settling import parse_columns

OPEN = ["1,234", "5,678", "2,500"]


def settled(options: ReadOptions | None = None, usual: str = "", **columns: list[str]) -> Parsed:
    return parse_columns(pl.DataFrame(columns), options or ReadOptions(), usual=usual)[0]


@pytest.mark.parametrize(
    ("other", "first"), [(["0,5", "1,25", "3"], 1.234), (["0.5", "1.25", "3"], 1234.0)]
)
def test_an_open_comma_is_what_it_is_in_another_column(other: list[str], first: float) -> None:
    found = settled(open=OPEN, other=other)
    assert found.values[0] == first
    (finding,) = found.findings
    assert finding.severity == "info"
    assert "1234" in finding.message
    assert "1.234" in finding.message
    assert "'other'" in finding.message


@pytest.mark.parametrize(("usual", "first"), [("", 1234.0), (",", 1.234)])
def test_an_open_comma_without_a_witness_is_warned_of_with_both_readings(
    usual: str, first: float
) -> None:
    found = settled(usual=usual, open=OPEN, word=["a", "b", "c"])
    assert found.values[0] == first
    (finding,) = found.findings
    assert finding.severity == "warning"
    assert "1234" in finding.message
    assert "1.234" in finding.message
    assert "--decimal" in finding.remedy


def test_witnesses_that_disagree_settle_nothing() -> None:
    found = settled(open=OPEN, one=["0,5", "1,25", "3"], other=["0.5", "1.25", "3"])
    assert [finding.severity for finding in found.findings] == ["warning"]


@pytest.mark.parametrize(("decimal", "first"), [(".", 1234.0), (",", 1.234)])
def test_who_says_the_decimal_sign_is_not_warned(decimal: str, first: float) -> None:
    found = settled(ReadOptions(decimal=decimal), open=OPEN)
    assert found.values[0] == first
    assert [finding.severity for finding in found.findings] == ["info"]


def test_points_part_thousands_beside_decimal_commas_and_both_readings_are_said() -> None:
    found = settled(open=["1.234", "5.678"], other=["0,5", "1,25"])
    assert found.values.tolist() == [1234.0, 5678.0]
    assert "is read as 1234; with a decimal point it is 1.234" in found.findings[0].message
    assert settled(open=["1.234", "5.67"], other=["0,5", "1,25"]).values.tolist() == [1.234, 5.67]


def test_a_word_that_is_missing_among_numbers_is_missing_among_words() -> None:
    words = ["a", "b", "NA"] * 5
    found = settled(word=words, number=["1", "NA", "3"] * 5)
    assert found.levels == ("a", "b")
    assert int(np.sum(found.values < 0)) == 5
    assert "'NA' (5) of 15 cells are read as missing" in found.findings[0].message
    assert settled(word=words, number=["1", "", "3"] * 5).levels == ("NA", "a", "b")
    kept = ReadOptions(keep_tokens=True)
    assert settled(kept, word=words, number=["1", "NA", "3"] * 5).levels == ("NA", "a", "b")
