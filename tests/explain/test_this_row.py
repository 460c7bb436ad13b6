"""One row: what columns add, rows like it, the smallest change, against formulas."""

from __future__ import annotations

import numpy as np
import pytest

from rung.core.dataset import Column, Dataset
from rung.explain.this_row import Asked, Distances, explain_row, share_farther, thin_known

RNG = np.random.default_rng(1)
N = 200
COLUMNS = (Column("x", "number"), Column("z", "number"), Column("k", "category", levels=("a", "b")))
KNOWN = Dataset(
    COLUMNS,
    {"x": RNG.normal(size=N), "z": 10 * RNG.normal(size=N), "k": RNG.integers(0, 2, N)},
    N,
)


def line(rows):
    return (2 * rows.values["x"] - rows.values["z"] + 5 * rows.values["k"])[:, None]


def one(x=0.5, z=1.0, k=0):
    return Dataset(COLUMNS, {"x": np.array([x]), "z": np.array([z]), "k": np.array([k])}, 1)


def asked(row, predict=line, classes=(), amount=1.0):
    return explain_row(
        Asked(predict, row, KNOWN, classes, amount), lambda near: [{"row": int(i)} for i in near]
    )


def test_a_column_of_a_line_adds_its_slope_times_its_distance_from_the_mean_of_others() -> None:
    found = {each["column"]: each for each in asked(one())["columns"]}
    half = {name: KNOWN.values[name][::2] for name in "xzk"}
    assert found["x"]["adds"] == pytest.approx(2 * (0.5 - half["x"].mean()))
    assert found["z"]["adds"] == pytest.approx(-(1.0 - half["z"].mean()))
    assert found["k"]["adds"] == pytest.approx(5 * (0 - half["k"].mean()))
    assert found["k"]["value"] == "a"


def test_the_smallest_change_is_the_nearest_value_that_moves_the_prediction_enough() -> None:
    found = {each["column"]: each for each in asked(one(), amount=1.0)["columns"]}
    places = np.unique(np.quantile(KNOWN.values["x"], np.linspace(0, 1, 100), method="nearest"))
    far = places[2 * np.abs(places - 0.5) >= 1.0]
    nearest = far[np.abs(far - 0.5).argmin()]
    assert float(found["x"]["to"]) == pytest.approx(nearest, rel=1e-8)
    assert found["x"]["then"] == pytest.approx(2 * nearest - 1.0)
    assert found["x"]["size"] == pytest.approx(abs(nearest - 0.5) / KNOWN.values["x"].std())
    assert (found["k"]["to"], found["k"]["then"]) == ("b", 5.0)
    assert all(each["to"] is None for each in asked(one(), amount=1e6)["columns"])


def test_a_class_is_changed_by_crossing_its_border_and_by_nothing_else() -> None:
    def border(rows):
        share = (rows.values["x"] > 1.0).astype(float)
        return np.column_stack([1 - share, share])

    found = asked(one(), border, ("no", "yes"))
    assert (found["prediction"], found["probability"]) == ("no", 1.0)
    by_name = {each["column"]: each for each in found["columns"]}
    assert by_name["x"]["then"] == "yes"
    above = np.unique(np.quantile(KNOWN.values["x"], np.linspace(0, 1, 100), method="nearest"))
    assert float(by_name["x"]["to"]) == pytest.approx(above[above > 1.0].min(), rel=1e-8)
    assert by_name["z"]["to"] is by_name["k"]["to"] is None
    assert by_name["z"]["adds"] == 0.0


def test_distances_are_in_deviations_and_gaps_and_other_levels_count_as_one() -> None:
    measure = Distances.of(KNOWN, COLUMNS)
    rows = Dataset(
        COLUMNS,
        {"x": np.array([0.5, np.nan]), "z": np.array([1.0, 1.0]), "k": np.array([1, 0])},
        2,
    )
    step = KNOWN.values["x"].std()
    assert measure.between(one(x=0.5 + step), rows)[0] == pytest.approx(np.sqrt([2 / 3, 1 / 3]))
    assert measure.between(one(x=np.nan), rows)[0, 1] == 0.0


def test_a_row_of_the_data_is_the_nearest_to_itself_and_a_far_one_is_unusual() -> None:
    own = KNOWN.take(np.array([17]))
    found = asked(own)
    assert (found["nearest"][0]["row"], found["distance"]) == (17, 0.0)
    assert found["share_farther"] == 1.0
    assert asked(one(x=50.0))["share_farther"] == 0.0


def test_shares_are_those_of_all_pairs() -> None:
    measure = Distances.of(KNOWN, COLUMNS)
    apart = measure.between(KNOWN, KNOWN)
    np.fill_diagonal(apart, np.inf)
    nearest = apart.min(axis=1)
    middle = float(np.median(nearest))
    assert share_farther(measure, KNOWN, middle) == pytest.approx((nearest > middle).mean())
    assert len(thin_known(25_000)) == 8_334
