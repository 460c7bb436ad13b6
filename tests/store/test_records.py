import errno
import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from rung.errors import DiskError
from rung.store.records import HEAD, MARK, Records, open_records, start_records


@pytest.fixture
def limited() -> Iterator[int]:
    """Let no file of this process grow beyond 4,000 bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, before[1]))
    yield 4_000
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, ignored)


def reopened(path: Path) -> Records:
    records = open_records(path)
    assert records is not None
    return records


def test_a_record_is_two_lengths_a_digest_a_key_and_a_value(tmp_path: Path) -> None:
    records = start_records(tmp_path / "r")
    records.add("key", b"value")
    records.close()
    data = (tmp_path / "r").read_bytes()
    assert data.startswith(MARK + (3).to_bytes(8, "little") + (5).to_bytes(8, "little"))
    assert data.endswith(b"keyvalue")
    assert len(data) == records.size == len(MARK) + HEAD + 8


def test_the_last_value_of_a_key_holds(tmp_path: Path) -> None:
    records = start_records(tmp_path / "r")
    records.add("a", b"1")
    records.add("b", b"")
    records.add("a", b"22")
    records.close()
    again = reopened(tmp_path / "r")
    assert [again.find(key) for key in "abc"] == [b"22", b"", None]
    again.close()


def test_a_full_disk_is_said_and_leaves_the_records_before_it(tmp_path: Path, limited: int) -> None:
    records = start_records(tmp_path / "r")
    records.add("a", b"x" * (limited // 2))
    size = records.size
    with pytest.raises(DiskError, match=r"disk full: '.*r' could not be written \(File too large"):
        records.add("b", b"y" * limited)
    assert (tmp_path / "r").stat().st_size == records.size == size
    records.add("c", b"z")
    records.close()
    again = reopened(tmp_path / "r")
    assert [again.find(key) for key in "abc"] == [b"x" * (limited // 2), None, b"z"]
    again.close()


@pytest.mark.parametrize("code", [errno.EIO, errno.EROFS, errno.EDQUOT, errno.EACCES])
def test_whatever_keeps_a_record_from_the_disk_is_an_error_of_the_disk(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = start_records(tmp_path / "r")

    def fail(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(DiskError, match=os.strerror(code)):
        records.sync()
    records.close()
