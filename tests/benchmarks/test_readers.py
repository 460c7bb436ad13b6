"""The benchmark of readers counts as exact what is."""

import pytest

from benchmarks.readers.__main__ import read_by_rung, run
from benchmarks.readers.scoring import outcome

CLEAN = [["a", "b"], ["1", ""], ["2", "x"]]


@pytest.mark.parametrize(
    ("found", "name", "said"),
    [
        ([["a", "b"], [1, None], [2, "x"]], "t.csv", "exact"),
        ([["a", "b"], ["1", ""]], "t.csv", "wrong"),
        ([["A", "b"], ["1", ""], ["2", "x"]], "t.csv", "wrong"),
        ([["c1", "c2"], *CLEAN], "file_no_header.csv", "exact"),
        (None, "t.csv", "refused"),
    ],
)
def test_a_file_is_exact_only_with_the_same_names_and_cells(found, name, said):
    assert outcome(found, CLEAN, name) == said


def test_an_empty_file_is_exact_where_it_is_refused():
    assert outcome(None, [], "t.csv") == "exact"


def test_files_are_counted_by_outcome(tmp_path):
    for folder in ("files", "clean"):
        (tmp_path / folder).mkdir()
    (tmp_path / "clean" / "t.csv").write_text("a,b\n1,2\n3,4\n")
    (tmp_path / "files" / "t.csv").write_text("a;b\n1;2\n3;4\n")
    found = run(tmp_path / "files", tmp_path / "clean", None)
    assert found["counts"]["rung"] == {"exact": 1}
    assert read_by_rung(tmp_path / "clean" / "none.csv") is None
