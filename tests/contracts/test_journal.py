"""What every family puts into the journal comes back in a process that knows nothing of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from rung.compute import RunContext
from rung.core.family import CrossFit, Family
from rung.families import discover, missing_needs
from rung.kinds.attempt import attempt
from rung.store.codec import encode
from rung.store.journal import Journal, start_journal
from rung.store.modelfile import pack
from rung.testing.problems import example_folds, example_problem
from tests.families.text.laws import lines_problem

N_ROWS = 60
TASKS = ("regression", "binary", "multiclass")
# Prints, a line a record: its key, and whether its value comes back and is the same once more.
READER = """if True:
    import json, sys, zlib
    from pathlib import Path
    from rung.store.codec import decode, encode
    from rung.store.records import open_records
    folder = Path(sys.argv[1])
    for path in (folder / "journal", *sorted(folder.glob(".rung-jobs-*"))):
        records = open_records(path)
        for key in records._places:
            data = records.find(key)
            if key != "identity":
                data = zlib.decompress(data) if key.startswith("finished") else data
                print(json.dumps([key, encode(decode(data)) == data]))
        records.close()
"""


class Noted(Journal):
    """A journal that keeps jobs of finished families, and notes what it was given."""

    given: list[str]

    def add(self, key: tuple[str, int, int], value: Any) -> None:
        encode(value)  # raises if it has no plain form
        self.given.append(key[0])
        super().add(key, value)

    def finish(self, family: str, value: Any) -> None:
        encode(value)
        self.given.append(family)
        super().finish(family, value)

    def drop(self, family: str) -> None:
        """Drop nothing."""


def installed(inputs: str) -> list[Family]:
    return [family for family in discover(inputs) if not missing_needs(family)]


def climbed(journal: Journal, family: Family, task: str) -> CrossFit:
    """Cross-fit one family as a run does."""
    problem: Any = (
        lines_problem(60) if family.inputs == "text" else example_problem(task, n_rows=N_ROWS)
    )  # type: ignore[arg-type]
    folds = problem.folds if family.inputs == "text" else example_folds(N_ROWS, n_folds=3)

    def work(own: RunContext) -> CrossFit:
        return family.cross_fit(problem, folds, own)

    found = attempt(family, work, RunContext(0, problem, journal=journal), {})
    assert found.fitted is not None, found.reason
    return found.fitted


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder, fits = tmp_path_factory.mktemp("kept"), {}
    started = start_journal(folder / "journal", {})
    journal = Noted(started.path, {}, started._records)
    journal.given = []
    for family in installed("table"):
        task = next(task for task in TASKS if task in family.tasks)
        fits[family] = climbed(journal, family, task)
    for family in installed("text"):
        fits[family] = climbed(journal, family, "")
    yield folder, journal, fits
    journal.close()


def test_every_value_is_read_back_in_a_fresh_process(kept: Any) -> None:
    folder, journal, _ = kept
    done = subprocess.run(
        [sys.executable, "-c", READER, str(folder)], capture_output=True, text=True, check=True
    )
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(records) == len(journal.given) > 100
    assert [key for key, is_same in records if not is_same] == []


def test_a_family_that_goes_on_is_the_family_that_was_trained(kept: Any) -> None:
    _, journal, fits = kept
    for family, first in fits.items():
        task = next((task for task in TASKS if task in family.tasks), "")
        n_given = len(journal.given)
        again = climbed(journal, family, task)
        assert len(journal.given) == n_given, family.name
        assert again is not first
        for name in ("predictions", "paired", "unit_losses"):
            pairs = zip(getattr(again, name), getattr(first, name), strict=True)
            assert all(one.tobytes() == other.tobytes() for one, other in pairs), family.name
        assert (again.settings, again.notes) == (first.settings, first.notes), family.name
        assert same(again.training, first.training), family.name
        assert written(again) == written(first), family.name
        if family.inputs == "table":
            design = example_problem("regression", n_rows=N_ROWS, seed=7).design
            one, other = again.model.predict(design), first.model.predict(design)
            assert np.array_equal(one, other), family.name


def written(fitted: CrossFit) -> bytes:
    """Return what the model's file would hold."""
    state = fitted.model.to_state()
    return pack(dict(state.spec), state.arrays, state.strings)


def same(one: Any, other: Any) -> bool:
    return encode(one) == encode(other)
