"""Rows in other units than those of training are converted or said, never taken as they are in silence."""

import numpy as np
import pytest

from rung.core.dataset import Column
from rung.data import conform
from rung.data.unit_changes import conversion, in_unit_of_training

VALUES = np.array([1.0, 2.5])


def told(unit, wanted, kind="number"):
    said = []
    values = in_unit_of_training(VALUES, Column("d", kind, unit=wanted), unit, said.append)
    return values.tolist(), [one.message for one in said]


def test_equal_or_unstated_units_say_nothing():
    for unit, wanted in (("km", "km"), ("", "km"), ("km", "")):
        assert told(unit, wanted) == ([1.0, 2.5], [])


def test_units_that_differ_are_said_where_they_cannot_be_converted():
    values, [said] = told("apples", "km")
    assert values == [1.0, 2.5]
    assert said == "column 'd' is in 'apples'; the model was trained with 'km'"


def test_units_of_one_kind_are_converted():
    pytest.importorskip("astropy")
    assert told("m", "km")[0] == [0.001, 0.0025]
    assert conversion("deg_C", "K") is None
    assert told("s", "km")[0] == [1.0, 2.5]


def test_a_file_with_another_unit_is_predicted_in_that_of_training(tmp_path):
    pytest.importorskip("astropy")
    path = tmp_path / "new.csv"
    path.write_text("d,e\nm,s\n1500,2\n2500,3\n4500,7\n")
    said = []
    found = conform(path, [Column("d", "number", unit="km")], tell=said.append)
    assert found.values["d"].tolist() == [1.5, 2.5, 4.5]
    assert said[0].remedy == "multiplied by 0.001"
