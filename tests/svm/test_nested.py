import numpy as np
import pytest

from rung.core.fold_searches import choosing_splits
from rung.core.folds import partition_folds
from rung.svm import nested as nested_margins
from rung.svm.nested import class_shares, fit_nested_machines
from tests.tables import SerialContext, classification, regression, scrambled

N_ROWS = 90


def problem(n_classes):
    X = np.random.default_rng(0).normal(size=(N_ROWS, 2))
    radius = np.hypot(X[:, 0], X[:, 1])
    if not n_classes:
        return regression(np.sin(2 * X[:, 0]) + X[:, 1], numbers=X)
    ranks = np.argsort(np.argsort(radius))
    return classification(ranks * n_classes // N_ROWS, n_classes, numbers=X)


def fit(problem, folds=None):
    folds = folds or partition_folds(np.arange(N_ROWS) % 3)
    return fit_nested_machines(problem, folds, SerialContext(problem))


@pytest.mark.parametrize("n_classes", [0, 2, 3])
def test_what_is_bent_is_given_a_kernel(n_classes):
    assert all(one.setting.reach > 0 for one in fit(problem(n_classes)))


def test_what_is_straight_is_given_a_line():
    X = np.random.default_rng(0).normal(size=(N_ROWS, 2))
    fits = fit(regression(X @ [1.0, 2.0], numbers=X))
    assert all(one.machine.gamma == 0 for one in fits)


@pytest.mark.parametrize("n_classes", [0, 3])
@pytest.mark.parametrize("limits", [(1_000, 5_000), (10, 25)])
def test_held_out_rows_leave_no_bit_in_small_and_in_large_ways(monkeypatch, n_classes, limits):
    """The second way compares settings on a sample, and calibrates on its own."""
    monkeypatch.setattr(nested_margins, "COSTLY_ROWS", limits[0])
    monkeypatch.setattr(nested_margins, "SEARCH_ROWS", limits[1])
    folds = partition_folds(np.arange(N_ROWS) % 3)
    own = problem(n_classes)
    first, other = (fit(p, folds)[0] for p in (own, scrambled(own, folds.splits[0].test)))
    assert first.setting == other.setting
    assert first.line.tobytes() == other.line.tobytes()
    assert first.machine.coefficients.tobytes() == other.machine.coefficients.tobytes()
    assert first.paired.tobytes() == other.paired.tobytes()
    assert len(first.paired) == len(choosing_splits(folds)[0][0].test)


def test_machines_of_pairs_say_about_what_whole_ones_say(monkeypatch):
    monkeypatch.setattr(nested_margins, "COSTLY_ROWS", 10)
    monkeypatch.setattr(nested_margins, "SEARCH_ROWS", 25)
    folds = partition_folds(np.arange(N_ROWS) % 3)
    own = problem(2)
    fits = fit(own, folds)
    for i in range(3):
        rows = folds.inner(i)[0].test
        agree = (fits[i].paired[:, 0] > 0) == (own.y[rows] == 1)
        assert agree.mean() > 0.8


def test_without_inner_splits_the_line_is_taken_and_still_gives_chances(monkeypatch):
    monkeypatch.setattr(nested_margins, "judging_splits", lambda folds: ((),) * len(folds.splits))
    for one in fit(problem(2)):
        assert one.setting == nested_margins.UNCHOSEN
        assert np.isfinite(one.line).all()


def test_shares_sum_to_one_however_small_the_chances():
    shares = class_shares(np.array([[0.0, 0.0, 1.0], [0.2, 0.4, 0.9]]), np.array([0, 1]))
    np.testing.assert_allclose(shares, [[0.5, 0.5], [1 / 3, 2 / 3]])
    one = class_shares(np.array([[1.0]]), np.array([0, 1]))
    np.testing.assert_allclose(one, [[0.0, 1.0]], atol=1e-300)
