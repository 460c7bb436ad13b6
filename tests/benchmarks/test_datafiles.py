"""No changed data file ends a process, hangs it, or shows a trace."""

import json

from benchmarks.datafiles import __main__ as command
from benchmarks.datafiles import worker
from benchmarks.datafiles.forms import Form, made
from rung.data import reading
from rung.errors import ResourceError

README = command.RESULTS.with_name("README.md")


def test_two_thousand_changed_data_files_are_read_or_refused():
    found = command.run(2_000, seed=2)
    assert found["failures"] == []
    assert set(found["forms"]) == set(made())
    assert sum(sum(counts.values()) for counts in found["forms"].values()) == 2_000
    assert all(counts["refused"] for counts in found["forms"].values())
    # a description in JSON is read after one change in fifty: perhaps none of these few
    never_read = {name for name, counts in found["forms"].items() if not counts["read"]}
    assert never_read <= {"zarr description"}
    assert found["forms"]["csv"]["read"] > 10
    assert found["most_megabytes_grown"] < 500


def test_every_form_is_read_before_it_is_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "read_isolated", worker.read_here)
    for name, form in made().items():
        path = tmp_path / f"table{form.suffix}"
        form.write(path, form.data)
        table = reading.read_table(path, options=form.options)
        assert (table.sampled is not None) == name.endswith("in pieces")
        assert table.dataset.n_rows in ((40, 60, 61) if table.sampled is None else range(20, 40))
        assert worker.try_out(form, form.data, tmp_path / "t") == "read"


def test_a_user_gets_the_table_that_the_worker_gets(tmp_path):
    form = made()["arrow"]
    form.write(tmp_path / "t.arrow", form.data)
    assert reading.read_table(tmp_path / "t.arrow").dataset.n_rows == 40
    assert worker.try_out(form, form.data, tmp_path / "t") == "read"


def test_changes_come_again_from_the_same_key():
    data = made()["csv"].data
    for number in range(30):
        assert worker.changed(data, (1, number)) == worker.changed(data, (1, number))


def test_sizes_are_blown_up_in_a_fifth_of_the_changes():
    data = made()["parquet"].data
    ways = [worker.changed(data, (1, number))[0] for number in range(500)]
    assert 75 < ways.count("sizes") < 125


def test_an_error_of_another_kind_is_a_failure(tmp_path, monkeypatch):
    def fail(path, options):
        raise ResourceError("odd")

    monkeypatch.setattr(worker, "read_table", fail)
    assert worker.try_out(Form("", b""), b"a", tmp_path / "t") == "raises ResourceError: odd"


def test_a_child_that_is_killed_leaves_its_file_as_a_failure(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(
        "import signal\nsignal.alarm = lambda seconds: signal.raise_signal(signal.SIGKILL)\n",
        encoding="ascii",
    )
    monkeypatch.setattr(command, "EXTRA_PATH", (str(tmp_path),))
    lines, code = command._child(0, 5, 1)
    assert code < 0
    assert lines[-1][3] == "ends with SIGKILL"


def test_a_file_that_ends_its_child_is_read_once_more_as_a_user_does(monkeypatch):
    lines = [[0, "arrow", "sizes", "ends with SIGABRT"], [1, "csv", "sizes", "ends with SIGABRT"]]
    monkeypatch.setattr(command, "_child", lambda *_: (lines, -6))
    found = command.run(2, seed=3)
    assert found["ended"] == 1
    assert [one["form"] for one in found["failures"]] == ["csv"]


def test_the_published_figures_have_no_failure_and_stand_in_the_readme():
    found = json.loads(command.RESULTS.read_text(encoding="utf-8"))
    assert found["failures"] == []
    assert command.table(found) in README.read_text(encoding="utf-8")
