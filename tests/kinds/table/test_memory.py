import re
from dataclasses import replace

import numpy as np
import pytest

import rung
from rung.core.folds import partition_folds
from rung.core.memory import GB, MB, MemoryEstimate
from rung.families import find
from rung.kinds.table.memory import MemoryLimit, free_memory, make_room, measure
from rung.testing import example_problem


def room_of(limit):
    problem = example_problem("multiclass", n_rows=90)
    folds = partition_folds(np.arange(90) % 3)
    return make_room(limit, problem.design, problem, folds, n_families=3)


def family(job, held=0):
    return replace(
        find("linear"), memory=lambda sizes: MemoryEstimate(job=job, held=held), most_rows=None
    )


def test_sizes_count_rows_columns_and_classes():
    problem = example_problem("multiclass", n_rows=90)
    sizes = measure(problem, partition_folds(np.arange(90) % 3))
    assert (sizes.n_rows, sizes.n_train, sizes.n_test, sizes.n_splits) == (90, 60, 30, 3)
    assert (sizes.n_numbers, sizes.n_categories, sizes.n_outputs) == (11, 2, 3)
    assert sizes.n_columns > sizes.n_numbers + sizes.n_categories


def test_a_family_that_would_not_fit_says_how_much_it_needs_and_what_to_do():
    room = room_of(6 * GB)
    reason = room.reason_to_skip(family(job=9 * GB))
    assert re.fullmatch(
        r"would need about 9\.\d GB; 6\.0 GB are allowed; raise it with --memory 10GB", reason
    )
    assert room.reason_to_skip(family(job=5 * GB)) == ""
    assert room.reason_to_skip(replace(find("linear"), memory=None)) == ""
    assert room_of(100 * MB).reason_to_skip(find("constant")) == ""


def test_fewer_jobs_run_at_a_time_where_more_would_not_fit():
    room = room_of(6 * GB)
    assert room.threads(family(job=2 * GB), 8) == 2
    assert room.threads(family(job=9 * GB), 8) == 1
    assert room.threads(family(job=MB), 8) == 8
    assert room.threads(replace(find("linear"), memory=None), 8) == 8


def test_the_blend_counts_its_members_and_a_second_set_of_predictions():
    room = MemoryLimit(6 * GB, GB, 2 * GB, room_of(GB).sizes)
    assert room.reason_against_blend([family(job=2 * GB)]) == ""
    assert "would need about 7.0 GB" in room.reason_against_blend([family(job=4 * GB)])


def test_thinned_folds_are_noted_and_count_in_the_estimate():
    folds = partition_folds(np.arange(90) % 3)
    own = replace(
        find("linear"),
        most_rows=lambda _: 20,
        memory=lambda sizes: MemoryEstimate(job=sizes.n_train * GB),
    )
    room = room_of(30 * GB)
    assert room.reason_to_skip(own) == ""
    assert room.notes(own, folds)[0].startswith("trained on 2")
    assert room.notes(replace(own, most_rows=None), folds) == ()


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(120, 3))
    return {"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "y": x[:, 0] + rng.normal(size=120)}


def test_a_run_goes_on_without_the_families_that_would_not_fit(table):
    run = rung.fit(table, target="y", families=["linear", "tree"], folds=3, memory="100MB")
    assert run.verdict.family == "constant"
    assert run.result.options["memory"] == 100 * MB
    for name in ("linear", "tree"):
        entry = run.result.entry(name)
        assert entry.status == "skipped"
        assert re.search(r"would need about 3\d\d MB; 100 MB are allowed", entry.reason)


def test_a_machine_with_little_memory_is_warned_of_and_changes_no_result(table, monkeypatch):
    from rung.kinds.table import memory

    told = []
    plain = rung.fit(table, target="y", families=["linear"], folds=3)
    monkeypatch.setattr(memory, "free_memory", lambda: 200 * MB)
    other = rung.fit(table, target="y", families=["linear"], folds=3, listener=told.append)
    assert plain.result.to_dict() == other.result.to_dict()
    assert any("200 MB of memory are free" in event.text for event in told)


def test_free_memory_is_a_number_or_unknown():
    free = free_memory()
    assert free is None or free > MB


def test_a_table_of_spectra_climbs_a_line_in_little_memory():
    """Ridge regression of few rows needs a matrix of rows, not one of channels."""
    generator = np.random.default_rng(0)
    parts = generator.normal(size=(60, 4))
    channels = parts @ generator.normal(size=(4, 900)) + 0.05 * generator.normal(size=(60, 900))
    y = parts @ generator.normal(size=4) + 0.1 * generator.normal(size=60)
    table = {f"w{i}": channels[:, i] for i in range(900)} | {"y": y}
    run = rung.fit(table, target="y", families=["linear"], folds=3, memory="600MB", ledger=False)
    assert run.result.entry("linear").status == "scored"
    assert run.verdict.family == "linear"
