"""Loading a model file and predicting with it runs nothing but rung: Python itself tells."""

import json
import os
import subprocess
import sys

import pytest

from benchmarks.modelfile.subjects import subjects
from rung.families import discover
from tests.source import ROOT


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    titles = {}
    for i, subject in enumerate(subjects(crowded=())):
        (folder / f"{i}.rung").write_bytes(subject.data)
        titles[str(i)] = subject.title
    places = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-m", "tests.audited", str(folder), "spoil"],
        env={**os.environ, "PYTHONPATH": places},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
    )
    assert not done.returncode, done.stderr
    return {titles.get(name, name): events for name, events in json.loads(done.stdout).items()}


def test_no_family_runs_code_imports_or_speaks_when_it_loads_and_predicts(seen):
    quiet = {title: events for title, events in seen.items() if title != "spoiled"}
    assert {title.split()[0] for title in quiet} == {family.name for family in discover()}
    assert not {title: events for title, events in quiet.items() if events}


def test_the_watch_sees_what_it_watches_for(seen):
    found = " ".join(seen["spoiled"])
    for event in (
        "import ('colorsys'", "exec (", "pickle.find_class", "os.system", "subprocess.Popen",
        "socket.__new__", "writes ",
    ):  # fmt: skip
        assert event in found
