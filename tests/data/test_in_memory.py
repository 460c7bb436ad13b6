"""Tables and grids in memory bring their units."""

import numpy as np
import pytest

from rung.data import read_table


def test_an_astropy_table_brings_units_masks_and_vectors():
    tables = pytest.importorskip("astropy.table")
    units = pytest.importorskip("astropy.units")
    table = tables.QTable({"v": [1.0, 2.0] * units.km, "p": np.array([[1, 2], [3, 4]])})
    table["n"] = tables.MaskedColumn([5, 6], mask=[True, False])
    found = read_table(table).dataset
    assert found.column("v").unit == "km"
    assert found.values["p_2"].tolist() == [2.0, 4.0]
    assert np.isnan(found.values["n"][0])


def test_a_grid_of_xarray_gives_one_row_a_cell():
    xarray = pytest.importorskip("xarray")
    grid = xarray.DataArray(
        [[1.0, 2.0], [3.0, 4.0]], dims=("t", "x"), coords={"x": [5.0, 6.0]}, name="u"
    )
    grid.attrs["units"] = "m s-1"
    found = read_table(grid).dataset
    assert found.values["u"].tolist() == [1.0, 2.0, 3.0, 4.0]
    assert found.values["x"].tolist() == [5.0, 6.0, 5.0, 6.0]
    assert found.column("u").unit == "m s-1"
