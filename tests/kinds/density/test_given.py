"""Cells that are known are read as the table writes them, or refused with what to do."""

import numpy as np
import pytest

import rung
from rung.errors import UsageError
from rung.kinds.density.asking import tell, times_text
from rung.kinds.density.given import PLACES, read_given, split_cell

DAY = np.datetime64("2020-01-01")


def _table(n=300):
    rng = np.random.default_rng(0)
    is_wet = rng.random(n) < 0.5
    return {
        "a = b": rng.poisson(3, n) + 4 * is_wet,
        "rain": np.where(is_wet, rng.exponential(size=n), 0.0),
        "day": (DAY + np.where(is_wet, 0, 900) + rng.integers(0, 300, n)).astype(str),
        "is_wet": is_wet,
        "sky": np.where(is_wet, "grey", "blue"),
        "noise": 1e6 + 9.0 * rng.normal(size=n),
    }


@pytest.fixture(scope="module")
def model():
    options = {"choose": "leader", "ledger": False, "folds": 2}
    return rung.fit(_table(), families=["dependence_tree"], **options).model


def _told(model, **given):
    told = tell(model, given)
    return told.given, {one.column: one for one in told.answers}


def test_dates_are_answered_as_dates_and_whole_numbers_as_whole(model):
    _, found = _told(model, sky="grey")
    low, middle, high = (np.datetime64(one) for one in found["day"].numbers[:3])
    assert DAY <= low < middle < high <= DAY + 300
    assert np.datetime64(found["day"].numbers[5]) > DAY + 900
    assert found["day"].to_dict()["low"] == str(low)
    assert all(type(one) is int for one in found["a = b"].numbers)
    assert type(found["noise"].numbers[0]) is float


def test_a_date_that_is_drawn_is_within_the_range_of_training_and_written_as_a_date(model):
    drawn = model.sample(400)["day"].tolist()
    assert all(len(one) == len("2020-01-01") for one in drawn)
    assert min(_table()["day"]) <= min(drawn) < max(drawn) <= max(_table()["day"])
    assert "1 day" in next(note for note in model.reading.notes if "'day'" in note)


def test_a_value_that_repeats_is_known_as_a_whole_and_not_at_one_of_its_places(model):
    known = read_given(model, {"rain": "0"}).rows
    width = dict(zip(*_repeated(model, "rain"), strict=True))[0.0]
    places = (known.values["rain"] / width + 0.5) * PLACES
    np.testing.assert_allclose(places, np.arange(PLACES) + 0.5)
    _, found = _told(model, rain="0")
    drawn = model.sample(8_000)
    blue = (np.asarray(drawn["sky"]) == "blue")[np.asarray(drawn["rain"]) == 0]
    assert {one[0]: one[1] for one in found["sky"].levels}["blue"] == pytest.approx(
        blue.mean(), abs=0.02
    )


def _repeated(model, name):
    spread = model.reading.spreads[name]
    return spread.values, spread.widths


def test_places_of_two_known_cells_fill_their_steps_evenly(model):
    known = read_given(model, {"rain": "0", "a = b": "3"}).rows
    for name, width in (
        ("rain", dict(zip(*_repeated(model, "rain"), strict=True))[0.0]),
        ("a = b", 1),
    ):
        values = known.values[name]
        assert len(np.unique(np.floor((values - values.mean()) / width * 4))) >= 4
        assert np.ptp(values) == pytest.approx(width, rel=0.3)


def test_what_no_training_row_has_is_said(model):
    given, _ = _told(model, noise="5", day="2035-01-01", sky="blue")
    noise, day, sky = given.cells
    assert noise.span[0] > 999_000
    assert day.span == (min(_table()["day"]), max(_table()["day"]))
    assert sky.span == ()
    assert not _told(model, noise="1000001")[0].cells[0].span


def test_cells_that_exclude_each_other_are_told_and_true_ones_count_whatever_their_spelling(model):
    given, _ = _told(model, is_wet="TRUE", sky="blue")
    assert given.together < 0.1
    n_wet = int(_table()["is_wet"].sum())
    assert 0.7 * n_wet < given.cells[0].rows <= n_wet
    assert given.cells[0].rows == _told(model, is_wet=True)[0].cells[0].rows
    assert _told(model, is_wet="1", sky="grey")[0].together == pytest.approx(2.0, rel=0.2)
    assert [times_text(one) for one in (2.04, 1e-12, 1e12)] == [
        "2", "less than 0.001", "more than 100"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sky": "NA"}, "'NA', which is a missing cell"),
        ({"noise": ""}, "'', which is a missing cell"),
        ({"noise": "much"}, "'much' is no cell of column 'noise', which holds numbers"),
        ({"day": "1/2"}, "'1/2' is no cell of column 'day', which holds dates"),
        ({"is_wet": "perhaps"}, "column 'is_wet', which holds true or false"),
        ({"sky": "Blue"}, "did you mean 'blue'"),
    ],
)
def test_what_is_no_cell_is_refused_with_what_the_column_holds(model, given, said):
    with pytest.raises(UsageError) as caught:
        read_given(model, given)
    assert said in f"{caught.value} {caught.value.remedy}"


@pytest.mark.parametrize("typed", ["=3", "c=", "c"])
def test_what_is_typed_without_a_value_is_refused(typed):
    with pytest.raises(UsageError, match="no COL=VALUE"):
        split_cell(typed, ["a = b", "c"])


def test_the_longest_column_name_that_fits_is_meant():
    names = ["a", "a=b", "a=b=c"]
    assert split_cell("a=b=3", names) == ("a=b", "3")
    assert split_cell("a=b=c=", names) == ("a=b", "c=")
