"""What a saved density can be asked from a shell."""

import json

import polars as pl
import pytest

import rung
from rung.cli.densities import _range
from tests.cli.test_app import run
from tests.kinds.density.made import stars


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    out = tmp_path_factory.mktemp("run")
    found = rung.fit(stars(), families=["dependence_tree"], ledger=False, folds=2, choose="leader")
    return str(found.model.save(out / "model.rung"))


def test_rows_are_drawn_to_a_file_and_to_a_pipe(model, tmp_path, capfd):
    out = tmp_path / "drawn.csv"
    assert run("sample", model, "-n", "30", "--out", str(out)) == 0
    assert run("sample", model, "--n", "30") == 0
    printed, told = capfd.readouterr()
    assert printed == out.read_text("utf-8")
    assert pl.read_csv(out).columns == list(stars())
    assert pl.read_csv(out).height == 30
    assert "no cell of a drawn row is missing" in told
    assert run("sample", model, "-n", "3", "--out", str(out)) == 2
    capfd.readouterr()
    for option in (("--prompt", "Em"), ("--json",), ("--top-k", "3"), ("--length", "9")):
        assert run("sample", model, *option) == 2
        assert f"{option[0]} is for models of text" in capfd.readouterr().err
    line = tmp_path / "line.rung"
    rung.fit({"x": range(30), "y": range(30)}, "y", families=["linear"], ledger=False).model.save(
        line
    )
    for broken, code in ((line, 2), (tmp_path / "none.rung", 3)):
        assert run("sample", str(broken), "--out", str(tmp_path / "more.csv")) == code
    assert "--out is for rows that a density draws" in capfd.readouterr().err


def test_what_is_known_moves_what_depends_on_it(model, capfd):
    assert run("ask", model, "--given", "kind=giant") == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[0].startswith("given kind = giant (")
    assert lines[1].split(":")[0].strip() in {"colour", "size"}
    assert run("ask", model, "--given", "kind=giant", "--json") == 0
    found = json.loads(capfd.readouterr().out)
    assert found["given"][0]["rows"] <= found["given"][0]["known_rows"]
    assert {one["column"] for one in found["answers"]} == set(stars()) - {"kind"}


@pytest.mark.parametrize("given", ["kind", "kind=", "=giant", "kind=huge"])
def test_what_is_no_cell_is_refused(model, given, capfd):
    assert run("ask", model, "--given", given) == 2
    assert "→" in capfd.readouterr().err


def test_cells_that_no_training_row_has_are_a_guess_and_said_so(model, capfd):
    assert run("ask", model, "--given", "colour=99", "--given", "kind=dwarf") == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[1].startswith("  colour lies outside the range of training, ")
    assert "times as probable together as apart" in lines[2]


def test_dates_far_apart_are_shown_without_the_time_of_day():
    days = dict(
        zip(("low", "middle", "high"), ("2024-01-01", "2024-03-05", "2024-08-09"), strict=True)
    )
    assert _range(days, "") == "2024-03-05 (2024-01-01 to 2024-08-09)"
    times = {name: f"{day}T10:20:30" for name, day in days.items()}
    assert _range(times, "") == _range(days, "")
    near = {name: f"2024-01-01T1{i}:20:30" for i, name in enumerate(("low", "middle", "high"))}
    assert _range(near, "") == "2024-01-01T11:20 (2024-01-01T10:20 to 2024-01-01T12:20)"


def test_the_tree_is_drawn(model, tmp_path, capfd):
    out = tmp_path / "tree.svg"
    assert run("graph", model, "--out", str(out)) == 0
    assert "colour" in capfd.readouterr().out
    assert "of 2" in out.read_text("utf-8")


def test_rows_get_a_log_density_a_rank_and_a_rate(model, tmp_path, capfd):
    table = tmp_path / "new.csv"
    pl.DataFrame(stars(20, seed=5)).write_csv(table)
    assert run("predict", model, str(table)) == 0
    found = pl.read_csv(capfd.readouterr().out.encode())
    assert found.columns == ["log_density", "rank", "false_alarm_rate"]
    assert found.sort("log_density")["rank"].to_list() == list(range(1, 21))
    assert found["false_alarm_rate"].min() > 0
