from pathlib import Path

import numpy as np

from rung.core.family import State
from rung.store.journal import open_journal, start_journal
from rung.store.shelf import PREFIX, clear_shelves, shelf_for

STATE = State({"step": 3}, {"w": np.arange(3.0), "n": np.float32(2.0).reshape(())})


def laid(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.startswith(PREFIX)]


def test_what_was_laid_down_last_is_taken_up_by_the_same_training_of_the_same_run(
    tmp_path: Path,
) -> None:
    run = {"data": "abc", "seed": 0}
    shelf_for(tmp_path, run, ("gpt", 0)).save(State({"step": 2}))
    shelf_for(tmp_path, run, ("gpt", 0)).save(STATE)
    found = shelf_for(tmp_path, dict(run), ("gpt", 0)).restore()
    assert found is not None
    assert found.spec == STATE.spec
    assert all((found.arrays[name] == each).all() for name, each in STATE.arrays.items())
    assert found.arrays["n"].shape == ()
    assert shelf_for(tmp_path, run, ("gpt", 1)).restore() is None
    assert shelf_for(tmp_path, run, ("gru", 0)).restore() is None
    assert shelf_for(tmp_path, run | {"seed": 1}, ("gpt", 0)).restore() is None


def test_a_damaged_state_counts_as_none(tmp_path: Path) -> None:
    shelf = shelf_for(tmp_path, {}, ("gpt",))
    shelf.save(STATE)
    data = shelf.path.read_bytes()
    for damaged in (data[:-1], data[:40], b"", data[:60] + b"!" + data[61:]):
        shelf.path.write_bytes(damaged)
        assert shelf.restore() is None


def test_shelves_are_cleared_with_their_journal_and_nothing_else_is(tmp_path: Path) -> None:
    (tmp_path / "mine.part").write_text("kept")
    for end in ("removed", "started over"):
        journal = start_journal(tmp_path / "journal.rung", {"seed": 0})
        journal.shelf(("gpt",)).save(STATE)
        assert len(laid(tmp_path)) == 1
        if end == "removed":
            journal.remove()
        else:
            journal.close()
            start_journal(tmp_path / "journal.rung", {"seed": 0}).close()
        assert not laid(tmp_path)
    clear_shelves(tmp_path)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["journal.rung", "mine.part"]


def test_a_journal_that_is_opened_again_finds_its_trainings(tmp_path: Path) -> None:
    with start_journal(tmp_path / "journal.rung", {"seed": 0}) as journal:
        journal.shelf(("gpt",)).save(STATE)
    again = open_journal(tmp_path / "journal.rung")
    assert again is not None
    with again:
        found = again.shelf(("gpt",)).restore()
    assert found is not None
    assert found.spec == {"step": 3}
