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
