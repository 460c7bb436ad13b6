import numpy as np
import polars as pl
import pytest

from rung.check import Seen
from rung.check.groups import CHECK, find_groups
from rung.workbench import check_table
from tests.check.drawn import problem, said, subjects
from tests.realdata import real_data

GROUP, X, Y = subjects(30, 600)
CODES = np.array([f"P{i:02d}" for i in GROUP])


@pytest.mark.parametrize(
    ("name", "values"), [("subject", GROUP), ("c", CODES), ("c", 101 + GROUP[::1] * 7 % 31)]
)
def test_subjects_are_found_by_name_by_code_and_by_number(name: str, values: np.ndarray) -> None:
    found = find_groups(problem(Y, **{name: values}, **X), "y")
    assert said(found) == [("groups", "alarm", (name,))]
    assert f"use --groups {name}" in found[0].remedy


def test_the_price_is_told_in_numbers() -> None:
    (found,) = find_groups(problem(Y, subject=GROUP, **X), "y")
    assert "600 rows are of 30 values of 'subject', such as 0, 1, 2, 3, 4: " in found.message
    assert "random folds flatter by .39, 95 % interval .11 to .66 (R² .87 → .48)" in found.message


def test_renaming_a_column_changes_nothing_that_its_values_tell() -> None:
    one, other = (find_groups(problem(Y, **{name: CODES}, **X), "y")[0] for name in ("a", "b"))
    assert other.message == one.message.replace("'a'", "'b'")


def test_identifiers_are_read_by_their_first_parts() -> None:
    names = np.array([f"S{group:02d}_rec{row}" for row, group in enumerate(GROUP)])
    (found,) = find_groups(problem(Y, file=names, **X), "y")
    assert (found.severity, found.columns) == ("alarm", ("file",))
    assert "30 values of 'file' (the first 1 of 2 parts)" in found.message
    assert "make a column of its stem" in found.remedy


def test_two_columns_that_are_one_thing_are_named_together() -> None:
    site = np.array(["north", "south", "west"])[GROUP % 3]
    (found,) = find_groups(problem(Y, site=site, subject=GROUP // 3, **X), "y")
    assert (found.severity, found.columns) == ("alarm", ("site", "subject"))


def test_kinds_are_no_things() -> None:
    rng = np.random.default_rng(1)
    kinds = rng.integers(0, 6, 600)
    effect = rng.normal(size=6)[kinds]
    y = Y * 0 + effect + rng.normal(size=600)
    own = {
        "region": np.array(["n", "s", "e", "w", "c", "x"])[kinds],
        "month": rng.integers(1, 13, 600),
        "grade": kinds + 1,
        "x": effect + rng.normal(size=600),
    }
    assert find_groups(problem(y, **own), "y") == ()


def test_a_quantity_in_whole_numbers_is_no_code() -> None:
    rng = np.random.default_rng(2)
    age = rng.integers(20, 60, 600)
    x = age + rng.normal(size=600)
    y = np.sin(age / 8) + 0.1 * rng.normal(size=600)
    assert find_groups(problem(y, age=age, x=x, z=2 * x + rng.normal(size=600)), "y") == ()


def test_another_spelling_of_a_column_of_words_is_no_sign_of_things() -> None:
    rng = np.random.default_rng(3)
    codes = rng.integers(0, 25, 600)
    words = np.array([f"word {chr(97 + i)}" for i in range(25)])[codes]
    y = rng.normal(size=25)[codes] + rng.normal(size=600)
    assert (
        find_groups(problem(y, occupation=words, level=codes % 25, x=rng.normal(size=600)), "y")
        == ()
    )


def test_a_named_thing_without_effect_is_passed_over() -> None:
    rng = np.random.default_rng(4)
    own = {"batch": rng.integers(0, 12, 600), "x": rng.normal(size=600)}
    assert find_groups(problem(own["x"] + rng.normal(size=600), **own), "y") == ()


def test_likeness_that_costs_nothing_is_a_warning_where_it_is_strong() -> None:
    rng = np.random.default_rng(5)
    noise = 0.3 * rng.normal(size=600)
    assert find_groups(problem(X["x0"] + noise, subject=GROUP, **X), "y") == ()
    own = {name: values + 6 * rng.normal(size=30)[GROUP] for name, values in X.items()}
    (found,) = find_groups(problem(np.sign(own["x0"]) + noise, subject=GROUP, **own), "y")
    assert found.severity == "warning"
    assert "measured: random folds flatter by " in found.message


def test_declared_groups_are_not_proposed_again() -> None:
    own = problem(Y, subject=GROUP, **X)
    assert CHECK.look(Seen(own.design, problem=own, target="y")) != ()  # type: ignore[arg-type]
    declared = own.design.with_roles({"subject": "group"})  # type: ignore[attr-defined]
    assert CHECK.look(Seen(declared, problem=own, target="y")) == ()


def test_classes_have_their_groups_found() -> None:
    y = (np.median(Y) < Y).astype(int)
    (found,) = find_groups(problem(y, ("no", "yes"), subject=GROUP, **X), "y")
    assert (found.severity, "Brier score" in found.message) == ("alarm", True)


def test_the_order_of_the_rows_changes_nothing() -> None:
    table = pl.DataFrame({"subject": GROUP, **X, "y": Y})
    turned = table[np.random.default_rng(0).permutation(len(Y))]
    codes = ("groups", "space")
    one, other = (
        [found for found in check_table(each, target="y") if found.code in codes]
        for each in (table, turned)
    )
    assert one == other != []


@pytest.mark.parametrize(
    ("path", "target", "column"),
    [
        ("life_expectancy/Life_Expectancy_Data.csv", "Life expectancy ", "Country"),
        ("sdss_dr14/Skyserver_SQL2_27_2018 6_51_39 PM.csv", "class", "plate"),
    ],
)
def test_groups_of_real_tables_are_found(path: str, target: str, column: str) -> None:
    found = check_table(str(real_data(path)), target=target)
    assert [one.columns for one in found if one.code == "groups"] == [(column,)]
