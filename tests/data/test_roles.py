"""Roles are found from the columns alone; measurements are never taken for identifiers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.data.columns import Parsed
from rung.data.roles import (
    LEFT_OUT,
    STRINGS_LEFT_OUT,
    find_role,
    identifier_evidence,
    is_id_name,
    text_evidence,
)


def number(name: str, values: object) -> Parsed:
    return Parsed(name, "number", np.asarray(values, dtype=np.float64))


def category(name: str, strings: list[str]) -> Parsed:
    levels = tuple(sorted(set(strings)))
    codes = np.array([levels.index(string) for string in strings], dtype=np.int32)
    return Parsed(name, "category", codes, levels)


def role(parsed: Parsed) -> str:
    return find_role(parsed)[0].role


@given(st.permutations(range(25)), st.sampled_from([0, 1]))
def test_row_numbers_are_identifiers_in_any_order(order: list[int], start: int) -> None:
    assert role(number("anything", np.array(order) + start)) == "identifier"


@pytest.mark.parametrize("name", ["x", "time", "Year", "t"])
def test_a_measure_may_count_up(name: str) -> None:
    assert role(number(name, np.arange(30))) == "feature"


@given(st.lists(st.floats(-1e6, 1e6), min_size=20, unique=True))
def test_unique_measurements_with_fractions_are_features(values: list[float]) -> None:
    assert role(number("flux_id", np.array([*values, 0.5]))) in ("feature", "constant")


def test_few_rows_are_never_row_numbers() -> None:
    assert role(number("dose", np.arange(1, 11))) == "feature"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("id", True), ("PassengerId", True), ("group_id_B", True), ("NYU_id", True), ("PID", True),
        ("specobjid", True), ("objID", True), ("humid", False), ("uric_acid", False),
        ("grid", False), ("Identity", False), ("width", False), ("residual", False),
        ("T3_thyroid", False),
    ],
)  # fmt: skip
def test_id_is_a_word_not_a_syllable(name: str, expected: bool) -> None:
    assert is_id_name(name) is expected


def test_a_named_identifier_with_repeats_stays_a_number() -> None:
    values = np.arange(10_000) % 892
    assert role(number("fiberid", values)) == "feature"


def test_a_named_identifier_that_a_spreadsheet_rounded_is_still_one() -> None:
    values = np.round(np.linspace(1, 9, 1000), 1) * 1e18
    assert role(number("specobjid", values)) == "identifier"
    assert role(number("mass", values)) == "feature"


def test_sparse_whole_numbers_name_rows_by_their_name_alone() -> None:
    values = np.arange(200) * 37 + 3000
    assert role(number("GASS", values)) == "identifier"
    assert role(number("star_id", values)) == "identifier"
    assert role(number("photons", values)) == "feature"


def test_floats_beyond_2_to_the_53_are_measurements_though_all_are_whole() -> None:
    assert role(number("mass_kg", np.linspace(1.1, 9.7, 300) * 1e31)) == "feature"


def test_strings_that_differ_in_every_row_are_identifiers_and_long_ones_text() -> None:
    assert role(category("key", [f"K{i:03d}" for i in range(40)])) == "identifier"
    sentences = [f"the galaxy with the number {i} is a very red one indeed" for i in range(40)]
    column, finding = find_role(category("note", sentences))
    assert (column.kind, column.role) == ("text", "text")
    assert finding is not None
    assert (finding.code, finding.severity) == ("text", "info")
    assert "counted inside each fold" in finding.remedy


def test_strings_that_recur_are_features() -> None:
    assert role(category("colour", ["red", "blue"] * 20)) == "feature"


@pytest.mark.parametrize(
    ("values", "code"), [([1.0, 1.0], "constant"), ([np.nan, np.nan], "all_missing")]
)
def test_a_column_without_variation_is_constant(values: list[float], code: str) -> None:
    column, finding = find_role(number("x", values))
    assert column.role == "constant"
    assert finding is not None
    assert finding.code == code


def test_one_value_with_gaps_is_a_feature() -> None:
    assert role(number("x", [1.0, np.nan])) == "feature"


def test_exact_integers_are_identifiers_whatever_their_name() -> None:
    parsed = Parsed("mass", "category", np.zeros(1, dtype=np.int32), ("12345678901234567",), True)
    assert "12345678901234567" in identifier_evidence(parsed)


@given(st.permutations(range(30)), st.sampled_from(["id", "x", "n", "first"]))
def test_the_order_of_rows_changes_no_role(order: list[int], name: str) -> None:
    values = np.arange(30) ** 2 + 1.0
    sorted_column = find_role(number(name, values))
    assert find_role(number(name, values[order])) == sorted_column


def test_what_cannot_be_used_is_dropped_without_a_finding() -> None:
    column, finding = find_role(
        Parsed("when", "category", np.zeros(9, dtype=np.int32), supported=False)
    )
    assert (column.role, finding) == ("dropped", None)


def test_the_remedy_of_an_identifier_depends_on_what_it_is_made_of() -> None:
    of_numbers = find_role(number("row_id", np.arange(40)))[1]
    of_strings = find_role(category("code", [f"a{i}x{i}" for i in range(40)]))[1]
    assert of_numbers is not None
    assert of_strings is not None
    assert of_numbers.remedy == LEFT_OUT
    assert of_strings.remedy == STRINGS_LEFT_OUT


@pytest.mark.parametrize(
    ("parsed", "said"),
    [
        (number("x", [2.5] * 7), "one value, '2.5', in all 7 rows"),
        (category("x", ["b"] * 3), "one value, 'b', in all 3 rows"),
    ],
)
def test_a_constant_column_says_which_value_it_holds(parsed: Parsed, said: str) -> None:
    finding = find_role(parsed)[1]
    assert finding is not None
    assert finding.message == said


def test_one_row_is_not_constant() -> None:
    assert role(number("x", [2.5])) == "feature"


def test_four_words_on_average_are_a_text_and_fewer_are_not() -> None:
    four = category("note", [f"a b c {i}" for i in range(30)])
    three = category("note", [f"a b {i}" for i in range(30)])
    assert text_evidence(four) == "30 distinct texts in 30 rows, 4 words on average"
    assert text_evidence(three) == ""


def test_a_text_counts_rows_that_have_one() -> None:
    texts = category("note", [f"a b c d {i}" for i in range(30)])
    some = Parsed("note", "category", np.append(texts.values, [-1] * 10), texts.levels)
    assert text_evidence(some) == "30 distinct texts in 30 rows, 5 words on average"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("source_", False),
        ("objid_", True),
        ("_", False),
        ("", False),
        ("grid", False),
    ],
)
def test_the_last_word_of_a_name_tells(name: str, expected: bool) -> None:
    assert is_id_name(name) is expected
