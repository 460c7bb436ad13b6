"""Sizes of a GPT and the neighbours that it looks up."""

import numpy as np

from rung.nets.characters.shape import GptShape, hashed_neighbours, shape_for, turns


def test_neighbours_do_not_reach_into_another_document():
    tokens = np.array([[3, 4, 3, 4]])
    apart = hashed_neighbours(tokens, np.array([[0, 0, 1, 1]]), 1_000)
    assert (apart[:, 0, :2] == apart[:, 0, 2:]).all()
    together = hashed_neighbours(tokens, np.zeros((1, 4), dtype=int), 1_000)
    assert together[0, 0, 2] != apart[0, 0, 2]
    assert together[1, 0, 3] != apart[1, 0, 3]


def test_rows_of_the_table_are_in_range():
    tokens = np.random.default_rng(0).integers(0, 200, (20, 30))
    found = hashed_neighbours(tokens, np.zeros_like(tokens), 64)
    assert found.min() >= 0
    assert found.max() < 64


def test_products_of_rotated_numbers_depend_on_the_distance_alone():
    by = turns(np.arange(10), 8)
    rng = np.random.default_rng(0)
    query, key = rng.normal(size=(2, 8))

    def turned(vector, place):
        return (vector.view(np.complex128) * by[place]).view(np.float64)

    assert np.isclose(turned(query, 3) @ turned(key, 1), turned(query, 9) @ turned(key, 7))
    assert not np.isclose(turned(query, 3) @ turned(key, 1), turned(query, 9) @ turned(key, 6))


def test_a_longer_text_gets_no_smaller_a_network():
    widths = [shape_for(n, 30, 256).width for n in (1_000, 50_000, 1_000_000)]
    assert widths == sorted(widths)
    assert shape_for(1_000_000, 30, 12).context == 12
    assert GptShape(9).head_width % 2 == 0
