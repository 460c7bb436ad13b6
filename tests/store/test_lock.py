import subprocess
import sys
from pathlib import Path

import pytest

from rung.errors import UsageError
from rung.store.lock import LOCK, locked

HOLDER = """if True:
    import sys, time
    from pathlib import Path
    from rung.store.lock import locked
    with locked(Path(sys.argv[1])):
        print("held", flush=True)
        time.sleep(60)
"""


def hold(folder: Path) -> subprocess.Popen[str]:
    """Start a process that holds the folder, and wait until it does."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_folder_is_held_by_one_process_until_that_dies(tmp_path: Path) -> None:
    holder = hold(tmp_path)
    try:
        with (
            pytest.raises(UsageError, match=r"another run is at work in .*; wait"),
            locked(tmp_path),
        ):
            pass
        assert (tmp_path / LOCK).exists()
    finally:
        holder.kill()
        holder.communicate()
    assert (tmp_path / LOCK).exists()
    with locked(tmp_path):
        pass
    assert not (tmp_path / LOCK).exists()


def test_a_folder_is_held_within_one_process_too(tmp_path: Path) -> None:
    with (
        locked(tmp_path / "new"),
        pytest.raises(UsageError, match="another run"),
        locked(tmp_path / "new"),
    ):
        pass
    with locked(tmp_path / "new"):
        assert [item.name for item in (tmp_path / "new").iterdir()] == [LOCK]


def test_an_error_inside_lets_the_folder_go(tmp_path: Path) -> None:
    with pytest.raises(KeyError), locked(tmp_path):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_its_holder_removed_while_another_waited_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rung.store import lock

    seen = []

    def removed_meanwhile(file: object, path: Path) -> bool:
        seen.append(path.stat().st_ino)
        if len(seen) == 1:
            path.unlink()

        return len(seen) > 1

    monkeypatch.setattr(lock, "_is_same", removed_meanwhile)
    with locked(tmp_path):
        assert len(seen) == 2
        assert (tmp_path / LOCK).exists()


def test_a_place_that_is_no_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match=r"run folder '.*file' cannot be made or written to"):
        locked(tmp_path / "file").__enter__()
    assert (tmp_path / "file").read_text() == "mine"
