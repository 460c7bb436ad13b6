from __future__ import annotations

import io
import json

from rich.console import Console

from rung.cli.listings import (
    checks_json,
    findings_json,
    installed,
    show_checks,
    show_model,
    show_numbers,
)
from rung.core.findings import Finding


def test_what_is_missing_is_named_with_its_command():
    assert installed(()) == "yes"
    assert installed(("json", "no_such")) == "pip install no_such"


def test_a_model_description_is_cleaned_and_cut():
    stream = io.StringIO()
    described = {"target": "\x1b[31m", "columns": ["a" * 400], "nested": {"x": [True, None]}}
    show_model(described, Console(file=stream, width=80))
    text = stream.getvalue()
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 80
    assert text.count("a") < 310
    assert "x yes" in text


def test_known_facts_are_told_for_people():
    stream = io.StringIO()
    described = {
        "columns": [{"name": "mass", "kind": "number", "unit": "kg"}, {"name": "type"}],
        "settings": [{"penalty": 0.1}, {"penalty": 1.0}],
        "choice": {"sentence": "linear is as good", "margin": 1},
        "scores": {"rmse": {"mean": 0.31234, "low": 0.30, "high": 0.32, "per_fold": [1]}},
        "test": {"rmse": {"value": 0.3, "low": 0.0, "high": None}},
        "classes": [],
    }
    show_model(described, Console(file=stream, width=80))
    text = stream.getvalue()
    assert "mass (number, kg), type ()" in text
    assert "penalty 0.1 to 1" in text
    assert "linear is as good" in text
    assert "RMSE 0.312 (0.300 to 0.320)" in text
    assert "RMSE 0.3000 (at least 0)" in text
    assert "classes" not in text
    assert "per_fold" not in text


def test_facts_of_another_shape_are_told_as_they_are():
    stream = io.StringIO()
    described = {key: ["odd", 1.5] for key in ("columns", "settings", "choice", "scores", "test")}
    show_model(described, Console(file=stream, width=80))
    assert stream.getvalue().count("odd, 1.500") == 5


def test_findings_in_json_have_five_keys_and_keep_names_as_they_are():
    text = findings_json([Finding("leak", "alarm", ("größe",), "tells all", "drop it")])
    assert "größe" in text
    assert json.loads(text) == {
        "findings": [
            {
                "code": "leak",
                "severity": "alarm",
                "columns": ["größe"],
                "message": "tells all",
                "remedy": "drop it",
            }
        ]
    }


def test_numbers_that_a_model_reads_as_missing_are_listed():
    stream = io.StringIO()
    column = {"name": "colour", "kind": "number", "unit": "mag", "sentinels": [-99.0]}
    show_model({"columns": [column]}, Console(file=stream, width=80))
    assert "colour (number, mag, -99 is missing)" in stream.getvalue()


def test_numbers_behind_a_picture_are_a_table_without_its_lists():
    stream = io.StringIO()
    rows = (
        {"relus": 1000, "loss": 0.25, "kinks": [1.0, 2.0]},
        {"relus": 2, "loss": 1.0, "kinks": []},
    )
    show_numbers(rows, Console(file=stream, width=80))
    lines = [line.split() for line in stream.getvalue().splitlines()]
    assert lines == [["relus", "loss"], ["1,000", "0.25000"], ["2", "1.00000"]]


def test_every_check_is_listed_with_source_and_remedy_from_its_record(capsys):
    from rung.check import discover

    show_checks(discover(), Console(width=200))
    shown = capsys.readouterr().out
    listed = json.loads(checks_json(discover()))["checks"]
    assert [one["code"] for one in listed] == [check.code for check in discover()]
    for check in discover():
        assert f"{check.code}  {check.severity}: {check.title}" in shown
        assert f"remedy: {check.remedy}" in shown
