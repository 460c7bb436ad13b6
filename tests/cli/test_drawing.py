from __future__ import annotations

import json

import pytest
from rich.console import Console

from rung.cli import main
from rung.cli.drawing import show_graph
from rung.graph.parts import Node
from rung.graph.picture import Graph
from tests.workbench.drawn import model, table


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    return stopped.value.code


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def test_the_table_tells_how_fast_the_result_changes_with_every_node(capsys):
    assert run("graph", "2*(a-b)+c", "a=3", "b=1", "c=4") == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["b", "input", "1", "−2"] in lines


@pytest.mark.parametrize("name", ["g.svg", "g.html", "g.dot", "g.json"])
def test_a_picture_is_written_as_its_name_ends(name, folder, capsys):
    assert run("graph", "a*a", "a=3", "--out", name) == 0
    assert (folder / name).stat().st_size > 100
    assert f"written to {name}" in capsys.readouterr().out
    assert run("graph", "a*a", "a=3", "--out", name) == 2
    assert run("graph", "a*a", "a=3", "--out", name, "--force") == 0


def test_json_is_printed_alone(capsys):
    assert run("graph", "a*a", "a=3", "--json") == 0
    assert json.loads(capsys.readouterr().out)["nodes"][0]["facts"]["gradient"] == 6.0


MISTAKES = {
    ("2*(q-b)+c", "b=1", "c=2"): "the name 'q' has no value, at character 4",
    ("a+1",): "add a=1 after the expression",
    ("a+1", "a"): "'a' is no value for a name",
    ("a+1", "a=x"): "'x' in 'a=x' is no number",
    ("a+1", "a=1", "a=2"): "'a' is given twice",
    ("a.b", "a=1"): "'.' reaches into an object",
    ("1/(a-a)", "a=1"): "at character 2",
    ("1+" * 50_000 + "1",): "has 100,001 characters",
    ("model.rung",): "would be a model, and no row of it is asked for",
    ("a+1", "a=1", "--data", "t.csv"): "would be a model, and no row of it is asked for",
    ("a+1", "a=1", "--row", "2"): "with --row, 'a+1' is a model, which takes no 'a=1'",
    ("a+1", "a=1", "--out", "g.png"): "ends in '.png'",
}


@pytest.mark.parametrize("words", MISTAKES, ids=lambda words: words[0][:20])
def test_a_mistake_gets_one_message_and_exit_code_two(words, capsys):
    assert run("graph", *words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert MISTAKES[words] in captured.err
    assert len(captured.err.splitlines()) <= 2


def test_a_row_of_a_model_is_drawn(folder, capsys):
    model("tree", "regression").save(folder / "model.rung")
    table().write_csv(folder / "rows.csv")
    assert run("graph", "model.rung", "--row", "7", "--data", "rows.csv", "--out", "t.svg") == 0
    assert "Decision tree predicts mass for row 7 of rows.csv" in capsys.readouterr().out
    assert (folder / "t.svg").exists()


def test_no_condition_of_a_list_is_cut(monkeypatch, capsys):
    said = "; ".join(f"a rather long name of column {i} 5 is > {i}" for i in range(5))
    graph = Graph((Node("tree 1", "tree 1", facts={"what": said}),), (), "a title")
    show_graph(graph, Console(width=100))
    assert said in " ".join(capsys.readouterr().out.replace("tree 1", "").split())


def test_a_file_that_is_no_model_is_refused_as_data(folder, capsys):
    (folder / "model.rung").write_text("no")
    assert run("graph", "model.rung", "--row", "1", "--data", "rows.csv") == 3


def test_an_expression_loads_neither_numpy_nor_polars(folder):
    import subprocess
    import sys

    code = (
        "import sys, contextlib\n"
        "from rung.cli import main\n"
        "with contextlib.suppress(SystemExit): main(['graph', 'a*a', 'a=3', '--json'])\n"
        "print([n for n in ('numpy', 'polars', 'torch', 'sklearn') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_names_cannot_steer_the_terminal(capsys):
    graph = Graph((Node("\x1b[31m", "a", facts={"value": 1.0}),), (), "\x1b[2J")
    show_graph(graph, Console(no_color=True))
    assert "\x1b" not in capsys.readouterr().out
