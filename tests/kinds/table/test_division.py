"""What the user says of dependent rows becomes seal, folds and units that respect it."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

import rung
from rung.core.blocks import BlockGrid, coordinates, straight
from rung.errors import DataError, UsageError
from rung.kinds.table.asked import make_options
from rung.kinds.table.division import is_on_sphere
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import prepare

N = 900


@pytest.fixture(scope="module")
def frame():
    """Rows on the globe, each hour of 900, of 60 stations that stand still."""
    rng = np.random.default_rng(11)
    station = rng.integers(0, 60, N)
    lon, lat = rng.uniform(-180, 180, 60), np.degrees(np.arcsin(rng.uniform(-1, 1, 60)))
    x = rng.normal(size=N)
    return pl.DataFrame(
        {
            "longitude": rng.uniform(-180, 180, N),
            "latitude": np.degrees(np.arcsin(rng.uniform(-1, 1, N))),
            "station_lon": lon[station],
            "station_lat": lat[station],
            "station": [f"s{i}" for i in station],
            "half": [f"h{i}" for i in rng.integers(0, 2, N)],
            "hour": np.arange(N, dtype=float),
            "when": pl.datetime_range(
                pl.datetime(2024, 1, 1), pl.datetime(2024, 2, 7, 11), "1h", eager=True
            ),
            "x": x,
            "y": x + rng.normal(size=N),
        }
    )


def made(frame, **options):
    return prepare(frame, make_options("y", {"features": ["x"], **options}))


def test_no_block_is_cut_by_seal_or_folds_and_blocks_are_units(frame):
    found = made(frame, space=["longitude", "latitude"], block_size=30)
    values = found.dataset.values
    block = BlockGrid(True, 30.0).place(values["longitude"], values["latitude"])
    block = np.unique(block, axis=0, return_inverse=True)[1].ravel()
    assert not set(block[found.train]) & set(block[found.test])
    for split in found.folds.splits:
        assert not set(block[found.train][split.test]) & set(block[found.train][split.train])
    assert len(np.unique(found.units.train)) == len(set(block[found.train]))
    assert (found.folds.kind, found.units.counted) == ("space", "blocks")
    assert found.sealing.seal.kind == "sphere"


def test_a_buffer_holds_for_the_sealed_rows_too_and_says_how_many_are_set_aside(frame):
    found = made(frame, space=["longitude", "latitude"], block_size=30, buffer=4)
    values = found.dataset.values
    points = coordinates(BlockGrid(True, 30.0), values["longitude"], values["latitude"])
    gaps = np.sqrt(((points[found.train][:, None] - points[found.test]) ** 2).sum(axis=2))
    assert gaps.min() >= straight(BlockGrid(True, 30.0), 4.0)
    n_aside = N - len(found.train) - len(found.test)
    assert n_aside > 0
    assert found.dependence.n_aside == n_aside
    said = {one.code: one.message for one in found.findings}
    assert said["rows_aside"].startswith(f"{n_aside} rows")


def test_the_size_of_blocks_is_recorded_with_its_reason(frame):
    found = made(frame, space=["longitude", "latitude"])
    assert "residuals of a linear model are" in found.dependence.said
    assert sum(one.rows for one in found.dependence.blocks) == N
    assert {one.fold for one in found.dependence.blocks} >= {-1, 0, 1}


def test_a_permutation_of_the_file_changes_no_division(frame):
    order = np.random.default_rng(0).permutation(N)
    one = made(frame, space=["longitude", "latitude"], buffer=3, block_size=25)
    other = made(frame[order.tolist()], space=["longitude", "latitude"], buffer=3, block_size=25)
    assert one.folds.fingerprint == other.folds.fingerprint
    assert np.array_equal(one.test, other.test)


def test_stations_stay_whole_in_blocks_of_space(frame):
    found = made(
        frame,
        groups="station",
        space=["station_lon", "station_lat"],
        block_size=40,
        test_fraction=0.3,
    )
    station = found.dataset.values["station"]
    for split in found.folds.splits:
        assert not set(station[found.train][split.test]) & set(station[found.train][split.train])


def test_groups_that_wander_further_than_a_block_are_refused(frame):
    with pytest.raises(DataError, match="some group of station lies further"):
        made(frame, groups="station", space=["longitude", "latitude"], block_size=20)


def test_several_group_columns_are_one_entity(frame):
    found = made(frame, groups=["station", "half"])
    values = found.dataset.values
    entity = np.unique(
        np.column_stack([values["station"], values["half"]]), axis=0, return_inverse=True
    )[1].ravel()
    assert not set(entity[found.train]) & set(entity[found.test])
    assert len(np.unique(found.units.train)) == len(set(entity[found.train])) > 60
    assert found.units.name == "station, half"


@pytest.mark.parametrize(("time", "gap", "length"), [("hour", 24, 24.0), ("when", "1d", 86_400.0)])
def test_a_gap_holds_in_folds_inner_folds_and_before_the_sealed_rows(frame, time, gap, length):
    found = made(frame, time=time, gap=gap)
    times = found.dataset.values[time]
    assert times[found.test].min() - times[found.train].max() >= length
    own = times[found.train]
    pairs = [*found.folds.splits, *found.folds.inner(0), *found.folds.inner(None)]
    for split in pairs:
        assert own[split.test].min() - own[split.train].max() >= length
    assert "gap of" in found.dependence.said
    assert found.units.is_ordered


def test_units_of_time_are_stretches_in_order(frame):
    found = made(frame, time="hour")
    scored = found.folds.scored
    unit, times = found.units.train[scored], found.dataset.values["hour"][found.train][scored]
    assert len(np.unique(unit)) == 30
    assert (np.diff(unit[np.argsort(times)]) >= 0).all()
    assert 5 <= len(np.unique(found.units.test)) <= 15


def test_a_drift_over_the_whole_time_leaves_five_stretches_and_no_claim(frame):
    drift = frame.with_columns(y=pl.col("hour") ** 2)
    found = made(drift, time="hour")
    assert len(np.unique(found.units.train[found.folds.scored])) == 5
    assert "few_units" in {one.code for one in found.findings}


def test_a_seal_of_blocks_is_replayed_with_its_size_whatever_the_variogram_says_now(frame):
    options = {"space": ["longitude", "latitude"], "features": ["x"]}
    first = prepare(frame, make_options("y", {**options, "block_size": 35}))
    grown = pl.concat([frame, frame[:200].with_columns(pl.col("longitude") * 0.5)])
    again = prepare(grown, make_options("y", options), first.sealing.seal)
    assert again.sealing.seal.cutoff == 35
    sealed = set(map(tuple, _places(first)))
    assert sealed <= set(map(tuple, _places(again)))


def _places(found):
    values = found.dataset.values
    return np.column_stack([values["longitude"], values["latitude"]])[found.test]


def test_a_seal_of_blocks_is_refused_where_no_place_is_heeded(frame):
    first = made(frame, space=["longitude", "latitude"], block_size=35)
    with pytest.raises(DataError, match="sphere by"):
        prepare(frame, FitOptions("y", space=("x", "hour"), block_size=100.0), first.sealing.seal)
    with pytest.raises(
        DataError, match="the seal heeds space=\\['longitude', 'latitude'\\], and this run neither"
    ):
        prepare(frame, FitOptions("y"), first.sealing.seal)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"groups": "station", "time": "hour"}, "time and groups ask two questions"),
        ({"space": ("x", "hour"), "time": "when"}, "time and space ask two questions"),
        ({"gap": "7d"}, "gap='7d' says nothing without time"),
        ({"buffer": 3}, "buffer=3 says nothing without space"),
        ({"space": ("longitude",)}, "is not two columns"),
        ({"space": ("latitude", "longitude")}, "names the latitude first"),
        ({"space": ("longitude", "lattitude")}, "did you mean|not found"),
        ({"time": "when", "gap": 7}, "7 has no unit"),
        ({"time": "hour", "rolling": "7d"}, "has the unit 'd'"),
        ({"space": ("longitude", "latitude"), "block_size": -1}, "block_size must be"),
    ],
)
def test_what_cannot_be_respected_together_or_alone_is_refused(frame, options, said):
    with pytest.raises(UsageError, match=said):
        made(frame, **options)


def test_columns_named_as_degrees_that_hold_none_are_refused(frame):
    metres = frame.with_columns(pl.col("longitude") * 1e4)
    with pytest.raises(DataError, match="no degrees"):
        made(metres, space=["longitude", "latitude"])


def test_positions_must_be_whole_numbers_of_a_kind(frame):
    with pytest.raises(DataError, match="'station' of space is a category"):
        made(frame, space=["station", "x"])
    holed = frame.with_columns(
        pl.when(pl.col("hour") > 3).then(pl.col("longitude")).alias("longitude")
    )
    with pytest.raises(DataError, match="no value in 4 of 900 rows"):
        made(holed, space=["longitude", "latitude"])


def test_names_tell_a_sphere_from_a_plane():
    assert is_on_sphere("RA", "Dec")
    assert not is_on_sphere("easting", "northing")
    assert not is_on_sphere("lonely", "flat")


def test_a_run_in_space_records_effective_rows_and_draws_its_map(frame):
    run = rung.fit(
        frame,
        target="y",
        features=["x"],
        space=("longitude", "latitude"),
        block_size=40,
        families=["constant", "linear"],
        ledger=False,
    )
    found = run.result.to_dict()["folds"]["dependence"]
    assert found["counted"] == "blocks"
    assert 10 <= found["n_effective"] <= N
    from rung.report.html import render

    page = render(run.result)
    assert "Map of blocks" in page
    assert "independent rows" in page


def test_few_units_are_said_with_what_can_still_be_concluded(frame):
    found = made(
        frame.filter(pl.col("longitude") > 0), space=["longitude", "latitude"], block_size=50
    )
    said = {one.code: one for one in found.findings}
    assert "cannot be promised" in said["few_units"].message
    assert replace(said["few_units"], message="").severity == "warning"
