"""Files of statistics programs bring words for codes and labels of columns."""

import numpy as np
import polars as pl
import pytest

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
