"""What stands among numbers or words is missing only where it can be nothing else."""

from __future__ import annotations

import polars as pl
import pytest

from rung.data import ReadOptions
from rung.data.columns import Parsed, parse_column
from rung.data.tokens import OtherTokens, stand_for_missing

NUMBERS = [f"{i * 0.37:.2f}" for i in range(180)]


def parsed(cells: list[str], **options: object) -> Parsed:
    return parse_column(pl.Series("x", cells), ReadOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize("token", [".", "#N/A", "bad", "<0.5", "not measured"])
def test_a_tenth_of_one_word_among_many_numbers_is_missing_and_named(token: str) -> None:
    found = parsed([*NUMBERS, *[token] * 20])
    assert found.kind == "number"
    assert found.tokens == (token,)
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("dirty_number", "warning")
    assert finding.message == f"numbers, but for 20 of 200 cells: {token!r} (20)"
    assert parsed([*NUMBERS, *[token] * 20], keep_tokens=True).kind == "category"


@pytest.mark.parametrize(
    ("rest", "are_missing"),
    [
        (OtherTokens(((".", 15),), 100, 4), True),
        (OtherTokens((("3+", 15),), 100, 4), False),
        (OtherTokens((("bad", 15),), 100, 4), True),
        (OtherTokens((("late", 15),), 100, 80), True),
        (OtherTokens((("late", 25),), 100, 70), False),
        (OtherTokens(((".", 70),), 100, 25), True),
        (OtherTokens((("a", 5), ("b", 5), ("c", 5), ("d", 5)), 100, 80), False),
        (OtherTokens((("a", 5), ("b", 1)), 100, 80), False),
        (OtherTokens((), 100, 80), False),
    ],
)
def test_few_repeated_words_or_placeholders_mean_missing(
    rest: OtherTokens, are_missing: bool
) -> None:
    assert stand_for_missing(rest) == are_missing


def test_a_column_that_is_mostly_numbers_and_read_as_words_is_named() -> None:
    cells = [*NUMBERS[:150], *[f"{i}x" for i in range(10)], *["late"] * 20]
    found = parsed(cells)
    assert found.kind == "category"
    (finding,) = found.findings
    assert finding.severity == "warning"
    assert finding.message.startswith("mixed: 30 of 180 cells are no numbers, such as 'late' (20)")


def test_codes_led_by_zeros_among_words_are_not_mixed() -> None:
    assert parsed(["00101", "00205", "07300", "x"] * 20).findings == ()


@pytest.mark.parametrize("token", ["NA", "None", "-", "--"])
def test_a_word_that_repeats_among_short_words_is_a_value_and_said(token: str) -> None:
    found = parsed(["AO", "ZW", "BW", token] * 10)
    assert token in found.levels
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("token", "info")
    assert finding.message == f"{token!r} (10) of 40 cells are values here, not missing"
    assert token not in parsed(["AO", "ZW", "BW", token] * 10, missing=(token,)).levels


@pytest.mark.parametrize(
    "cells",
    [
        ["AO", "ZW", "BW", "?"] * 10,
        ["AO", "ZW"] * 20 + ["NA"],
        [f"a long sentence with the number {i}" for i in range(40)] + ["NA"] * 5,
    ],
)
def test_other_tokens_among_words_are_missing_and_said(cells: list[str]) -> None:
    found = parsed(cells)
    token = cells[-1]
    assert token not in found.levels
    assert f"{token!r}" in found.findings[0].message
    assert "read as missing" in found.findings[0].message
    assert token in parsed(cells, keep_tokens=True).levels


def test_declared_tokens_are_missing_in_numbers_and_words() -> None:
    assert parsed(["1", "999", "3"], missing=("999",)).values.tolist()[::2] == [1.0, 3.0]
    typed = parse_column(pl.Series("x", [1, 999, 3]), ReadOptions(missing=("999",)))
    text = parsed(["1", "999", "3"], missing=("999",))
    assert str(typed.values) == str(text.values) == "[ 1. nan  3.]"
    assert parsed(["a", "none", "b"], missing=("none",)).values.tolist() == [0, -1, 1]
