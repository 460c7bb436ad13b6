"""A mixture has as many components as rows support."""

import numpy as np

from tests.families.density.laws import cross_fit


def test_it_counts_three_clouds_in_most_folds():
    rng = np.random.default_rng(1)
    kind = np.arange(240) % 3
    found = cross_fit(
        {"x": rng.normal(size=240) + 9 * kind, "y": rng.normal(size=240) + 8 * (kind == 1)},
        "mixture",
    )
    assert [one["components"] for one in found.settings].count(3) >= 3
