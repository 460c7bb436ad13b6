"""FITS tables come scaled, with what is missing empty, units and long names."""

import numpy as np
import pytest

from rung.data.reading import load_frame, read_table
from rung.data.table import ReadOptions
from rung.errors import DataError
from tests.data.readers.samples import read


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


def test_a_fits_file_of_images_alone_is_no_table(tmp_path):
    fits = pytest.importorskip("astropy.io.fits")
    path = tmp_path / "t.fits"
    fits.PrimaryHDU(np.zeros((3, 3))).writeto(path)
    with pytest.raises(DataError, match="holds 1 parts, and none is a table"):
        read(path)


def test_a_header_that_promises_more_rows_than_a_file_can_hold_is_refused(fits_file):
    raw = fits_file.read_bytes()
    at = raw.index(b"NAXIS2  =", 2880)
    fits_file.write_bytes(raw[:at] + b"NAXIS2  =           9000000000" + raw[at + 30 :])
    with pytest.raises(DataError, match=r"t\.fits"):
        load_frame(f"{fits_file}[1]", ReadOptions())
