"""Tables of scientific formats come with their values, missing cells, units and long names."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from rung.data.readers.reader import Source, find_reader
from rung.data.reading import load_frame, read_table
from rung.data.table import ReadOptions
from rung.errors import DataError


def read(path, **options):
    """Read in this process: what isolation adds is tested where it stands."""
    source = Source(path.name, path, packed=10**7)
    return find_reader(source).read(source, ReadOptions(**options))


@pytest.fixture
def fits_file(tmp_path):
    fits = pytest.importorskip("astropy.io.fits")
    columns = [
        fits.Column("flux", "E", unit="mJy", array=np.array([1.5, np.nan, 3.0])),
        fits.Column("count", "J", null=-99, array=np.array([7, -99, 9])),
        fits.Column("scaled", "I", array=np.array([1, 2, 4], dtype=np.int16)),
        fits.Column("name", "5A", array=np.array(["a", "", "ccc"])),
        fits.Column("pair", "2D", unit="deg", array=np.array([[1, 2], [3, 4], [5, 6]])),
        fits.Column("flags", "3X", array=np.array([[1, 0, 1], [0, 0, 0], [1, 1, 1]], dtype=bool)),
        fits.Column("good", "L", array=np.array([True, False, True])),
    ]
    first = fits.BinTableHDU.from_columns(columns, name="STARS")
    first.header["TSCAL3"], first.header["TZERO3"] = 0.5, 10.0
    first.header.comments["TTYPE1"] = "Flux at 1.4 GHz"
    plain = [
        fits.Column("x", "F8.3", array=np.array([1.25, 2.5])),
        fits.Column("n", "I4", array=[3, 4]),
    ]
    path = tmp_path / "t.fits"
    fits.HDUList(
        [fits.PrimaryHDU(), first, fits.TableHDU.from_columns(plain, name="PLAIN")]
    ).writeto(path)
    return path


def test_a_fits_table_is_read_with_what_is_missing_scaled_or_a_vector(fits_file):
    table = read(fits_file, table="1")
    rows = table.frame.to_dict(as_series=False)
    assert rows["count"] == [7, None, 9]
    assert rows["scaled"] == [10.5, 11.0, 12.0]
    assert rows["name"][::2] == ["a", "ccc"]
    assert rows["pair_2"] == [2.0, 4.0, 6.0]
    assert rows["flags_1"] == [True, False, True]
    assert table.frame["flux"].fill_nan(None).to_list() == [1.5, None, 3.0]
    assert table.units == {"flux": "mJy", "pair_1": "deg", "pair_2": "deg"}
    assert table.titles["flux"] == "Flux at 1.4 GHz"


def test_one_of_several_fits_tables_is_named_by_number_or_name(fits_file):
    with pytest.raises(
        DataError,
        match=r"2 tables: 1 \(STARS, 3 rows\); 2 \(PLAIN, 2 rows\); name one as 't.fits\[1\]'",
    ):
        read(fits_file)
    assert read(fits_file, table="plain").frame.to_dict(as_series=False) == {
        "x": [1.25, 2.5],
        "n": [3, 4],
    }
    assert load_frame(f"{fits_file}[2]", ReadOptions())[0].frame.height == 2
    with pytest.raises(DataError, match="no table in extension '7'"):
        read(fits_file, table="7")


def test_units_and_long_names_reach_the_columns(fits_file):
    column = read_table(f"{fits_file}[1]").dataset.column("flux")
    assert (column.unit, column.title) == ("mJy", "Flux at 1.4 GHz")


@pytest.mark.parametrize(
    ("form", "suffix"), [("votable", ".vot"), ("ascii.ecsv", ".ecsv"), ("ascii.ipac", ".tbl")]
)
def test_what_astropy_writes_comes_back(tmp_path, form, suffix):
    tables = pytest.importorskip("astropy.table")
    table = tables.MaskedColumn([1.5, 2.5, 3.5], name="flux", unit="mJy", mask=[False, True, False])
    path = tmp_path / f"t{suffix}"
    tables.Table([table, tables.Column(["a", "b", "c"], name="kind")]).write(path, format=form)
    found = read(path)
    assert found.frame["flux"].fill_nan(None).to_list() == [1.5, None, 3.5]
    assert found.frame["kind"].to_list() == ["a", "b", "c"]
    assert found.units == {"flux": "mJy"}


@pytest.fixture
def grid_file(tmp_path):
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("netCDF4")
    values = np.array([[[1.0, np.nan], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]])
    grid = xarray.Dataset(
        {
            "t2m": (("time", "lat", "lon"), values, {"units": "K", "long_name": "Temperature"}),
            "height": (("lat", "lon"), np.ones((2, 2))),
        },
        {
            "time": ("time", [0.0, 1.5], {"units": "days since 2000-01-01"}),
            "lat": [10.0, 20.0],
            "lon": [5.0, 6.0],
        },
    )
    path = tmp_path / "t.nc"
    packed = {"t2m": {"dtype": "int16", "scale_factor": 0.5, "add_offset": 1.0, "_FillValue": -999}}
    grid.to_netcdf(path, encoding=packed)
    return path


def test_a_grid_gives_one_row_a_cell_with_its_coordinates(grid_file):
    table = read(grid_file)
    assert table.frame.height == 8
    assert table.frame.row(1, named=True) | {"t2m": None} == {
        "time": dt.datetime(2000, 1, 1),  # noqa: DTZ001 - times of a file without a zone
        "lat": 10.0,
        "lon": 6.0,
        "t2m": None,
        "height": 1.0,
    }
    assert table.frame["t2m"].fill_nan(None).to_list() == [1, None, 3, 4, 5, 6, 7, 8]
    assert table.frame["time"][7] == dt.datetime(2000, 1, 2, 12)  # noqa: DTZ001
    assert (table.units["t2m"], table.titles["t2m"]) == ("K", "Temperature")
    [said] = [one for one in table.findings if one.code == "grid"]
    assert "time (2) x lat (2) x lon (2): 8 cells" in said.message


def test_variables_are_chosen_and_an_unknown_one_is_named(grid_file):
    assert "t2m" not in read(grid_file, variables=("height",)).frame.columns
    with pytest.raises(DataError, match=r"no variable 'heigth'.*did you mean 'height'"):
        read(grid_file, variables=("heigth",))


def test_days_of_an_odd_calendar_stay_numbers_and_are_said():
    xarray = pytest.importorskip("xarray")
    from rung.data.grids import from_grid

    times = ("time", [0.0, 30.0], {"units": "days since 2000-01-01", "calendar": "360_day"})
    table = from_grid(
        xarray.Dataset({"x": ("time", [1.0, 2.0])}, {"time": times}), "t", ReadOptions()
    )
    assert table.frame["time"].to_list() == [0.0, 30.0]
    assert "360_day" in table.findings[0].message


def test_a_grid_that_explodes_is_refused_with_its_size():
    xarray = pytest.importorskip("xarray")
    from rung.data.grids import from_grid

    wide = np.broadcast_to(np.float32(0), (20_000, 20_000))
    grid = xarray.Dataset({"x": (("a", "b"), wide)})
    with pytest.raises(DataError, match=r"400,000,000 rows and 3 columns, about 9.6 GB"):
        from_grid(grid, "t.nc", ReadOptions())


def test_hdf5_tables_are_groups_records_and_matrices(tmp_path):
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "t.h5"
    with h5py.File(path, "w") as file:
        file["photometry/mag"] = np.array([20.5, 21.5])
        file["photometry/mag"].attrs["units"] = "mag"
        file["photometry/name"] = np.array([b"a", b"b"])
        file["records"] = np.array([(1, 2.5)], dtype=[("n", ">i4"), ("x", "f8")])
    with pytest.raises(DataError, match=r"2 tables: photometry \(2 rows\); records \(1 rows\)"):
        read(path)
    found = read(path, table="photometry")
    assert found.frame.to_dict(as_series=False) == {"mag": [20.5, 21.5], "name": ["a", "b"]}
    assert found.units == {"mag": "mag"}
    assert read(path, table="records").frame.row(0) == (1, 2.5)


def test_a_sheet_is_read_below_its_title(tmp_path):
    pytest.importorskip("fastexcel")
    from tests.data.readers.sheets import write_sheets

    path = write_sheets(
        tmp_path / "t.xlsx",
        {"Log": [["Station A"], [], ["x", "y"], [1, 2.5], [2, 3.5]], "Other": [["a"], [1]]},
    )
    with pytest.raises(DataError, match=r"2 tables: Log .*; Other .*'t.xlsx::Log'"):
        read(path)
    found = read(path, table="Log").frame
    assert found.columns == ["x", "y"]
    assert found.cast(pl.Float64).rows() == [(1.0, 2.5), (2.0, 3.5)]


def test_duckdb_tables_are_read(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "t.duckdb"
    with duckdb.connect(str(path)) as base:
        base.execute(
            "CREATE TABLE a AS SELECT * FROM (VALUES (1, 'x', 1.5), (2, NULL, 2.5)) t(n, s, v)"
        )
    assert read(path).frame.rows() == [(1, "x", 1.5), (2, None, 2.5)]


def test_files_of_statistics_programs_bring_labels(tmp_path):
    pyreadstat = pytest.importorskip("pyreadstat")
    pandas = pytest.importorskip("pandas")
    path = tmp_path / "t.dta"
    frame = pandas.DataFrame({"sex": [1.0, 2.0, 1.0], "age": [30.0, 40.0, np.nan]})
    pyreadstat.write_dta(
        frame,
        str(path),
        column_labels=["Sex", "Age in years"],
        variable_value_labels={"sex": {1: "m", 2: "f"}},
    )
    found = read(path)
    assert found.frame["sex"].cast(pl.String).to_list() == ["m", "f", "m"]
    assert found.titles == {"sex": "Sex", "age": "Age in years"}
