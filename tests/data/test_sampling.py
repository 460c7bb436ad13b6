"""Of a table that is larger than memory a stated random part is read, and all of it counted."""

import numpy as np
import polars as pl
import pytest

from rung.data import pieces, sampling
from rung.data.reading import load_frame, read_table
from rung.data.sampling import read_part, rows_to_keep, thinned
from rung.data.smallest_hashes import row_hashes
from rung.data.table import RawTable, ReadOptions, SampleRequest
from rung.errors import DataError, ResourceError

N = 3_000
RNG = np.random.default_rng(3)
FRAME = pl.DataFrame(
    {
        "x": RNG.normal(size=N),
        "night": np.repeat(np.arange(N // 10), 10)[RNG.permutation(N)],
        "one": np.where(np.arange(N) == int(np.argmax(row_hashes(0, N, 0))), 9, 1),
    }
)
SMALLEST = np.sort(np.argsort(row_hashes(0, N, 0))[:200])


def asked(**changes):
    usual = {"room": 200 * 40, "a_row": 16, "a_cell": 8, "memory": 20_000}
    return ReadOptions(sample=SampleRequest(**usual | changes))


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "PIECE_BYTES", 5_000)
    monkeypatch.setattr(pieces, "BLOCK_BYTES", 5_000)
    FRAME.write_parquet(tmp_path / "t.parquet", row_group_size=70)
    FRAME.write_csv(tmp_path / "t.csv")
    return tmp_path


def test_of_a_parquet_file_as_many_rows_are_read_as_fit(files):
    found = read_part([files / "t.parquet"], "parquet", "t.parquet", asked())
    assert found.sampled.rows.tolist() == SMALLEST.tolist()
    assert found.frame.equals(FRAME[SMALLEST])
    assert found.sampled.n_all == N
    said = found.findings[0]
    assert (said.code, said.severity) == ("sample", "warning")
    assert said.message.startswith("200 of 3,000 rows are used, as 1 MB of memory are allowed")


def test_a_text_gives_the_same_rows(files):
    found = read_part([files / "t.csv"], "delimited", "t.csv", asked(rows=100))
    assert found.frame["x"].cast(pl.Float64).to_list() == FRAME["x"][found.sampled.rows].to_list()
    rows = np.sort(np.argsort(row_hashes(0, N, 0))[:100])
    assert found.sampled.rows.tolist() == rows.tolist()


def test_a_table_in_memory_is_thinned_to_the_same_rows():
    found = thinned(RawTable(FRAME), asked(), "t")
    assert found.sampled.rows.tolist() == SMALLEST.tolist()
    assert thinned(found, asked(rows=5), "t") is found
    assert thinned(RawTable(FRAME), ReadOptions(), "t").frame.height == N


def test_what_all_rows_hold_is_counted_and_said_where_the_part_lacks_it(files):
    found = read_part([files / "t.parquet"], "parquet", "t.parquet", asked())
    one = found.sampled.columns[2]
    assert (one.low, one.high, one.distinct) == (1.0, 9.0, 2)
    codes = {finding.code: finding for finding in found.findings}
    assert codes["sample_constant"].columns == ("one",)
    assert "from 1 to 9 in all rows, and from 1 to 1" in codes["sample_range"].message
    assert set(codes) == {"sample", "sample_constant", "sample_range"}


def test_groups_are_chosen_whole(files):
    found = read_part([files / "t.parquet"], "parquet", "t", asked(groups=("night",)))
    counts = found.frame["night"].value_counts()["count"]
    assert set(counts.to_list()) == {10}
    assert found.frame.height == 200
    assert "groups of 'night' whole" in found.findings[0].message
    other = read_part([files / "t.csv"], "delimited", "t", asked(groups=("night",), rows=110))
    assert set(other.frame["night"].cast(pl.Int64).unique()) < set(found.frame["night"].unique())
    with pytest.raises(DataError, match=r"'nite' not found in 't'; did you mean 'night'\?"):
        read_part([files / "t.parquet"], "parquet", "t", asked(groups=("nite",)))
    with pytest.raises(ResourceError, match=r"no group of 'night' in 't' has as few as 9 rows"):
        read_part([files / "t.parquet"], "parquet", "t", asked(groups=("night",), rows=9))


def test_what_fits_is_read_whole(files):
    path = files / "t.parquet"
    assert read_part([path], "parquet", "t", asked(room=10**6)) is None
    found = read_part([path, path], "parquet", "t", asked(room=10**6))
    assert found.sampled is None
    assert found.frame.height == 2 * N
    text = read_part([files / "t.csv"], "delimited", "t", asked(room=10**6))
    assert text.frame.equals(load_frame(files / "t.csv", ReadOptions())[0].frame)


def test_more_rows_than_fit_are_refused_with_the_estimate():
    sample = asked(room=2 * 10**8, memory=6 * 10**8).sample
    with pytest.raises(
        ResourceError,
        match=r"20,000,000 rows of 't' need about 1.0 GB.*600 MB are allowed; raise it with "
        r"--memory 1GB, or use --rows 6666666 at most",
    ):
        rows_to_keep(SampleRequest(**{**sample.__dict__, "rows": "all"}), 20_000_000, 1, 6.0, "t")
    assert rows_to_keep(sample, 6_666_666, 1, 6.0, "t") is None
    assert rows_to_keep(sample, 6_666_668, 1, 6.0, "t") == 6_666_666


def test_a_folder_is_one_table_with_a_column_that_names_the_file(files, monkeypatch):
    folder = files / "many"
    folder.mkdir()
    for i in range(3):
        FRAME[i * 1_000 : (i + 1) * 1_000].write_parquet(folder / f"part{i}.parquet")
    monkeypatch.setattr(sampling, "TIMES_A_TEXT", 1)
    options = asked(memory=30_000, rows=100)
    table = read_table(folder, options=options)
    rows = np.sort(np.argsort(row_hashes(0, N, 0))[:100])
    assert table.rows.tolist() == rows.tolist()
    assert table.dataset.values["x"].tolist() == FRAME["x"][rows].to_list()
    column = table.dataset.column("file")
    named = [column.levels[code] for code in table.dataset.values["file"]]
    assert named == [f"part{row // 1_000}" for row in rows]
    assert [one.code for one in table.findings][:2] == ["sample", "sample_range"]
    assert "folder" in {one.code for one in table.findings}


def test_a_condition_leaves_out_rows_of_the_part_and_keeps_their_places(files):
    options = ReadOptions(sample=asked().sample, where="x > 0")
    table = read_table(files / "t.parquet", options=options)
    assert table.rows.tolist() == [row for row in SMALLEST if FRAME["x"][int(row)] > 0]
    assert table.sampled.n_all == N


def test_a_large_text_is_read_in_a_process_of_its_own(files):
    table = read_table(files / "t.csv", options=asked())
    assert len(table.rows) == table.dataset.n_rows < 200
    assert table.dataset.values["x"].tolist() == FRAME["x"][table.rows].to_list()
