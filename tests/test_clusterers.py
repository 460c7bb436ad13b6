"""Clusterer and density keep what scikit-learn asks of them."""

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture
from sklearn.utils.estimator_checks import parametrize_with_checks

from rung.clusterers import RungClusterer, RungDensity


@parametrize_with_checks([RungClusterer(), RungDensity()])
def test_it_passes_the_checks_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.mark.parametrize("apart", [0.0, 9.0])
def test_groups_are_counted_and_strangers_are_like_none(apart):
    cloud = np.random.default_rng(0).normal(size=(120, 2))
    found = RungClusterer().fit(np.concatenate([cloud, cloud + apart]))
    assert found.n_clusters_ == (2 if apart else 1)
    assert found.predict([[99.0, -99.0]]).tolist() == [-1]


def test_a_density_is_level_with_scikit_learns_mixture_where_that_is_told_the_number():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(600, 2)) + 6 * (np.arange(600) % 2)[:, None]
    found = RungDensity().fit(X[:400])
    other = GaussianMixture(2, random_state=0).fit(X[:400])
    assert found.n_components_ == 2
    assert found.score(X[400:]) / 200 > other.score(X[400:]) - 0.02
    assert found.sample(500).mean(axis=0) == pytest.approx([3, 3], abs=0.6)


def test_units_of_columns_change_no_group_and_what_is_enormous_is_like_none():
    cloud = np.random.default_rng(0).normal(size=(100, 2))
    X = np.concatenate([cloud, cloud + 9])
    one, other = RungClusterer().fit(X), RungClusterer().fit(X * [1e250, 1e-250])
    assert one.n_clusters_ == 2
    assert np.array_equal(one.labels_, other.labels_)
    assert one.predict([[1e300, 0.0], *X[:1]]).tolist() == [-1, one.labels_[0]]


@pytest.mark.parametrize("count", [0, 2.5, True, None, "3"])
def test_what_is_no_count_is_refused_by_its_name(count):
    X = np.random.default_rng(0).normal(size=(30, 1))
    with pytest.raises(ValueError, match=f"most_components must be .* it is {count!r}"):
        RungDensity(most_components=count).fit(X)
    with pytest.raises(ValueError, match=f"n_samples must be .* it is {count!r}"):
        RungDensity(most_components=1).fit(X).sample(count)


def test_a_column_without_a_known_cell_is_named():
    X = np.array([[1.0, np.nan], [2.0, np.nan], [4.0, np.nan]])
    with pytest.raises(ValueError, match=r"columns \[1\] of X, from 0, have no known cell"):
        RungDensity().fit(X)
    assert RungDensity().fit(X[:, :1]).score_samples([[1e300], [np.nan]])[1] == pytest.approx(0)
