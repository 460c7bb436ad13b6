"""A tree joins columns through their normal scores."""

import numpy as np

from tests.families.density.laws import line, mean


def test_it_keeps_most_of_what_joins_columns_where_one_is_skewed():
    bent = line() | {"y": np.exp(line()["y"] / 3)}
    gain = mean(bent, "dependence_tree") - mean(bent, "independent")
    most = -0.5 * np.log(1 - 0.95**2)
    assert 0.6 * most < gain < most + 0.1
