"""The commands on text hand over what was given."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from rung.core.history import History
from rung.core.result import TextSample
from rung.kinds.text.options import TextOptions
from tests.cli.test_app import run
from tests.report.example import regression


class Workbench(ModuleType):
    """Record what the commands ask for."""

    def __init__(self) -> None:
        super().__init__("rung.workbench")
        self.calls: list[Any] = []

    def fit_to_folder(self, data, options, out, *, force, resume, listener):
        self.calls.append((data, options, out, resume))
        return SimpleNamespace(result=regression(), history=History())

    def sample_file(self, model, options, *, prompt, seed):
        self.calls.append((model, options, prompt, seed))
        return (TextSample("emma", 1.0), TextSample("evala\x1b", 0.0))


@pytest.fixture
def workbench(monkeypatch):
    module = Workbench()
    monkeypatch.setitem(sys.modules, "rung.workbench", module)
    return module


def test_a_text_without_a_target_is_fitted_as_a_text(workbench):
    assert run("fit", "names.txt", "--families", "bigram", "--quiet") == 0
    assert workbench.calls == [
        ("names.txt", TextOptions(families=("bigram",)), Path("rung-run-names"), False)
    ]


def test_every_option_of_a_text_arrives(workbench):
    words = (
        "fit a/story.csv --as text --metric perplexity --margin 0.1 --choose leader --seed 3 "
        "--test-fraction 0 --threads 2 --out o --resume --quiet"
    )
    assert run(*words.split()) == 0
    given = TextOptions(
        reading="text", metric="perplexity", margin=0.1, choose="leader",
        seed=3, test_fraction=0.0, threads=2,
    )  # fmt: skip
    assert workbench.calls == [("a/story.csv", given, Path("o"), True)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("fit d.csv --weight w", "option --weight is for tables with a target"),
        ("fit d.csv --target y --as text", "names a column of a table"),
        ("fit names.txt --groups g", "option --groups is for images and tables"),
        ("fit names.txt --no-header", "option --no-header is for tables"),
    ],
)
def test_a_table_and_a_text_are_not_mixed_up(workbench, capsys, words, said):
    assert run(*words.split()) == 2
    assert said in capsys.readouterr().err
    assert not workbench.calls


def test_samples_go_to_a_file_as_they_were_written(workbench, capsysbinary):
    assert run("sample", "m.rung", "--n", "2", "--prompt", "e", "--top-k", "5", "--seed", "4") == 0
    assert capsysbinary.readouterr().out.decode() == "emma\nevala\x1b\n"
    model, options, prompt, seed = workbench.calls[0]
    assert (model, options.n, options.top_k, prompt, seed) == ("m.rung", 2, 5, "e", 4)


def test_samples_on_a_screen_have_copies_marked(workbench, capsysbinary, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert run("sample", "m.rung") == 0
    text = capsysbinary.readouterr().out.decode()
    assert text == "emma  [in the training text]\nevala\\x1b\n"


def test_a_text_is_checked_as_a_text(capsysbinary, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("emma\nolivia\nava \nava\n", encoding="utf-8")
    assert run("check", str(names), "--json") == 0
    found = json.loads(capsysbinary.readouterr().out)["findings"]
    assert [one["code"] for one in found] == ["alike_lines", "blank_ends"]
    assert run("check", str(names), "--drop", "a") == 2
    assert b"option --drop is for tables" in capsysbinary.readouterr().err


def test_the_encoding_arrives(workbench):
    assert run("fit", "names.txt", "--encoding", "latin-1", "--quiet") == 0
    assert workbench.calls[0][1] == TextOptions(encoding="latin-1")


def test_samples_are_printed_as_json(workbench, capsysbinary):
    assert run("sample", "m.rung", "--json") == 0
    found = json.loads(capsysbinary.readouterr().out)
    assert found["samples"][0] == {"copied": 1.0, "text": "emma"}
