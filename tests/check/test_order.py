import numpy as np
import polars as pl
import pytest

from rung.check.order import find_order
from rung.core.dataset import Column, Dataset
from rung.core.family import Problem
from rung.workbench import check_table
from tests.check.drawn import problem, remembering, said
from tests.realdata import real_data

N = 800
PARTS = remembering(N, 4, 0.95)
X = {f"x{j}": PARTS[:, j] for j in range(3)}
Y = PARTS[:, 0] + PARTS[:, 3] + 0.3 * np.random.default_rng(9).normal(size=N)
PLACE = np.arange(N)


def dated(y: np.ndarray, days: np.ndarray, **columns: np.ndarray) -> Problem:
    plain = problem(y, **columns)
    design = plain.design
    assert isinstance(design, Dataset)
    values = {**design.values, "day": days * 86_400.0}
    return Problem(
        "regression", Dataset((*design.columns, Column("day", "datetime")), values, len(y)), y
    )


def test_a_series_without_a_clock_is_found_in_the_order_of_its_file() -> None:
    (found,) = find_order(problem(Y, **X), "y", PLACE)
    assert (found.severity, found.columns) == ("alarm", ())
    assert "the order of the file are alike" in found.message
    assert found.remedy.endswith("add a column with their time, and use --time with it")


def test_dates_are_named_with_the_option() -> None:
    (found,) = find_order(dated(Y, np.arange(N), **X), "y", PLACE)
    assert said((found,)) == [("time", "alarm", ("day",))]
    assert found.remedy.endswith("use --time day")
    assert "1.00 of the features are alike; random folds flatter by " in found.message


def test_a_column_that_counts_the_rows_is_proposed() -> None:
    (found,) = find_order(problem(Y, hour=PLACE % 24, No=PLACE, **X), "y", PLACE)
    assert found.remedy.endswith("use --time No")


def test_shuffled_rows_have_no_order() -> None:
    turned = np.random.default_rng(0).permutation(N)
    assert find_order(problem(Y, **X), "y", turned) == ()
    assert find_order(problem(Y, **X), "y") == ()


def test_dates_that_tell_nothing_are_asked_about() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, N))
    (found,) = find_order(dated(x + y, rng.integers(0, 900, N), x=x), "y", PLACE)
    assert (found.severity, found.columns) == ("info", ("day",))
    assert "are not alike" in found.message
    assert found.remedy == "if new rows will be later ones, use --time day"


@pytest.mark.parametrize("key", ["y", "x", "k"])
def test_a_sorted_file_is_no_series(key: str) -> None:
    rng = np.random.default_rng(2)
    own = {"x": rng.normal(size=N), "k": rng.integers(0, 5, N), "z": rng.normal(size=N)}
    own["w"] = own["x"] + 0.3 * rng.normal(size=N)
    own["y"] = np.sin(2 * own["x"]) + own["k"] + 0.5 * rng.normal(size=N)
    own = {name: values[np.argsort(own[key], kind="stable")] for name, values in own.items()}
    y = own.pop("y")
    assert find_order(problem(y, **own), "y", PLACE) == ()


def test_rows_that_go_from_subject_to_subject_are_no_series() -> None:
    rng = np.random.default_rng(3)
    subject = np.repeat(np.arange(20), N // 20)
    x = rng.normal(size=(20, 3))[subject] + 0.3 * rng.normal(size=(N, 3))
    own = {f"x{j}": x[:, j] for j in range(3)}
    y = rng.normal(size=20)[subject] + 0.3 * rng.normal(size=N)
    assert find_order(problem(y, subject=subject, **own), "y", PLACE) == ()


@pytest.mark.parametrize(
    ("path", "target", "columns"),
    [("electricity/elec.csv", "class", ()), ("beijing_pm25/pollution.csv", "pm2.5", ())],
)
def test_series_of_real_tables_are_found(path: str, target: str, columns: tuple[str, ...]) -> None:
    found = check_table(str(real_data(path)), target=target)
    assert ("time", "alarm", columns) in said(found)


def test_a_target_of_two_values_in_a_series_is_found() -> None:
    table = pl.DataFrame({"hour": PLACE % 24, **X, "y": np.where(Y > 0, "up", "down")})
    assert ("time", "alarm", ()) in said(check_table(table, target="y"))
