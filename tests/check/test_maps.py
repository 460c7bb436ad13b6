import numpy as np

from rung.check.maps import grids, named_maps
from rung.core.dataset import Dataset
from tests.check.drawn import problem

RNG = np.random.default_rng(0)


def design(**columns: np.ndarray) -> Dataset:
    made = problem(np.zeros(len(next(iter(columns.values())))), **columns).design
    assert isinstance(made, Dataset)
    return made


def test_names_of_both_coordinates_are_needed() -> None:
    lon, lat = RNG.uniform(-20, 20, (2, 100))
    assert [one.columns for one in named_maps(design(lon=lon, lat=lat), "t")] == [("lon", "lat")]
    assert list(named_maps(design(lon=lon, z=lat), "t")) == []
    assert list(named_maps(design(lon=lon, lat=lat), "lat")) == []


def test_degrees_beyond_the_globe_are_a_plane() -> None:
    lon, lat = RNG.uniform(0, 4000, (2, 100))
    (found,) = named_maps(design(lon=lon, lat=lat), "t")
    assert (found.is_sphere, found.points.shape) == (False, (100, 2))
    (round_one,) = named_maps(design(ra=lon / 20, dec=lat / 50), "t")
    assert (round_one.is_sphere, round_one.points.shape) == (True, (100, 3))


def test_missing_positions_are_left_out() -> None:
    lon, lat = RNG.uniform(-20, 20, (2, 100))
    lon[:7] = np.nan
    (found,) = named_maps(design(lon=lon, lat=lat), "t")
    assert found.rows.tolist() == list(range(7, 100))


def test_rounded_numbers_and_calendars_are_no_grid() -> None:
    a, b = np.round(3 * RNG.normal(size=(2, 3000)))
    assert list(grids(design(a=a, b=b, c=a + b + 0.1 * RNG.normal(size=3000)), "t")) == []
    day, month = (one.ravel() for one in np.meshgrid(np.arange(1.0, 32), np.arange(1.0, 13)))
    warmth = -np.cos(month / 2) + day / 100
    assert list(grids(design(day=day, month=month, warmth=warmth), "t")) == []
