"""No damaged or forged model file ends a process, hangs it, or predicts something else."""

import json

import numpy as np
import pytest

from benchmarks.modelfile import __main__ as command
from benchmarks.modelfile import worker
from benchmarks.modelfile.campaign import run
from benchmarks.modelfile.damage import DAMAGES, damaged
from benchmarks.modelfile.forge import EDITS, forged
from benchmarks.modelfile.subjects import Subject, subjects
from rung.families import discover
from rung.store.modelfile import unpack
from rung.workbench.fitted import from_bytes

COUNT = 1_000
README = command.RESULTS.with_name("README.md")


@pytest.fixture(scope="module")
def made() -> list[Subject]:
    return list(subjects(crowded=("naive_bayes",)))


def test_every_family_and_a_model_of_300_classes_is_tried(made):
    titles = {subject.title.split()[0] for subject in made}
    assert titles == {family.name for family in discover()}
    assert "naive_bayes 300 classes" in {subject.title for subject in made}
    assert "boosting multiclass" in {subject.title for subject in made}


@pytest.mark.slow
def test_two_thousand_changed_files_are_refused_or_predict_finite_numbers(made):
    tally = run(made, COUNT, seed=2)
    assert not tally.failures
    assert sum(tally.outcomes.values()) == 2 * COUNT
    assert tally.most_memory < 500e6
    kinds = {(kind, outcome) for kind, _, outcome in tally.outcomes}
    assert kinds >= {("damaged", "refused"), ("forged", "refused"), ("forged", "predicted")}
    changes = {what for _, what, _ in tally.outcomes}
    assert changes >= {*DAMAGES, *EDITS, "header", "several"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "ends with signal SIGSEGV"),
        ("signal.alarm(1); time.sleep(5)", "hangs"),
        ("os._exit(3)", "exits with 3"),
        ("raise KeyError('odd')", "load raises KeyError: 'odd'"),
        ("bytearray(10**12)", "load raises MemoryError"),
    ],
)
def test_what_ends_a_child_is_laid_to_the_file_it_read(made, monkeypatch, tmp_path, body, said):
    # A child that does `body` at its third file, instead of loading it.
    (tmp_path / "sitecustomize.py").write_text(
        "import os, signal, sys, time\n"
        "def wrap(module):\n"
        "    load, seen = module.from_bytes, []\n"
        "    def broken(data, source):\n"
        "        seen.append(source)\n"
        "        if seen.count('model.rung') == 3:\n"
        f"            {body}\n"
        "        return load(data, source)\n"
        "    module.from_bytes = broken\n"
        "import rung.workbench.fitted as fitted\n"
        "wrap(fitted)\n"
    )
    from benchmarks.modelfile import campaign

    monkeypatch.setattr(campaign, "EXTRA_PATH", (str(tmp_path),))
    tally = run(made[:1], 2, seed=3)
    found = [(f["kind"], f["number"], f["outcome"].rstrip(": ")) for f in tally.failures]
    assert found == [("forged", 0, said)]
    assert sum(tally.outcomes.values()) == 4


def test_a_reader_without_one_of_its_checks_is_found_out(made, monkeypatch, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import rung.trees.nodes as nodes\nnodes._check_splits = lambda *_: None\n"
    )
    from benchmarks.modelfile import campaign

    monkeypatch.setattr(campaign, "EXTRA_PATH", (str(tmp_path),))
    trees = [subject for subject in made if subject.title.startswith("tree")]
    tally = run(trees, 1_000, seed=6)
    assert any("raises IndexError" in failure["outcome"] for failure in tally.failures)


def test_changes_come_again_from_the_same_seed(made):
    data = made[0].data
    contents = unpack(data)
    for seed in range(50):
        one, two = (np.random.default_rng(seed) for _ in range(2))
        assert damaged(data, one) == damaged(data, two)
        assert forged(data, contents, one) == forged(data, contents, two)
        assert unpack(data)[0] == contents[0]


def test_an_accepted_damaged_file_and_a_prediction_of_infinity_are_failures(made, monkeypatch):
    data = made[0].data
    assert worker.try_out(data, "damaged") == "a damaged file is accepted"
    assert worker.try_out(data, "forged") == "predicted"
    model = from_bytes(data, "m")
    assert worker._wrong(model, np.array([[np.inf]]), 1) == "predicts values that are not finite"
    assert worker._wrong(model, np.zeros((1, 2)), 1) == "predicts shape (1, 2), not (1, 1)"


def test_the_published_campaign_has_no_failure_and_stands_in_the_readme():
    found = json.loads(command.RESULTS.read_text(encoding="utf-8"))
    assert found["failures"] == []
    for kind in ("damaged", "forged"):
        counts = found["counts"][kind].values()
        assert sum(sum(outcomes.values()) for outcomes in counts) == found["count"] == 10_000
    text = README.read_text(encoding="utf-8")
    assert command.table(found) in text
