"""Blocks of the sphere and the plane, and distances between their rows."""

import numpy as np
import pytest

from rung.core.blocks import (
    BlockGrid,
    block_sizes_text,
    coordinates,
    gather_entities,
    nearer_than,
    straight,
)
from rung.errors import DataError


@pytest.fixture
def globe():
    """Twenty thousand places, evenly on the sphere."""
    rng = np.random.default_rng(4)
    return rng.uniform(-180, 180, 20_000), np.degrees(np.arcsin(rng.uniform(-1, 1, 20_000)))


@pytest.mark.parametrize("size", [5.0, 12.0, 30.0, 60.0, 90.0])
def test_blocks_of_the_sphere_have_the_area_of_a_square_of_their_size(globe, size):
    counts = np.unique(BlockGrid(True, size).place(*globe), axis=0, return_counts=True)[1]
    expected = 4 * np.pi / np.radians(size) ** 2
    assert len(counts) == pytest.approx(expected, rel=0.15)
    if size >= 12:
        wanted = 20_000 / expected
        assert counts.max() < 1.5 * wanted + 5 * np.sqrt(wanted)
        assert counts.min() > 0.6 * wanted - 5 * np.sqrt(wanted)


def test_every_longitude_at_a_pole_is_one_block_and_the_poles_are_two():
    longitude = np.linspace(-180, 180, 73)
    place = BlockGrid(True, 10.0).place
    north, south = place(longitude, np.full(73, 90.0)), place(longitude, np.full(73, -90.0))
    assert len(np.unique(north, axis=0)) == len(np.unique(south, axis=0)) == 1
    assert (north[0] != south[0]).any()


def test_longitudes_that_differ_by_whole_turns_are_one_place(globe):
    longitude, latitude = globe
    grid = BlockGrid(True, 7.0)
    whole = np.round(longitude)
    assert np.array_equal(grid.place(whole, latitude), grid.place(whole + 360, latitude))
    at_line = grid.place(np.array([180.0, -180.0, 540.0, -1e-300, 0.0, 360.0]), np.zeros(6))
    assert len(np.unique(at_line[:3], axis=0)) == len(np.unique(at_line[3:], axis=0)) == 1


def test_blocks_across_the_date_line_keep_the_distance(globe):
    grid = BlockGrid(True, 10.0)
    points = coordinates(grid, np.array([179.0, -179.0, 175.0]), np.zeros(3))
    near = nearer_than(points, np.array([0]), straight(grid, 3.0))
    assert near.tolist() == [True, True, False]


def test_a_block_does_not_depend_on_the_other_rows_or_their_order(globe):
    grid, order = BlockGrid(True, 15.0), np.random.default_rng(0).permutation(20_000)
    whole = grid.place(*globe)
    assert np.array_equal(whole[order], grid.place(globe[0][order], globe[1][order]))
    assert np.array_equal(whole[:50], grid.place(globe[0][:50], globe[1][:50]))


def test_blocks_of_the_plane_are_squares_from_the_origin():
    place = BlockGrid(False, 2.0).place(np.array([-0.1, 0.0, 1.9, 2.0]), np.array([3.9, 4, 4, 4]))
    assert place.tolist() == [[-1, 1], [0, 2], [0, 2], [1, 2]]


def test_keys_are_equal_where_blocks_are():
    keys = BlockGrid(False, 1.0).keys(np.array([0.1, 0.9, 1.0]), np.zeros(3))
    assert keys[0] == keys[1] != keys[2]
    assert {len(key) for key in keys} == {16}


def test_near_rows_are_those_whose_great_circle_is_shorter_than_the_buffer():
    rng = np.random.default_rng(1)
    longitude, latitude = rng.uniform(0, 360, 300), rng.uniform(-90, 90, 300)
    held = rng.random(300) < 0.1
    grid = BlockGrid(True, 10.0)
    near = nearer_than(coordinates(grid, longitude, latitude), held, straight(grid, 12.0))
    lon, lat = np.radians(longitude), np.radians(latitude)
    half = (
        np.sin((lat[:, None] - lat[held]) / 2) ** 2
        + np.cos(lat)[:, None] * np.cos(lat[held]) * np.sin((lon[:, None] - lon[held]) / 2) ** 2
    )
    haversine = np.degrees(2 * np.arcsin(np.sqrt(np.clip(half, 0, 1)))).min(axis=1)
    assert np.array_equal(near, held | (haversine < 12.0))


def test_entities_stand_at_their_mean_also_across_the_date_line():
    lon, lat, spread = gather_entities(
        BlockGrid(True, 10.0), np.array([179.0, -179.0, 20.0]), np.zeros(3), np.array([0, 0, 1])
    )
    assert np.allclose(np.abs(lon), [180, 180, 20])
    assert np.allclose(lat, 0)
    assert spread == pytest.approx(straight(BlockGrid(True, 10.0), 1.0))
    x, _, spread = gather_entities(
        BlockGrid(False, 1.0), np.array([0.0, 2.0, 5.0]), np.zeros(3), np.array([0, 0, 1])
    )
    assert x.tolist() == [1.0, 1.0, 5.0]
    assert spread == 1.0


def test_sizes_of_blocks_are_said_from_the_smallest_to_the_largest():
    assert block_sizes_text(np.array([1, 5000, 7])) == "1 to 5,000 rows each, 7 in the middle"


@pytest.mark.parametrize("size", [0.0, -1.0, np.nan, np.inf, 90.1])
def test_a_size_that_makes_no_blocks_of_a_sphere_is_refused(size):
    with pytest.raises(DataError, match=f"size {size:g} cannot"):
        BlockGrid(True, size)


def test_a_latitude_beyond_the_pole_is_refused():
    with pytest.raises(DataError, match=r"a latitude of 118\.3 lies beyond"):
        BlockGrid(True, 5.0).place(np.array([34.0]), np.array([118.3]))


def test_positions_too_large_to_number_are_refused():
    with pytest.raises(DataError, match="1e\\+30"):
        BlockGrid(False, 1.0).place(np.array([1e30]), np.array([0.0]))
