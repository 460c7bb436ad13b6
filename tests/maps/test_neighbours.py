"""t-SNE keeps neighbours, repeats itself to the bit, and says how it is installed."""

import importlib.util

import numpy as np
import pytest

from rung.errors import MissingExtra
from rung.maps import neighbours
from rung.maps.components import trustworthiness
from rung.maps.neighbours import map_neighbours

HAS_TSNE = importlib.util.find_spec("openTSNE") is not None
needs_tsne = pytest.mark.skipif(not HAS_TSNE, reason="pip install 'rung[embed]' adds t-SNE")


@needs_tsne
def test_a_bent_sheet_in_five_columns_keeps_its_neighbours():
    rng = np.random.default_rng(0)
    angle = rng.uniform(0, 6, size=200)
    X = np.column_stack([np.cos(angle), np.sin(angle), angle, angle**2 / 9, rng.normal(size=200)])
    found = map_neighbours(X, seed=1)
    assert trustworthiness(X, found.placed) > 0.9
    np.testing.assert_array_equal(map_neighbours(X, seed=1).placed, found.placed)
    assert found.place(X[:0]).shape == (0, 2)


@needs_tsne
@pytest.mark.parametrize("X", [np.ones((30, 2)), np.arange(10.0)[:, None]])
def test_equal_rows_and_a_single_column_have_a_map(X):
    assert np.isfinite(map_neighbours(X).placed).all()


def test_without_the_library_the_command_that_adds_it_is_named(monkeypatch):
    monkeypatch.setattr(neighbours, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match=r"needs openTSNE.*pip install .*\[embed\]"):
        map_neighbours(np.ones((30, 2)))
