import numpy as np
import pytest

from rung.check.combination import WAYS, combine, combined_exactly, find_functions_of_pairs

RNG = np.random.default_rng(4)
X = RNG.normal(size=(500, 8)) + 3


@pytest.mark.parametrize("way", WAYS)
def test_a_curve_of_each_way_to_combine_two_columns_is_found(way: str) -> None:
    y = np.tanh(combine(way, X[:, 2], X[:, 5]) / 3)
    assert (way, 2, 5) in find_functions_of_pairs(y, X)


def test_noise_is_a_curve_of_no_pair() -> None:
    assert find_functions_of_pairs(RNG.normal(size=500), X) == []
    assert find_functions_of_pairs(np.ones(500), X) == []


def test_a_column_that_two_others_make_is_found_once() -> None:
    columns = X.copy()
    columns[:, 6] = (columns[:, 0] / columns[:, 1]).round(4)
    columns[:, 7] = columns[:, 2] - 3 * columns[:, 3]
    found = {(one.target, one.identity.sources): one for one in combined_exactly(columns)}
    assert found[7, (2, 3)].identity.formula == "{0} - 3·{1}"
    assert len([key for key in found if 7 in (key[0], *key[1])]) == 1
    assert list(combined_exactly(X)) == []
