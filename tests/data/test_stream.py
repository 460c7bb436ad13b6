from pathlib import Path

import numpy as np
import polars as pl
import pytest

from rung.data.stream import open_blocks
from rung.errors import DataError, TargetProblem, UnreadableFile, UsageError

FRAME = pl.DataFrame(
    {
        "a": [1.0, None, 3.0, 4.0, 5.0],
        "flag": [True, False, None, True, True],
        "name": ["p", "q", None, "p", "q"],
        "y": [1, 2, None, 4, 5],
    }
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    FRAME.write_parquet(tmp_path / "t.parquet", row_group_size=2)
    return tmp_path / "t.parquet"


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_blocks_together_are_the_rows_that_have_a_target(path: Path, size: int) -> None:
    blocks = open_blocks(path, "y", block_rows=size)
    parts = [blocks.read(block) for block in range(blocks.n_blocks)]
    X = np.concatenate([inputs for inputs, _ in parts])
    np.testing.assert_array_equal(np.concatenate([y for _, y in parts]), [1, 2, 4, 5])
    np.testing.assert_array_equal(X, [[1, 1], [np.nan, 0], [4, 1], [5, 1]])
    assert blocks.features == ("a", "flag")
    assert blocks.skipped == ("name",)


def test_text_gives_classes(path: Path) -> None:
    blocks = open_blocks(path, "name", block_rows=4)
    assert blocks.classes == ("p", "q")
    assert [y.tolist() for _, y in map(blocks.read, range(2))] == [[0, 1, 0], [1]]


def test_a_folder_of_files_is_one_table(tmp_path: Path) -> None:
    for i in range(3):
        FRAME.write_parquet(tmp_path / f"{i}.parquet")
    blocks = open_blocks(tmp_path, "y", block_rows=4)
    assert (blocks.n_rows, blocks.n_blocks) == (15, 6)
    assert [len(blocks.read(i)[1]) for i in range(6)] == [3, 1] * 3


def test_files_of_two_tables_are_refused(path: Path) -> None:
    FRAME.drop("a").write_parquet(path.with_name("u.parquet"))
    with pytest.raises(DataError, match=r"u\.parquet' has other columns"):
        open_blocks(path.parent, "y")


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"target": "Y2"}, DataError, "column 'Y2' not found; the table has a, flag"),
        ({"target": "nam"}, DataError, "did you mean 'name'"),
        ({"target": "y", "features": ["name"]}, DataError, r"none of \['name'\] holds numbers"),
        ({"target": "y", "block_rows": 0}, UsageError, "block_rows=0"),
    ],
)
def test_what_the_table_lacks_is_named(path: Path, options: dict, error: type, said: str) -> None:
    with pytest.raises(error, match=said):
        open_blocks(path, **options)


def test_files_that_are_no_parquet_are_named(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"PAR1 not really PAR1")
    with pytest.raises(UnreadableFile, match="cannot be read as Parquet"):
        open_blocks(tmp_path / "x.parquet", "y")
    with pytest.raises(UnreadableFile, match="is no file or folder"):
        open_blocks(tmp_path / "none.parquet", "y")


def test_a_target_of_one_class_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    frame = pl.DataFrame({"x": [1.0, 2.0], "one": ["a", "a"], "list": [[1], [2]]})
    frame.write_parquet(tmp_path / "t.parquet")
    with pytest.raises(TargetProblem, match="'one' has 1 class"):
        open_blocks(tmp_path / "t.parquet", "one")
    with pytest.raises(TargetProblem, match="'list' is of type List"):
        open_blocks(tmp_path / "t.parquet", "list")
