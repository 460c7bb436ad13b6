"""A run uses as many rows as fit, or as many as it is told to."""

import numpy as np
import polars as pl
import pytest

import rung
from rung.core.memory import GB, MB
from rung.errors import ResourceError, UsageError
from rung.kinds.table.asked import make_options
from rung.kinds.table.checks import check_table
from rung.kinds.table.large_options import sample_request
from rung.kinds.table.memory import PROCESS

RNG = np.random.default_rng(0)
N = 600
TABLE = {
    "id": [f"row{i}" for i in range(N)],
    "x": RNG.normal(size=N),
    "z": RNG.normal(size=N),
}
TABLE["y"] = TABLE["x"] * 2 + RNG.normal(size=N)


def test_half_of_what_the_process_leaves_is_for_rows():
    asked = sample_request(6 * GB, None, 0, ())
    assert asked.room == (6 * GB - PROCESS) // 2
    assert asked.row_bytes(10) == 400 + 200 + 10 * 24
    assert sample_request(100 * MB, None, 0, ()).room == 12_500_000


@pytest.mark.parametrize("rows", ["some", 3, 1.5, True])
def test_other_than_a_number_of_rows_or_all_is_refused(rows):
    with pytest.raises(UsageError, match="rows"):
        make_options("y", {"rows": rows})
    assert make_options("y", {"rows": "all"}).rows == "all"


def test_a_run_on_some_rows_says_so_everywhere(tmp_path):
    run = rung.fit(
        TABLE, "y", rows=300, seed=4, families=["linear"], keep=["id"], out=tmp_path / "run"
    )
    result = run.result
    assert result.dataset.rows == 300
    assert result.options["rows"] == 300
    assert "300 of 600 rows are used, as asked" in result.findings[0].message
    found = result.sections["all_rows"]
    assert (found["n_used"], found["n_all"]) == (300, 600)
    x = next(one for one in found["columns"] if one["name"] == "x")
    assert (x["low"], x["high"]) == (TABLE["x"].min(), TABLE["x"].max())
    scored = pl.read_parquet(tmp_path / "run" / "out_of_fold.parquet")
    assert scored["id"].to_list() == [TABLE["id"][row] for row in scored["row"]]
    assert scored["row"].max() > 550
    page = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "300 of 600 rows were used, chosen at random" in page


def test_the_same_seed_gives_the_same_rows_and_another_others():
    first, again, other = (
        rung.fit(TABLE, "y", rows=200, seed=seed, families=["linear"], test_fraction=0)
        for seed in (1, 1, 2)
    )
    assert first.result.dataset.fingerprint == again.result.dataset.fingerprint
    assert first.result.dataset.fingerprint != other.result.dataset.fingerprint


def test_a_check_takes_rows_and_memory_with_a_target_and_without():
    for target in ("y", None):
        found = check_table(TABLE, target=target, rows=100)
        assert [one.code for one in found].count("sample") == 1
    with pytest.raises(ResourceError, match=r"1,000,000 rows of 'dictionary' need about 1.6 GB"):
        check_table({"x": np.zeros(1_000_000)}, rows="all", memory="500MB")
