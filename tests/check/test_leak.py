import tracemalloc

import numpy as np
import pytest

from rung.check import Seen
from rung.check.identity import find_identities
from rung.check.leak import find_leaks, found_leaks, is_near
from rung.check.skill import Skill
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
    assert "under other names, in 100.0%" in found.message


def test_a_rare_class_alone_raises_no_alarm() -> None:
    y = (np.arange(500) < 3).astype(int)
    assert find_leaks(problem(y, ("a", "b"), a=A)) == ()


def test_a_curve_that_gives_the_answer_away_is_found_where_a_line_is_not_enough() -> None:
    x = np.random.default_rng(1).uniform(-3, 3, 2000)
    (found,) = find_leaks(problem(x**2, x=x, noise=np.tile(NOISE, 4)))
    assert found.columns == ("x",)
    assert "alone has a skill of" in found.message


def test_a_column_is_judged_by_the_rows_where_it_is_known() -> None:
    copy = A.copy()
    copy[::3] = np.nan
    (found,) = find_leaks(problem(A, copy=copy, noise=NOISE))
    assert found.columns == ("copy",)
    assert "of the 333 where it is known" in found.message


def test_two_parts_of_a_sum_are_named_together_though_one_almost_suffices() -> None:
    (found,) = find_leaks(problem(5 * A + B, main=5 * A, rest=B, noise=NOISE))
    assert found.columns == ("main", "rest")


def test_a_copy_is_named_alone_though_any_pair_with_it_explains_all() -> None:
    assert [found.columns for found in find_leaks(problem(A, copy=A, noise=NOISE))] == [("copy",)]


def test_classes_that_hardly_repeat_are_not_looked_at() -> None:
    classes = tuple(f"c{i}" for i in range(300))
    assert find_leaks(problem(np.arange(500) % 300, classes, a=A)) == ()


@pytest.mark.parametrize("at_once", [1, 40, 10**9])
def test_the_pair_is_found_however_many_columns_are_compared_at_a_time(at_once, monkeypatch):
    monkeypatch.setattr("rung.check.identity.MOST_PAIRS", at_once)
    columns = {f"x{j}": np.random.default_rng(j).normal(size=100) for j in range(20)}
    columns["flat"] = np.full(100, 3.0)
    y = columns["x4"] - 2 * columns["x17"]
    (found,) = find_leaks(problem(y, **columns))
    assert found.columns == ("x4", "x17")
    (missed,) = find_leaks(problem(columns["x3"].copy(), **columns))
    assert missed.columns == ("x3",)


def test_thousands_of_columns_are_compared_in_little_memory(monkeypatch):
    monkeypatch.setattr("rung.check.identity.MOST_PAIRS", 100_000)
    generator = np.random.default_rng(3)
    columns = {f"x{j}": generator.normal(size=40) for j in range(1_000)}
    y, wide = columns["x7"] + columns["x999"], np.stack(list(columns.values()), axis=1)
    tracemalloc.start()
    (formula,) = find_identities(y, wide)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert formula.sources == (7, 999)
    assert peak < 6e6  # all pairs at once would take 8 MB for each of five matrices
    (found,) = find_leaks(problem(y, **columns))
    assert found.columns == ("x7", "x999")


def good_magnitudes(n_rows: int = 2_000) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(4)
    redshift = rng.uniform(0, 2, n_rows)
    bands = {f"mag_{one}": 18 + 3 * redshift + 0.3 * rng.normal(size=n_rows) for one in "ugriz"}
    return {"redshift": redshift, **bands}


def test_five_good_magnitudes_raise_no_alarm_each() -> None:
    table = good_magnitudes()
    y = table.pop("redshift")
    assert find_leaks(problem(y, **table), "redshift") == ()


def test_one_good_magnitude_among_bad_ones_is_suspected_with_what_the_others_tell() -> None:
    table = good_magnitudes()
    y = table.pop("redshift")
    rng = np.random.default_rng(5)
    noisy = {name: band + 2 * rng.normal(size=len(y)) for name, band in table.items()}
    (found,) = find_leaks(problem(y, **{**noisy, "mag_z": table["mag_z"]}), "redshift")
    assert found.columns == ("mag_z",)
    assert "the table without it 0." in found.message
    assert "five rows, (mag_z) redshift: (" in found.message
    assert found.remedy == "is it known before redshift is? if not, leave out with --drop"


def test_a_twin_by_name_is_suspected_though_the_rest_comes_near() -> None:
    table = good_magnitudes()
    y = table.pop("redshift")
    named = {"redshift_spec" if name == "mag_z" else name: one for name, one in table.items()}
    (found,) = find_leaks(problem(y, **named), "redshift")
    assert found.columns == ("redshift_spec",)


