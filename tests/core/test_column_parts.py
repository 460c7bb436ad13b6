"""Dates and positions become numbers that are near where times and places are near."""

import numpy as np
import pytest

from rung.core.column_parts import (
    CALENDAR_PARTS,
    SPHERE_PARTS,
    datetime_parts,
    unit_vectors,
    varying_parts,
)
from rung.core.dataset import Column, Dataset

DAY = 86_400.0
LEAP_DAYS = np.arange("2020-01-01", "2021-01-01", dtype="datetime64[D]").astype(float) * DAY
RNG = np.random.default_rng(0)


def test_the_end_of_a_year_is_as_near_its_beginning_as_any_two_days() -> None:
    season = datetime_parts(LEAP_DAYS, ("season_sine", "season_cosine"))
    steps = np.linalg.norm(np.diff(np.vstack([season, season[:1]]), axis=0), axis=1)
    assert steps == pytest.approx(2 * np.sin(np.pi / 366), rel=1e-9)
    assert np.hypot(*season.T) == pytest.approx(1.0)


def test_midnight_is_near_midnight() -> None:
    hours = datetime_parts(np.array([0.0, 3600.0 * 6, DAY - 1]), ("hour_sine", "hour_cosine"))
    assert hours[0] == pytest.approx([0, 1])
    assert hours[1] == pytest.approx([1, 0], abs=1e-12)
    assert hours[2] == pytest.approx(hours[0], abs=1e-4)


def test_parts_that_do_not_vary_are_none() -> None:
    assert varying_parts(LEAP_DAYS)[:2] == ("elapsed_days", "day_of_year")
    assert "hour" not in varying_parts(LEAP_DAYS)
    assert varying_parts(np.array([5.0, 5.0, np.nan])) == ("elapsed_days",)
    assert varying_parts(np.array([np.nan])) == ("elapsed_days",)
    assert varying_parts(np.arange(20_000) * 7200.0) == CALENDAR_PARTS


def test_a_missing_time_has_no_parts() -> None:
    assert np.isnan(datetime_parts(np.array([np.nan]), CALENDAR_PARTS)).all()


def test_angles_between_unit_vectors_are_those_between_places() -> None:
    places = unit_vectors(np.array([359.0, 1.0, 10.0]), np.array([0.0, 0.0, 90.0]))
    assert np.degrees(np.arccos(places[0] @ places[1])) == pytest.approx(2.0)
    assert places[2] == pytest.approx([0, 0, 1], abs=1e-12)


def sky(n: int = 500) -> Dataset:
    columns = (
        Column("ra", "number"),
        Column("dec", "number", longitude="ra"),
        Column("when", "datetime", parts=CALENDAR_PARTS),
    )
    values = {
        "ra": RNG.uniform(0, 360, n),
        "dec": RNG.uniform(-90, 90, n),
        "when": RNG.uniform(0, 1e9, n),
    }
    return Dataset(columns, values, n)


def test_the_unit_vector_stands_beside_the_angles_and_belongs_to_the_latitude() -> None:
    design = sky()
    assert design.number_names[:5] == ("ra", "dec", "dec.x", "dec.y", "dec.z")
    assert design.number_owners[:5] == ("ra", "dec", "dec", "dec", "dec")
    assert len(design.number_names) == len(design.number_owners) == 5 + len(CALENDAR_PARTS)
    numbers = design.numbers()
    wanted = unit_vectors(design.values["ra"], design.values["dec"])
    assert np.array_equal(numbers[:, 2 : 2 + len(SPHERE_PARTS)], wanted)


def test_parts_of_some_rows_are_those_of_all_to_the_bit() -> None:
    design = sky()
    for rows in (np.arange(7), np.array([499, 3, 250]), slice(100, 113)):
        assert np.array_equal(design.numbers(rows), design.numbers()[rows])


def test_without_the_longitudes_a_latitude_is_a_number() -> None:
    assert sky().with_roles({"ra": "dropped"}).number_names[:2] == ("dec", "when.elapsed_days")
