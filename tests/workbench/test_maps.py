"""A map stands beside the map of nothing, and new rows are placed on it."""

import numpy as np
import pytest

from rung.errors import UsageError
from rung.workbench.maps import embed


def _line(n=120):
    rng = np.random.default_rng(0)
    base = rng.normal(size=n)
    return {name: base + 0.3 * rng.normal(size=n) for name in ("a", "b", "c")}


def test_the_map_of_rows_is_trusted_more_than_that_of_shuffled_columns():
    found = embed(_line())
    assert found.components.n_real == 1
    assert found.trust > found.trust_shuffled + 0.05
    assert found.to_dict()["components"][0]["words"].count("+") == 3


def test_rows_that_are_placed_again_stand_where_they_stood():
    table = _line()
    found = embed(table)
    np.testing.assert_allclose(found.place(table), found.placed, atol=1e-9)


def test_an_unknown_method_is_refused_by_name():
    with pytest.raises(UsageError, match="'umap' is not known; accepted: components, tsne"):
        embed(_line(), method="umap")


def test_t_sne_maps_every_row_and_places_no_new_one():
    found = embed(_line(60), method="tsne")
    assert found.placed.shape == found.shuffled.shape == (60, 2)
    assert found.trust > 0.85
    with pytest.raises(UsageError, match="places the rows"):
        found.place(_line(60))