def test_a_grade_that_explains_a_rate_is_found_though_it_is_a_category() -> None:
    rng = np.random.default_rng(6)
    rate = rng.uniform(5, 25, 2_000)
    order = rng.permutation(35)
    by_step = order[np.clip(((rate - 5) / 20 * 35).astype(int), 0, 34)].astype(np.int32)
    (found,) = find_leaks(problem(rate, sub_grade=by_step, noise=rng.normal(size=2_000)), "rate")
    assert found.columns == ("sub_grade",)
    assert float(found.message.split("skill of ")[1].split(" ")[0]) > 0.99


def test_knowing_that_a_cell_is_missing_can_give_the_answer_away() -> None:
    rng = np.random.default_rng(7)
    died = rng.integers(0, 2, 1_000)
    boat = np.where((died == 0) ^ (rng.random(1_000) < 0.03), rng.normal(size=1_000), np.nan)
    (found,) = find_leaks(problem(died, ("no", "yes"), boat=boat, age=rng.normal(size=1_000)))
    assert found.columns == ("boat",)
    assert found.message.startswith("whether 'boat' is missing tells the target with a skill of 0.")


def test_a_value_that_settles_the_class_of_many_rows_is_found() -> None:
    rng = np.random.default_rng(8)
    x = rng.normal(size=3_000)
    passed = (x + rng.normal(size=3_000) > 0).astype(int)
    mark = np.where((passed == 1) & (rng.random(3_000) < 0.8), 0, rng.integers(1, 4, 3_000))
    (found,) = find_leaks(problem(passed, ("no", "yes"), mark=mark.astype(np.int32), x=x))
    assert found.columns == ("mark",)
    n_rows = int((mark == 0).sum())
    assert f"{n_rows} of {n_rows} training rows with 'c0' in 'mark' have" in found.message


def test_three_columns_that_add_up_are_found_together() -> None:
    rng = np.random.default_rng(9)
    math, reading, writing = rng.integers(20, 100, (3, 600)).astype(float)
    columns = {"math": math, "reading": reading, "writing": writing, "age": rng.normal(size=600)}
    (found,) = find_leaks(problem(math + reading + writing, **columns), "total")
    assert found.columns == ("math", "reading", "writing")
    assert found.message.startswith("total = math + reading + writing in 100.0% of the training")


def test_a_curve_of_a_ratio_is_found() -> None:
    rng = np.random.default_rng(10)
    red, infrared = rng.uniform(0.1, 1, (2, 900)).round(4)
    index = (infrared - red) / (infrared + red)
    (found,) = find_leaks(problem(index, red=red, infrared=infrared, x=rng.normal(size=900)))
    assert set(found.columns) == {"red", "infrared"}
    assert "the ratio of columns" in found.message


def test_rows_in_another_order_and_columns_in_other_units_change_no_finding() -> None:
    rng = np.random.default_rng(11)
    y, leak, x = A.copy(), A + 0.1 * B, NOISE
    order = rng.permutation(len(y))
    plain = find_leaks(problem(y, leak=leak, x=x))
    shuffled = find_leaks(problem(y[order], leak=leak[order], x=x[order]))
    scaled = find_leaks(problem(1e7 * y, leak=1e-9 * leak + 5, x=-x))
    told = [[(one.code, one.severity, one.columns) for one in each] for each in (plain, shuffled)]
    assert told[0] == told[1] == [(one.code, one.severity, one.columns) for one in scaled]
    assert told[0] == [("leak", "alarm", ("leak",))]


def test_the_rest_is_near_up_to_twice_the_loss() -> None:
    skill = Skill(0.95, 0.94, 0.96, 100)
    assert is_near(Skill(0.901, 0.8, 0.95, 100), skill)
    assert not is_near(Skill(0.899, 0.8, 0.95, 100), skill)
    perfect = Skill(1.0, 0.999, 1.0, 100)
    assert is_near(Skill(0.971, 0.9, 1.0, 100), perfect)
    assert not is_near(Skill(0.969, 0.9, 1.0, 100), perfect)


def test_classes_that_two_honest_columns_part_raise_no_alarm() -> None:
    rng = np.random.default_rng(13)
    setosa = (np.arange(300) % 3 == 0).astype(int)
    width = np.where(setosa, 0.25, 1.6) + 0.15 * rng.normal(size=300)
    length = np.where(setosa, 1.5, 4.9) + 0.4 * rng.normal(size=300)
    found = find_leaks(problem(setosa, ("other", "setosa"), width=width, length=length))
    assert found == ()


def test_rows_whose_target_stands_for_missing_are_not_asked() -> None:
    rng = np.random.default_rng(12)
    gone = np.arange(1_000) < 60
    y = np.where(gone, -200.0, rng.uniform(0, 60, 1_000).round(1))
    sensor = np.where(gone, np.nan, rng.normal(size=1_000))
    own = problem(y, sensor=sensor, x=rng.normal(size=1_000))
    assert [one.columns for one in find_leaks(own)] == [("sensor",)]
    assert found_leaks(Seen(own.design, problem=own, target="y")) == ()
