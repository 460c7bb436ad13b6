import numpy as np
import pytest

from rung.core.likeness import (
    MostAlike,
    intraclass,
    least_squares_residual,
    same_group_share,
    smoothness,
    standard_ranks,
)

RNG = np.random.default_rng(0)
CODES = np.repeat(np.arange(200), 5)


def test_the_intraclass_correlation_is_the_share_between_groups() -> None:
    values = 2 * RNG.normal(size=200)[CODES] + RNG.normal(size=1000)
    found = intraclass(values, CODES)
    assert found.share == pytest.approx(0.8, abs=0.04)
    assert found.p_value < 1e-100


def test_groups_by_chance_are_not_alike() -> None:
    p_values = [intraclass(RNG.normal(size=1000), CODES).p_value for _ in range(200)]
    assert np.mean(np.array(p_values) < 0.1) == pytest.approx(0.1, abs=0.06)


def test_one_group_and_groups_of_one_say_nothing() -> None:
    for codes in (np.zeros(9, dtype=int), np.arange(9), np.full(9, -1)):
        assert (
            intraclass(np.arange(9.0), codes).share,
            intraclass(np.arange(9.0), codes).p_value,
        ) == (0, 1)


def test_rows_without_a_group_do_not_count() -> None:
    values, codes = np.array([1.0, 1.0, 5.0, 5.0, 99.0]), np.array([0, 0, 1, 1, -1])
    assert intraclass(values, codes).share == 1.0
    pairs = (np.array([0, 4]), np.array([1, 0]))
    assert same_group_share(pairs, codes) == 1.0


def test_nearest_rows_without_a_column_are_those_of_the_others() -> None:
    X = RNG.normal(size=(300, 4))
    asked, nearest = MostAlike.of(X).without([1, 3])
    distance = ((X[asked][:, None, [0, 2]] - X[None, :, [0, 2]]) ** 2).sum(axis=2)
    distance[np.arange(len(asked)), asked] = np.inf
    assert (nearest == distance.argmin(axis=1)).mean() > 0.99


def test_agreement_by_chance_is_nothing() -> None:
    codes = RNG.integers(0, 3, 400)
    assert same_group_share(
        MostAlike.of(RNG.normal(size=(400, 3))).without([]), codes
    ) == pytest.approx(0, abs=0.1)


def test_means_of_a_code_jump_and_those_of_a_quantity_do_not() -> None:
    steps = np.repeat(np.arange(50.0), 8)
    assert smoothness(RNG.normal(size=50)[steps.astype(int)], steps) == pytest.approx(2, abs=0.8)
    assert smoothness(np.sin(steps / 10), steps) < 0.05
    assert smoothness(steps * 0, steps) == 2.0


def test_ranks_do_not_know_the_unit() -> None:
    x = RNG.normal(size=301)
    ranks = standard_ranks(np.stack([x, np.exp(3 * x), x * 0], axis=1))
    assert np.array_equal(ranks[:, 0], ranks[:, 1])
    assert (ranks[:, 0].min(), ranks[:, 0].max(), np.abs(ranks[:, 2]).max()) == (-0.5, 0.5, 0)


def test_a_line_leaves_what_it_does_not_explain() -> None:
    x = np.linspace(-0.5, 0.5, 101)
    left = least_squares_residual(3 * x + x**2, x[:, None])
    assert np.corrcoef(left, x**2)[0, 1] > 0.99
    assert least_squares_residual(x, np.empty((101, 0))) == pytest.approx(x)
