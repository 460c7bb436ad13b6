from pathlib import Path

import numpy as np

from rung.compute import RunContext
from rung.core.events import Event
from rung.core.family import Problem, State
from rung.store.journal import start_journal
from tests.core.tables import mixed_table


def problem() -> Problem:
    table = mixed_table(60)
    return Problem("regression", table, table.values["mass"])


def test_random_numbers_depend_on_seed_and_key_alone() -> None:
    first = RunContext(1, problem()).rng("tree", 3).random(4)
    np.testing.assert_array_equal(
        RunContext(1, problem(), threads=4).rng("tree", 3).random(4), first
    )
    assert not np.array_equal(RunContext(2, problem()).rng("tree", 3).random(4), first)
    assert not np.array_equal(RunContext(1, problem()).rng("tree", 4).random(4), first)


def test_every_job_is_told_to_the_listener() -> None:
    events: list[Event] = []
    context = RunContext(0, problem(), threads=3, family="tree", listener=events.append)
    assert context.map(lambda i: -i, [1, 2, 3]) == [-1, -2, -3]
    assert sorted(event.done for event in events) == [1, 2, 3]
    assert {event.family for event in events} == {"tree"}


def test_a_training_in_memory_keeps_nothing() -> None:
    shelf = RunContext(0, problem(), family="gpt").shelf(0)
    shelf.save(State({"step": 1}))
    assert shelf.restore() is None


def test_each_family_has_shelves_of_its_own(tmp_path: Path) -> None:
    with start_journal(tmp_path / "journal.rung", {}) as journal:
        context = RunContext(0, problem(), journal=journal)
        context.for_family("gpt").shelf(0).save(State({"step": 1}))
        found = context.for_family("gpt").shelf(0).restore()
        assert found is not None
        assert found.spec == {"step": 1}
        assert context.for_family("gru").shelf(0).restore() is None
