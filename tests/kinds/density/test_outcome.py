"""Of the least probable rows, the cell is named that makes them so."""

import numpy as np

import rung
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
