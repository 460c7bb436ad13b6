import tracemalloc

import numpy as np
import pytest

from rung.check.leak import curve_share, explained_share, find_leaks
from rung.core.dataset import Column, Dataset
from rung.core.family import Problem


def problem(y: np.ndarray, classes: tuple[str, ...] = (), **columns: np.ndarray) -> Problem:
    described = tuple(
        Column(name, "category", levels=tuple(f"c{i}" for i in range(values.max() + 1)))
        if values.dtype == np.int32
        else Column(name, "number")
        for name, values in columns.items()
    )
    task = "multiclass" if classes else "regression"
    return Problem(task, Dataset(described, columns, len(y)), y, classes)  # type: ignore[arg-type]


RNG = np.random.default_rng(0)
A, B, NOISE = RNG.normal(size=(3, 500))


def test_a_difference_of_two_columns_is_found() -> None:
    (found,) = find_leaks(problem(A - B, a=A, b=B, noise=NOISE))
    assert (found.code, found.severity, found.columns) == ("leak", "alarm", ("a", "b"))


def test_a_copy_of_the_target_is_found_in_another_unit() -> None:
    (found,) = find_leaks(problem(A, copy=1000 * A + 1e6, noise=NOISE))
    assert found.columns == ("copy",)


def test_honest_columns_are_not_suspected() -> None:
    assert find_leaks(problem(A + B + NOISE, a=A, b=B)) == ()
    assert find_leaks(problem(A, noise=NOISE, empty=np.full(500, np.nan))) == ()


def test_nearly_equal_columns_are_no_pair() -> None:
    assert find_leaks(problem(NOISE, a=A, b=A + 1e-9 * B)) == ()


def test_a_number_that_names_the_class_is_found() -> None:
    y = RNG.integers(0, 3, 500)
    (found,) = find_leaks(problem(y, ("a", "b", "c"), z=y + 0.1 * B, noise=NOISE))
    assert found.columns == ("z",)


def test_a_category_that_names_the_class_is_found_but_not_one_of_distinct_strings() -> None:
    y = RNG.integers(0, 2, 500)
    twin, distinct = (y + 2).astype(np.int32), np.arange(500, dtype=np.int32)
    (found,) = find_leaks(problem(y, ("a", "b"), twin=twin, distinct=distinct))
    assert found.columns == ("twin",)


def test_a_rare_class_alone_raises_no_alarm() -> None:
    y = (np.arange(500) < 3).astype(int)
    assert find_leaks(problem(y, ("a", "b"), a=A)) == ()


@pytest.mark.parametrize("slope", [1e-8, -3.0, 1e8])
def test_the_explained_share_is_the_squared_correlation(slope: float) -> None:
    y = slope * A + slope * B
    assert explained_share(A[:, None], y) == pytest.approx(np.corrcoef(A, y)[0, 1] ** 2)


def test_a_curve_that_gives_the_answer_away_is_found_where_a_line_is_not_enough() -> None:
    x = np.random.default_rng(1).uniform(-3, 3, 2000)
    (found,) = find_leaks(problem(x**2, x=x, noise=np.tile(NOISE, 4)))
    assert found.columns == ("x",)
    assert "in a curve" in found.message


def test_a_column_is_judged_by_the_rows_where_it_is_known() -> None:
    copy = A.copy()
    copy[::3] = np.nan
    (found,) = find_leaks(problem(A, copy=copy, noise=NOISE))
    assert found.columns == ("copy",)
    assert "in the 333 rows where it is known" in found.message


def test_two_parts_of_a_sum_are_named_together_though_one_almost_suffices() -> None:
    (found,) = find_leaks(problem(5 * A + B, main=5 * A, rest=B, noise=NOISE))
    assert found.columns == ("main", "rest")


def test_a_copy_is_named_alone_though_any_pair_with_it_explains_all() -> None:
    assert [found.columns for found in find_leaks(problem(A, copy=A, noise=NOISE))] == [("copy",)]


def test_random_steps_explain_nothing_in_other_rows() -> None:
    rng = np.random.default_rng(2)
    shares = [curve_share(rng.normal(size=400), rng.normal(size=400)) for _ in range(50)]
    assert max(shares) < 0.2


def test_classes_that_hardly_repeat_are_not_looked_at() -> None:
    classes = tuple(f"c{i}" for i in range(300))
    assert find_leaks(problem(np.arange(500) % 300, classes, a=A)) == ()


@pytest.mark.parametrize("at_once", [1, 40, 10**9])
def test_the_pair_is_found_however_many_columns_are_compared_at_a_time(at_once, monkeypatch):
    monkeypatch.setattr("rung.check.leak.MOST_PAIRS", at_once)
    columns = {f"x{j}": np.random.default_rng(j).normal(size=100) for j in range(20)}
    columns["flat"] = np.full(100, 3.0)
    y = columns["x4"] - 2 * columns["x17"]
    (found,) = find_leaks(problem(y, **columns))
    assert found.columns == ("x4", "x17")
    (missed,) = find_leaks(problem(columns["x3"].copy(), **columns))
    assert missed.columns == ("x3",)


def test_thousands_of_columns_are_compared_in_little_memory(monkeypatch):
    monkeypatch.setattr("rung.check.leak.MOST_PAIRS", 100_000)
    generator = np.random.default_rng(3)
    columns = {f"x{j}": generator.normal(size=40) for j in range(1_000)}
    own = problem(columns["x7"] + columns["x999"], **columns)
    tracemalloc.start()
    (found,) = find_leaks(own)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.columns == ("x7", "x999")
    assert peak < 6e6  # all pairs at once would take 8 MB for each of five matrices
