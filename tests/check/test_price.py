import numpy as np
import pytest

from rung.check.price import (
    MOST_ROWS,
    Price,
    deal_units,
    make_sheet,
    measure,
    random_folds,
    share,
    thin,
)
from tests.check.drawn import problem, subjects

GROUP, X, Y = subjects(40, 800)


def test_independent_rows_cost_nothing() -> None:
    rng = np.random.default_rng(0)
    x, noise = rng.normal(size=(2, 800))
    sheet = make_sheet(problem(x + noise, x=x, g=GROUP))
    price = measure(sheet, lambda seed: deal_units(GROUP, seed), GROUP, hidden=("g",))
    assert not price.matters
    assert price.low < 0 < price.high
    assert price.random == pytest.approx(0.4, abs=0.15)


def test_what_models_know_of_groups_is_the_price() -> None:
    sheet = make_sheet(problem(Y, g=GROUP, **X))
    price = measure(sheet, lambda seed: deal_units(GROUP, seed), GROUP, hidden=("g",))
    assert price.matters
    # The group's own share of the variance: 1.5² of 1.5² + 1 + 1.5² + .25.
    assert price.difference == pytest.approx(2.25 / 5.75, abs=0.12)
    assert price.low < price.difference < price.high


def test_the_margin_is_that_of_a_run() -> None:
    for random, margin in ((0.5, 0.025), (0.1, 0.01), (0.98, 0.002)):
        assert Price(random, 0.0, 0.0, 0.0, margin, 9.0, False).matters
    sheet = make_sheet(problem(Y, **X))
    price = measure(sheet, lambda seed: deal_units(GROUP, seed), GROUP)
    loss = 1 - price.random
    assert price.margin == pytest.approx(min(max(0.05 * price.random, 0.01), 0.1 * loss))


def test_less_than_a_hundredth_raises_no_alarm() -> None:
    assert not Price(0.995, 0.988, 0.004, 0.01, 0.001, 9.0, False).matters


def test_missing_cells_are_told_from_present_ones() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=600)
    is_gone = rng.random(600) < 0.3
    y = np.where(is_gone, 5.0, 0.0) + 0.1 * rng.normal(size=600)
    sheet = make_sheet(problem(y, x=np.where(is_gone, np.nan, x)))
    assert (
        measure(sheet, lambda seed: deal_units(np.arange(600), seed), np.arange(600)).random > 0.9
    )


def test_absurd_targets_are_cut() -> None:
    y = np.append(np.random.default_rng(2).normal(size=500), 1e30)
    assert make_sheet(problem(y, x=y * 0)).y.max() < 30


def test_rare_classes_are_joined() -> None:
    y = np.array([0] * 50 + [1] * 40 + [2] * 30 + [3] * 3 + [4] * 2)
    found = make_sheet(problem(y, ("a", "b", "c", "d", "e"), x=y * 1.0)).y
    assert found.sum(axis=0).tolist() == [50, 40, 30, 5]


def test_equal_rows_share_a_random_fold() -> None:
    X = np.repeat(np.random.default_rng(3).normal(size=(50, 2)), 3, axis=0)
    fold = random_folds(X, 0).reshape(50, 3)
    assert (fold == fold[:, :1]).all()


def test_units_are_dealt_whole_and_evenly() -> None:
    fold = deal_units(GROUP, 0)
    assert all(len(np.unique(fold[one == GROUP])) == 1 for one in range(40))
    assert np.ptp(np.bincount(fold)) <= 25


def test_few_units_are_thinned_and_many_are_kept_whole() -> None:
    few = thin(np.arange(20_000) % 10, 0)
    assert np.bincount(few % 10).tolist() == [240] * 10
    many = thin(np.arange(20_000) // 5, 0)
    assert len(many) == MOST_ROWS
    assert np.bincount(many // 5).max() == 5
    assert (np.bincount(many // 5) > 0).sum() <= MOST_ROWS // 5 + 1
    assert thin(np.arange(5), 0).tolist() == [0, 1, 2, 3, 4]


def test_shares_are_short() -> None:
    assert [share(one) for one in (0.0, 1.0, -0.254, 0.996)] == [".00", "1.00", "-.25", "1.00"]
