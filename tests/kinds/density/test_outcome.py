"""Of the least probable rows, the cell is named that makes them so."""

import numpy as np

import rung
from rung.kinds.density.options import DensityOptions
from rung.kinds.density.outcome import _cell
from rung.kinds.density.prepare import prepare
from tests.kinds.density.made import stars


def test_a_cell_that_was_written_wrong_is_found_with_its_row():
    table = stars()
    table["size"] = np.array(table["size"])
    table["size"][77] = table["colour"][77] + 40
    found = rung.fit(table, families=["gaussian"], ledger=False, folds=4, test_fraction=0.0)
    section = found.result.sections["density"]
    first = section["anomalies"][0]
    assert (first["row"], first["column"]) == (78, "size")
    assert first["cell"] == f"{table['size'][77]:.9g}"
    assert first["without"] > first["log_density"] + 5
    assert section["held"] == {"rows": "out of fold", "n": 160}


def test_a_cell_is_shown_as_the_table_writes_it():
    days = (np.datetime64("2024-01-01") + np.arange(160)).astype(str)
    times = np.char.add(days, "T06:30:00")
    found = prepare(stars() | {"day": days, "time": times}, DensityOptions())
    for row in (0, 50):
        at = found.file_row[row]
        assert _cell(found, "day", row) == days[at]
        assert _cell(found, "time", row) == times[at]
        assert _cell(found, "is_near", row) == str(stars()["is_near"][at]).lower()
        assert _cell(found, "kind", row) == stars()["kind"][at]
