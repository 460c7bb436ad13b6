import numpy as np
import pytest

from rung.check.leak import explained_share, find_leaks
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
