"""Files of statistics programs bring words for codes and labels of columns."""

import numpy as np
import polars as pl
import pytest

from rung.errors import UnreadableFile
from tests.data.readers.samples import read


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


@pytest.mark.parametrize("form", ["xport", "por"])
def test_files_without_labels_of_values_are_read_too(tmp_path, form):
    pyreadstat = pytest.importorskip("pyreadstat")
    pandas = pytest.importorskip("pandas")
    path = tmp_path / f"t.{'xpt' if form == 'xport' else form}"
    frame = pandas.DataFrame({"AGE": [30.0, 41.5, np.nan], "SEX": ["m", "f", "m"]})
    getattr(pyreadstat, f"write_{form}")(frame, str(path))
    assert read(path).frame.rows() == [(30.0, "m"), (41.5, "f"), (None, "m")]


def test_rows_that_a_header_only_claims_are_refused(tmp_path):
    pyreadstat = pytest.importorskip("pyreadstat")
    pandas = pytest.importorskip("pandas")
    path = tmp_path / "t.dta"
    pyreadstat.write_dta(pandas.DataFrame({"age": [30.0]}), str(path), version=15)
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"<N>\x01\x00\x00\x00", b"<N>\xff\xff\xff\x6f"))
    with pytest.raises(UnreadableFile, match=r"'t.dta' unpacks to about 15.0 GB; accepted are 1"):
        read(path)
