"""Dates and positions reach models in parts, are said, and come back from a model file."""

import numpy as np
import pytest

import rung
from rung.core.column_parts import CALENDAR_PARTS
from rung.core.dataset import Column, Dataset
from rung.errors import BadModelFile
from rung.kinds.table.column_files import describe_column, read_columns
from rung.kinds.table.options import FitOptions
from rung.kinds.table.parts import part_findings, with_parts
from rung.kinds.table.prepare import prepare

RNG = np.random.default_rng(1)
N = 400


def places(width: float, north: float) -> Dataset:
    columns = (Column("lon", "number"), Column("lat", "number"), Column("y", "number", "target"))
    values = {
        "lon": RNG.uniform(0, width, N),
        "lat": RNG.uniform(-north, north, N),
        "y": RNG.normal(size=N),
    }
    return Dataset(columns, values, N)


def test_positions_far_apart_have_a_unit_vector_and_near_ones_have_none() -> None:
    wide, flat = (with_parts(one, "y", np.arange(N)) for one in (places(300, 60), places(8, 4)))
    assert wide.number_names == ("lon", "lat", "lat.x", "lat.y", "lat.z")
    assert flat.number_names == ("lon", "lat")
    assert [one.code for one in part_findings(wide)] == ["unit_vector"]
    assert part_findings(flat) == ()


def test_sealed_rows_decide_nothing_of_the_parts() -> None:
    days = np.datetime64("2019-01-01", "s") + np.arange(N) * np.timedelta64(86_400, "s")
    order = np.arange(N) * 1.0
    y = np.cos(2 * np.pi * order / 365.25) + RNG.normal(0, 0.1, N)
    later = days + np.where(np.arange(N) < N - 20, 0, 3_600).astype("timedelta64[s]")
    names = [
        prepare(
            {"t": order, "day": one, "y": y}, FitOptions("y", time="t")
        ).problem.design.number_names
        for one in (days, later, days + np.timedelta64(3_600, "s") * (np.arange(N) % 2))
    ]
    assert names[0] == names[1]  # the last rows, which are sealed, alone have other hours
    assert set(names[2]) - set(names[0]) == {"day.hour", "day.hour_sine", "day.hour_cosine"}


def test_a_season_is_found_by_a_line_over_years_and_kept_in_the_model_file(tmp_path) -> None:
    days = RNG.integers(0, 3 * 365, N)
    y = np.cos(2 * np.pi * (days - 31) / 365.25) + RNG.normal(0, 0.1, N)
    table = {"day": np.datetime64("2019-01-01") + days.astype("timedelta64[D]"), "y": y}
    run = rung.fit(table, "y", families=["constant", "linear"])
    assert run.verdict.family == "linear"
    assert run.result.ladder[-1].scores["rmse"].mean < 0.15
    assert [one.code for one in run.findings].count("date_parts") == 1
    path = run.model.save(tmp_path / "m.rung")
    assert np.array_equal(rung.load(path).predict(table), run.model.predict(table))


def test_columns_of_a_model_file_without_parts_are_read_as_they_were() -> None:
    assert "parts" not in describe_column(Column("t", "datetime"))
    [old] = read_columns([{"name": "t", "kind": "datetime", "unit": ""}], {})
    assert Dataset((old,), {"t": np.zeros(1)}, 1).number_names[2] == "t.month"


@pytest.mark.parametrize(
    "forged",
    [
        {"name": "t", "kind": "datetime", "unit": "", "parts": ["minute"]},
        {"name": "t", "kind": "datetime", "unit": "", "parts": ["year", "year"]},
        {"name": "t", "kind": "number", "unit": "", "parts": list(CALENDAR_PARTS[:1])},
        {"name": "t", "kind": "number", "unit": "", "longitude": "t"},
        {"name": "t", "kind": "number", "unit": "", "longitude": "gone"},
    ],
)
def test_parts_that_no_column_has_are_refused(forged) -> None:
    with pytest.raises(BadModelFile):
        read_columns([forged], {})
