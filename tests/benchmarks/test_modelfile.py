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
from benchmarks.modelfile.texts import text_subjects, use_text
from rung.errors import BadModelFile
from rung.families import discover
from rung.kinds.model_file import read_model_bytes
from rung.store.modelfile import pack, unpack
from rung.text.sampling import SampleOptions

COUNT = 1_000
README = command.RESULTS.with_name("README.md")


# One that only knows the vocabulary, one that counts, and a network; the slow test tries all ten.
SOME_TEXT = ("uniform", "ngram", "char_mlp")


@pytest.fixture(scope="module")
def texts() -> list[Subject]:
    return list(text_subjects(SOME_TEXT))


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
        "    load, seen = module.read_model_bytes, []\n"
        "    def broken(data, source):\n"
        "        seen.append(source)\n"
        "        if seen.count('model.rung') == 3:\n"
        f"            {body}\n"
        "        return load(data, source)\n"
        "    module.read_model_bytes = broken\n"
        "import rung.kinds.model_file as modelfiles\n"
        "wrap(modelfiles)\n"
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


@pytest.mark.slow
def test_a_thousand_changed_files_of_text_are_refused_or_predict():
    made = list(text_subjects())
    titles = {
        f"{family.name} {kind}" for family in discover("text") for kind in ("lines", "stream")
    }
    assert {subject.title for subject in made} == titles
    tally = run(made, COUNT // 2, seed=2)
    assert not tally.failures
    assert sum(tally.by_subject.values()) == COUNT
    assert tally.most_memory < 500e6


def test_changed_files_of_text_are_refused_or_predict(texts):
    tally = run(texts, 100, seed=5)
    assert not tally.failures
    assert sum(tally.outcomes.values()) == 200
    of_damaged = {key[2] for key in tally.by_subject if key[1] == "damaged"}
    assert of_damaged == {"refused"}


def test_a_reader_of_text_that_tries_nothing_out_is_found_out(texts, monkeypatch, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import rung.kinds.text.model as text_model\ntext_model._try_out = lambda _: None\n"
    )
    from benchmarks.modelfile import campaign

    monkeypatch.setattr(campaign, "EXTRA_PATH", (str(tmp_path),))
    plain = [subject for subject in texts if subject.title.startswith("uniform")]
    tally = run(plain, 600, seed=7)
    assert any("predict raises IndexError" in failure["outcome"] for failure in tally.failures)


def test_a_network_of_text_with_one_row_too_large_says_so_when_it_reads_and_writes(texts):
    """Only after the letter in question is anything wrong: loading cannot know."""
    data = next(one.data for one in texts if one.title == "char_mlp lines")
    spec, arrays, strings = unpack(data)
    arrays["state/window.fused.0"] *= np.float32(1e3)
    arrays["state/window.symbol"][4] = 3e38
    found = read_model_bytes(pack(spec, arrays, strings), "model.rung")
    first, letter = found.vocabulary.characters[0], found.vocabulary.characters[3]
    assert np.isfinite(found.nats(first)).all()
    with pytest.raises(BadModelFile, match="no log probability"):
        found.nats(letter + letter)
    with pytest.raises(BadModelFile, match="no log probability"):
        found.sample(SampleOptions(1, 5), prompt=letter)
    with pytest.raises(BadModelFile, match="no log probability"):
        use_text(found)


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
    model = read_model_bytes(data, "m")
    assert worker._wrong(model, np.array([[np.inf]]), 1) == "predicts values that are not finite"
    assert worker._wrong(model, np.zeros((1, 2)), 1) == "predicts shape (1, 2), not (1, 1)"


def test_the_published_campaign_has_no_failure_and_stands_in_the_readme():
    found = json.loads(command.RESULTS.read_text(encoding="utf-8"))
    text = README.read_text(encoding="utf-8")
    for inputs, one in (("table", found), ("text", found["text"])):
        assert one["failures"] == []
        for kind in ("damaged", "forged"):
            counts = one["counts"][kind].values()
            assert sum(sum(outcomes.values()) for outcomes in counts) == one["count"] == 10_000
        assert set(one["families"]) == {family.name for family in discover(inputs)}
    assert command.table(found) in text
    assert command.family_table(found["text"]) in text


def test_every_family_of_text_was_damaged_five_hundred_times():
    found = json.loads(command.RESULTS.read_text(encoding="utf-8"))["text"]["families"]
    for counts in found.values():
        assert counts["damaged"] == {
            "refused": 1_000, "refused rows": 0, "predicted": 0, "failure": 0
        }  # fmt: skip
