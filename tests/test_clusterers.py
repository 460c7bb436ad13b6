"""The clusterer keeps what scikit-learn asks of one."""

import numpy as np
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from rung.clusterers import RungClusterer


@parametrize_with_checks([RungClusterer()])
def test_it_passes_the_checks_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.mark.parametrize("apart", [0.0, 9.0])
def test_groups_are_counted_and_strangers_are_like_none(apart):
    cloud = np.random.default_rng(0).normal(size=(120, 2))
    found = RungClusterer().fit(np.concatenate([cloud, cloud + apart]))
    assert found.n_clusters_ == (2 if apart else 1)
    assert found.predict([[99.0, -99.0]]).tolist() == [-1]
