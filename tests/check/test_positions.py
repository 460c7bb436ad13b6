import numpy as np
import pytest

from rung.check.positions import cells_of, find_positions
from rung.workbench import check_table
from tests.check.drawn import problem, said
from tests.realdata import real_data

RNG = np.random.default_rng(0)
U, V = RNG.uniform(size=(2, 900))


def field(u: np.ndarray, v: np.ndarray, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    waves = rng.normal(size=(2, 100)) / 0.15
    phase, size = rng.uniform(0, 6.3, 100), rng.normal(size=100)
    return np.cos(np.stack([u, v], axis=1) @ waves + phase) @ size / 7


X = {"a": field(U, V, 1), "b": field(U, V, 2)}
Y = X["a"] + 1.5 * field(U, V, 3) + 0.2 * RNG.normal(size=900)


@pytest.mark.parametrize(
    "names",
    [("lon", "lat"), ("ra", "dec"), ("site_longitude", "site_latitude"), ("utm_x", "utm_y")],
)
def test_positions_are_found_by_their_names(names: tuple[str, str]) -> None:
    place = {names[0]: 10 + 20 * U, names[1]: 40 + 20 * V}
    (found,) = find_positions(problem(Y, **place, **X), "y")
    assert said((found,)) == [("space", "alarm", names)]
    assert found.remedy.endswith(f"use --space {names[0]},{names[1]}")
    assert "random folds flatter by " in found.message


def test_a_grid_is_found_by_its_values() -> None:
    u, v = (one.ravel() for one in np.meshgrid(np.arange(30.0), np.arange(30.0)))
    own = {"p": u, "q": v, "a": field(u / 30, v / 30, 1), "b": field(u / 30, v / 30, 2)}
    y = own["a"] + field(u / 30, v / 30, 3)
    assert said(find_positions(problem(y, **own), "y")) == [("space", "alarm", ("p", "q"))]


def test_positions_that_tell_nothing_are_passed_over() -> None:
    x, noise = RNG.normal(size=(2, 900))
    assert find_positions(problem(x + noise, lon=10 + 20 * U, lat=40 + 20 * V, x=x), "y") == ()


def test_a_design_is_no_map() -> None:
    u, v = (one.ravel() for one in np.meshgrid(np.arange(30.0), np.arange(30.0)))
    z = RNG.normal(size=900)
    assert find_positions(problem(u / 10 + v / 20 + z, p=u, q=v, z=z), "y") == ()


def test_lengths_that_go_together_are_no_plane() -> None:
    size = RNG.uniform(1, 2, 900)
    own = {"X": size, "Y": size + 0.01 * RNG.normal(size=900), "z": RNG.normal(size=900)}
    assert find_positions(problem(size**3, **own), "price") == ()


def test_cells_are_wider_than_likeness_reaches() -> None:
    points = np.stack([U, V], axis=1)
    for reach, side in ((0.0, 16), (0.1, 8), (0.2, 4), (0.9, 4)):
        n_cells = len(np.unique(cells_of(points, reach)))
        assert 0.9 * side**2 < n_cells <= side**2


def test_houses_of_california_are_found() -> None:
    found = check_table(
        str(real_data("california_housing/housing.csv")), target="median_house_value"
    )
    dependence = [one for one in said(found) if one[0] in ("groups", "time", "space")]
    assert dependence == [("space", "alarm", ("longitude", "latitude"))]
