import numpy as np
import pytest

from rung.check.skill import (
    category_skill,
    missing_skill,
    number_skill,
    ratio_skill,
    sample_of,
    skills_of,
)
from tests.check.made import problem

RNG = np.random.default_rng(0)
X = RNG.normal(size=2_000)
NOISE = RNG.normal(size=2_000)


def test_the_skill_of_a_line_in_noise_is_its_share_of_the_variance() -> None:
    skill = number_skill(X, sample_of(problem(3 * X + NOISE, x=X)))
    assert skill.value == pytest.approx(0.9, abs=0.02)
    assert skill.low < 0.9 < skill.high


def test_a_curve_and_a_line_are_told_in_other_rows() -> None:
    assert number_skill(X, sample_of(problem(X**2, x=X))).value > 0.98
    assert number_skill(X, sample_of(problem(7 * X - 2, x=X))).value > 0.9999


def test_noise_has_no_skill() -> None:
    skills = [
        number_skill(RNG.normal(size=400), sample_of(problem(RNG.normal(size=400), x=X[:400])))
        for _ in range(40)
    ]
    assert max(skill.low for skill in skills) < 0
    assert max(skill.value for skill in skills) < 0.05


def test_a_category_tells_a_number_and_a_nearly_unique_one_does_not() -> None:
    kind = np.array([f"k{i:02d}" for i in RNG.permutation(30)])
    grade = np.argsort(np.argsort(X)) * 30 // 2_000
    told = sample_of(problem(X, grade=kind[grade]))
    unique = sample_of(problem(X, name=np.array([f"n{i}" for i in range(2_000)])))
    assert category_skill(told.design.values["grade"], told).value > 0.98
    assert category_skill(unique.design.values["name"], unique).value <= 1e-9


def test_whole_numbers_in_disorder_are_told_by_their_means() -> None:
    codes = RNG.integers(0, 150, 2_000).astype(float)
    y = RNG.normal(size=150)[codes.astype(int)]
    assert number_skill(codes, sample_of(problem(y, x=codes))).value > 0.85


def test_a_column_is_judged_where_it_is_known() -> None:
    holey = np.where(np.arange(2_000) % 3 == 0, np.nan, X)
    skill = number_skill(holey, sample_of(problem(X, x=holey)))
    assert (skill.n_rows, skill.value > 0.999) == (1_333, True)
    nearly_empty = np.where(np.arange(2_000) < 20, X, np.nan)
    assert number_skill(nearly_empty, sample_of(problem(X, x=nearly_empty))).n_rows == 0


def test_whether_a_cell_is_missing_tells_what_it_tells() -> None:
    is_missing = X > 0
    classes = problem(is_missing.astype(int), ("no", "yes"), x=NOISE)
    assert missing_skill(is_missing, sample_of(classes)).value == pytest.approx(1, abs=0.01)
    assert missing_skill(NOISE > 0, sample_of(classes)).value < 0.01


@pytest.mark.parametrize("unit", [1e-9, -3.0, 1e9])
def test_units_of_columns_and_target_change_no_skill(unit: float) -> None:
    plain = skills_of(sample_of(problem(X + NOISE, x=X)))["x"]
    other = skills_of(sample_of(problem(unit * (X + NOISE), x=X / unit)))["x"]
    assert other.value == pytest.approx(plain.value, abs=1e-6)
    assert other.low == pytest.approx(plain.low, abs=1e-6)


def test_one_absurd_target_hides_no_skill() -> None:
    y = X.copy()
    y[7] = 1e12
    assert number_skill(X, sample_of(problem(y, x=X))).low > 0.9


def test_the_interval_narrows_with_the_root_of_the_rows_and_holds_the_ratio() -> None:
    loss, constant = RNG.exponential(size=(2, 40_000))
    narrow, wide = ratio_skill(loss, 2 * constant), ratio_skill(loss[:400], 2 * constant[:400])
    assert narrow.value == pytest.approx(0.5, abs=0.02)
    assert (wide.high - wide.low) / (narrow.high - narrow.low) == pytest.approx(10, rel=0.25)
    # 1.96 · 1.5 · sqrt(var) / sqrt(n), with the variance of l - c/2·... of two exponentials
    assert narrow.high - narrow.low == pytest.approx(2 * 1.96 * 1.5 * np.sqrt(0.5) / 200, rel=0.05)
