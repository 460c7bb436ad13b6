from pathlib import Path

import numpy as np
import pytest

from rung.store.journal import Journal, open_journal, start_journal

IDENTITY = {"data": "abc", "options": {"seed": 0}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with start_journal(tmp_path / "j", IDENTITY) as journal:
        for job in range(5):
            journal.add(("tree", 0, job), {"job": job, "values": np.full(3, job / 7)})
    return tmp_path / "j"


def opened(path: Path) -> Journal:
    journal = open_journal(path)
    assert journal is not None
    return journal


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


def test_every_truncation_keeps_the_whole_records_before_it(path: Path, tmp_path: Path) -> None:
    data = path.read_bytes()
    found = []
    for length in range(len(data) + 1):
        cut = tmp_path / "cut"
        cut.write_bytes(data[:length])
        journal = open_journal(cut)
        if journal is None:
            continue
        with journal:
            found.append(count(journal))
    assert found == sorted(found)
    assert set(found) == {0, 1, 2, 3, 4, 5}


def test_a_journal_that_was_cut_goes_on(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])
    with opened(path) as journal:
        assert count(journal) == 4
        journal.add(("tree", 0, 4), "again")
    with opened(path) as journal:
        assert journal.find(("tree", 0, 4)) == ("again",)


def test_a_flipped_byte_ends_the_journal_there(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(bytes(data))
    with opened(path) as journal:
        assert count(journal) == 4


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
