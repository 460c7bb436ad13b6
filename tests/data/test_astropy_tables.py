"""Columns of astropy come as they are meant: float32 as the decimals that were written."""

import numpy as np
import pytest

from rung.data.astropy_tables import from_astropy


def test_float32_is_the_shortest_decimal_that_it_stands_for():
    tables = pytest.importorskip("astropy.table")
    found = from_astropy(tables.Table({"x": np.array([0.1, 23.45], dtype=np.float32)}), "t")
    assert found.frame["x"].to_list() == [0.1, 23.45]


def test_times_and_positions_are_split_and_what_is_neither_is_left_out_and_said():
    tables = pytest.importorskip("astropy.table")
    from astropy.coordinates import SkyCoord
    from astropy.time import Time

    table = tables.Table({"n": [1, 2]})
    table["at"] = SkyCoord([10.0, 20.0], [-5.0, 5.0], unit="deg")
    table["when"] = Time(["2020-01-01T00:00:00", "2020-01-02T00:00:00"])
    table["odd"] = np.array([[1], [1, 2]], dtype=object)
    found = from_astropy(table, "t")
    assert found.frame.columns == ["n", "at_1", "at_2", "when"]
    assert found.frame["at_2"].to_list() == [-5.0, 5.0]
    assert found.frame["when"][1].day == 2
    assert {one.code for one in found.findings} == {"vector_column", "unsupported"}
