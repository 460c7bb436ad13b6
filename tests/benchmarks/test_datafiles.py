"""No changed data file ends a process, hangs it, or shows a trace."""

import json

from benchmarks.datafiles import __main__ as command
from benchmarks.datafiles import worker
from rung.data.reading import read_table
from rung.errors import ResourceError

README = command.RESULTS.with_name("README.md")


def test_two_thousand_changed_data_files_are_read_or_refused():
    found = command.run(2_000, seed=2)
    assert found["failures"] == []
    assert set(found["forms"]) == set(worker.subjects())
    assert sum(sum(counts.values()) for counts in found["forms"].values()) == 2_000
    assert all(counts["refused"] for counts in found["forms"].values())
    assert found["forms"]["csv"]["read"] > 20
    assert found["most_megabytes_grown"] < 500


def test_every_form_is_read_before_it_is_changed(tmp_path):
    for name, data in worker.subjects().items():
        path = tmp_path / name
        path.write_bytes(data)
        table = read_table(path)
        assert table.dataset.n_rows in (60, 61), name
        assert worker.try_out(data, path) == "read"


def test_changes_come_again_from_the_same_key():
    data = worker.subjects()["csv"]
    for number in range(30):
        assert worker.changed(data, (1, number)) == worker.changed(data, (1, number))


def test_an_error_of_another_kind_is_a_failure(tmp_path, monkeypatch):
    def fail(path):
        raise ResourceError("odd")

    monkeypatch.setattr(worker, "read_table", fail)
    assert worker.try_out(b"a", tmp_path / "t") == "raises ResourceError: odd"


def test_a_child_that_is_killed_leaves_its_file_as_a_failure(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(
        "import signal\nsignal.alarm = lambda seconds: signal.raise_signal(signal.SIGKILL)\n",
        encoding="ascii",
    )
    monkeypatch.setattr(command, "EXTRA_PATH", (str(tmp_path),))
    lines, code = command._child(0, 5, 1)
    assert code < 0
    assert lines[-1][3] == "ends with SIGKILL"


def test_the_published_figures_have_no_failure_and_stand_in_the_readme():
    found = json.loads(command.RESULTS.read_text(encoding="utf-8"))
    assert found["failures"] == []
    assert command.table(found) in README.read_text(encoding="utf-8")
