"""One column is fitted as scikit-learn and closed forms fit it, from sums over groups alone."""

import numpy as np
import pytest

from rung.gram.column import (
    PRIOR_ROWS,
    ColumnTarget,
    add_up,
    fit_levels,
    fit_line,
    fit_split,
    gather_levels,
    gather_numbers,
    held_out_loss,
    overall,
)

RNG = np.random.default_rng(0)
X = RNG.normal(3.0, 2.0, 500)
WEIGHT = RNG.uniform(0.5, 2.0, 500)
Y = 2.0 * X + RNG.normal(size=500)
ALL = np.arange(500)


def fitted(fit, x, y, n_classes=0, most=10_000):
    groups, target = gather_numbers(x, WEIGHT, most), ColumnTarget(y, WEIGHT, n_classes)
    sums = add_up(groups, target, ALL)
    return groups, sums, fit(groups, sums, overall(sums))


def test_the_line_is_weighted_least_squares():
    groups, _, line = fitted(fit_line, X, Y)
    slope, start = np.polyfit(X, Y, 1, w=np.sqrt(WEIGHT))
    np.testing.assert_allclose(line.by_group[groups.of_row, 0], start + slope * X, rtol=1e-9)


def test_the_split_is_that_of_a_stump():
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    stump = DecisionTreeRegressor(max_depth=1).fit(X[:, None], Y, WEIGHT)
    ours = fitted(fit_split, X, Y)[2].threshold
    assert np.array_equal(ours >= X, stump.tree_.threshold[0] >= X)
    assert ours == pytest.approx(stump.tree_.threshold[0], abs=1e-4)
    labels = np.digitize(Y + 4 * RNG.normal(size=500), [2.0, 8.0])
    stump = DecisionTreeClassifier(max_depth=1, criterion="entropy")
    stump.fit(X[:, None], labels, WEIGHT)
    ours = fitted(fit_split, X, labels, 3)[2].threshold
    assert np.array_equal(ours >= X, stump.tree_.threshold[0] >= X)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_the_logistic_line_is_scikit_learns(n_classes):
    from sklearn.linear_model import LogisticRegression

    cuts = [4.0, 9.0][: n_classes - 1]
    labels = np.digitize(Y + 4 * RNG.normal(size=500), cuts)
    groups, _, line = fitted(fit_line, X, labels, n_classes)
    z = (X - groups.shift) / groups.scale
    theirs = LogisticRegression(C=1.0, tol=1e-10, max_iter=1000).fit(z[:, None], labels, WEIGHT)
    np.testing.assert_allclose(
        line.by_group[groups.of_row], theirs.predict_proba(z[:, None]), atol=2e-3
    )


def test_levels_are_drawn_toward_the_mean_of_all():
    groups = gather_levels(np.array([0, 0, 1, -1]), 3)
    sums = add_up(groups, ColumnTarget(np.array([1.0, 3.0, 8.0, 0.0]), np.ones(4), 0), np.arange(4))
    values = fit_levels(groups, sums, overall(sums)).values[:, 0]
    m = PRIOR_ROWS
    wanted = [(4 + 3 * m) / (2 + m), (8 + 3 * m) / (1 + m), 3.0, 3 * m / (1 + m)]
    np.testing.assert_allclose(values, wanted)


def test_few_bins_cut_nearly_where_all_values_do():
    coarse = fitted(fit_split, X, Y, most=64)[2].threshold
    assert coarse == pytest.approx(fitted(fit_split, X, Y)[2].threshold, abs=0.2)
    assert gather_numbers(X, WEIGHT, 64).n_known <= 64


def test_a_threshold_lies_between_its_neighbours_even_where_they_touch():
    x = np.array([1.0, np.nextafter(1.0, 2.0)])
    groups = gather_numbers(x, np.ones(2), 9)
    sums = add_up(groups, ColumnTarget(np.array([0.0, 1.0]), np.ones(2), 0), np.arange(2))
    assert x[0] <= fit_split(groups, sums, np.zeros(1)).threshold < x[1]


def test_losses_differ_as_the_losses_of_the_rows_do():
    groups, _, line = fitted(fit_line, X, Y)
    target = ColumnTarget(Y, WEIGHT, 0)
    sums = add_up(groups, target, ALL)
    other = fit_split(groups, sums, overall(sums))
    by_rows = [
        np.sum(WEIGHT * (each.by_group[groups.of_row, 0] - Y) ** 2) for each in (line, other)
    ]
    by_sums = [held_out_loss(each, sums, "squared_error") for each in (line, other)]
    assert by_sums[1] - by_sums[0] == pytest.approx(by_rows[1] - by_rows[0])


def test_classes_that_no_value_shows_leave_no_line():
    x = np.where(ALL % 2 == 0, np.nan, X)
    assert fitted(fit_line, x, ALL % 2, 2)[2] is None


def test_columns_without_a_value_or_without_variation_predict_the_mean():
    for x in (np.full(500, np.nan), np.ones(500)):
        for fit in (fit_line, fit_split):
            groups, _, found = fitted(fit, x, Y)
            given = found.by_group[groups.of_row, 0]
            np.testing.assert_allclose(given, np.average(Y, weights=WEIGHT))
