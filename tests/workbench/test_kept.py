"""Columns that are kept stay beside their rows where a condition leaves rows out."""

import numpy as np
import polars as pl

import rung
from rung.data import ReadOptions
from rung.workbench.verbs import predict_file


def test_a_kept_column_names_the_rows_that_meet_a_condition(tmp_path):
    rng = np.random.default_rng(0)
    ids = [f"s{i}" for i in range(120)]
    table = pl.DataFrame({"id": ids, "x": rng.normal(size=120), "z": rng.normal(size=120)})
    table = table.with_columns(y=2 * pl.col("x") + 0.1 * rng.normal(size=120))
    run = rung.fit(table, "y", families=["linear"], where="z > 0", keep="id", ledger=False)
    rows = run.predictions["row"].to_list()
    assert run.predictions["id"].to_list() == [ids[row] for row in rows]
    assert table["z"].gather(rows).min() > 0

    table.write_csv(tmp_path / "table.csv")
    run.model.save(tmp_path / "model.rung")
    options = ReadOptions(where="z > 0", keep=("id",))
    model, data = str(tmp_path / "model.rung"), str(tmp_path / "table.csv")
    text = predict_file(model, data, None, options=options)
    found = pl.read_csv(text.encode())
    assert found["id"].to_list() == [ids[row] for row in np.flatnonzero(table["z"] > 0)]
