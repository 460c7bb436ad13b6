from pathlib import Path

import numpy as np
import pytest

from rung.errors import DataError
from rung.store import journal as module
from rung.store.journal import Journal, open_journal, start_journal

IDENTITY = {"data": "abc", "options": {"seed": 0}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a journal whose run died in the middle of a family."""
    with start_journal(tmp_path / "j", IDENTITY) as journal:
        for job in range(5):
            journal.add(("tree", 0, job), {"job": job, "values": np.full(3, job / 7)})
    return tmp_path / "j"


def opened(path: Path) -> Journal:
    journal = open_journal(path)
    assert journal is not None
    return journal


def jobs_file(path: Path) -> Path:
    (found,) = path.parent.glob(".rung-jobs-*.part")
    return found


def count(journal: Journal) -> int:
    return sum(journal.find(("tree", 0, job)) is not None for job in range(5))


def test_what_was_added_is_found_after_opening_again(path: Path) -> None:
    with opened(path) as journal:
        assert journal.identity == IDENTITY
        found = journal.find(("tree", 0, 3))
        assert found is not None
        np.testing.assert_array_equal(found[0]["values"], np.full(3, 3 / 7))
        assert journal.find(("tree", 1, 3)) is None


def test_none_is_a_value(tmp_path: Path) -> None:
    with start_journal(tmp_path / "j", {}) as journal:
        journal.add(("a", 0, 0), None)
        assert journal.find(("a", 0, 0)) == (None,)


def test_every_truncation_keeps_the_whole_jobs_before_it(path: Path) -> None:
    data = jobs_file(path).read_bytes()
    found = []
    for length in range(len(data) + 1):
        jobs_file(path).write_bytes(data[:length])
        with opened(path) as journal:
            found.append(count(journal))
    assert found == sorted(found)
    assert set(found) == {0, 1, 2, 3, 4, 5}


def test_every_truncation_keeps_the_whole_families_before_it(tmp_path: Path) -> None:
    with start_journal(tmp_path / "j", IDENTITY) as journal:
        for name in "abc":
            journal.finish(name, (name, np.arange(3)))
    data, found = (tmp_path / "j").read_bytes(), []
    for length in range(len(data) + 1):
        (tmp_path / "j").write_bytes(data[:length])
        again = open_journal(tmp_path / "j")
        if again is not None:
            with again:
                assert again.identity == IDENTITY
                found.append([name for name in "abc" if again.finished(name)])
    assert found == sorted(found)
    assert [each for i, each in enumerate(found) if each not in found[:i]] == [
        [],
        ["a"],
        ["a", "b"],
        ["a", "b", "c"],
    ]


def test_a_journal_that_was_cut_goes_on(path: Path) -> None:
    jobs_file(path).write_bytes(jobs_file(path).read_bytes()[:-3])
    with opened(path) as journal:
        assert count(journal) == 4
        journal.add(("tree", 0, 4), "again")
    with opened(path) as journal:
        assert journal.find(("tree", 0, 4)) == ("again",)


def test_a_flipped_byte_ends_the_jobs_there(path: Path) -> None:
    data = bytearray(jobs_file(path).read_bytes())
    data[-5] ^= 1
    jobs_file(path).write_bytes(bytes(data))
    with opened(path) as journal:
        assert count(journal) == 4


def test_a_family_that_is_finished_or_skipped_leaves_no_jobs_behind(path: Path) -> None:
    with opened(path) as journal:
        assert count(journal) == 5
        journal.finish("tree", {"model": 1.5})
        assert not list(path.parent.glob(".rung-*"))
        journal.add(("forest", 0, 0), 1)
        journal.drop("forest")
        assert [item.name for item in path.parent.iterdir()] == ["j"]
    with opened(path) as journal:
        assert journal.finished("tree") == ({"model": 1.5},)
        assert journal.finished("forest") is None
        assert count(journal) == 0


def test_what_would_pass_the_bound_is_left_out_and_the_rest_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 20_000)
    noise = np.random.default_rng(0).integers(0, 256, 12_000, dtype=np.uint8)
    with start_journal(tmp_path / "j", IDENTITY) as journal:
        for job in range(3):
            journal.add(("a", 0, job), noise)
        journal.add(("a", 0, 3), 1)
        known = [journal.find(("a", 0, job)) is not None for job in range(4)]
        assert known == [True, False, False, True]
        journal.finish("a", noise)
        journal.finish("b", noise)
        journal.finish("c", 1)
        assert [journal.finished(name) is not None for name in "abc"] == [True, False, True]
        assert 12_000 < journal.size == (tmp_path / "j").stat().st_size < 20_000


def test_jobs_of_another_run_are_never_read(path: Path) -> None:
    kept = jobs_file(path).read_bytes()
    with start_journal(path, {"data": "other"}) as journal:
        assert not list(path.parent.glob(".rung-*"))
        path.with_name(".rung-jobs-0123456789abcdef.part").write_bytes(kept)
        assert count(journal) == 0


def test_a_file_that_is_no_journal_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "j").write_bytes(b"PK" + bytes(100))
    with pytest.raises(DataError, match="was not written by this version of rung; start over"):
        open_journal(tmp_path / "j")
    assert (tmp_path / "j").stat().st_size == 102


def test_a_value_without_a_plain_form_is_left_out(tmp_path: Path) -> None:
    with start_journal(tmp_path / "j", {}) as journal:
        journal.add(("a", 0, 0), object())
        assert journal.find(("a", 0, 0)) is None


def test_a_finished_journal_is_removed(path: Path) -> None:
    opened(path).remove()
    assert not path.exists()


def test_no_journal_is_none(tmp_path: Path) -> None:
    assert open_journal(tmp_path / "nothing") is None
    (tmp_path / "empty").write_bytes(b"")
    assert open_journal(tmp_path / "empty") is None
