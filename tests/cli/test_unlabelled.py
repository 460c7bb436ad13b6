"""The commands for tables without a target print a sentence, or JSON, and write a row a row."""

import json

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from rung.cli.app import app


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    rng = np.random.default_rng(0)
    place = tmp_path_factory.mktemp("data") / "cloud.csv"
    pl.DataFrame({name: rng.normal(size=90) for name in "ab"}).write_csv(place)
    return place


def test_no_groups_is_an_answer_in_words_and_in_json(path):
    done = CliRunner().invoke(app, ["cluster", str(path)])
    assert done.exit_code == 0
    assert done.output.startswith("no groups")
    found = json.loads(CliRunner().invoke(app, ["cluster", str(path), "--json"]).output)
    wanted = {"k": 1, "low": 1, "high": 1, "verdict": "none"}
    assert {key: found[key] for key in wanted} == wanted


@pytest.mark.parametrize(("command", "columns"), [("cluster", 2), ("embed", 4)])
def test_a_file_holds_a_row_a_row_of_the_table(path, tmp_path, command, columns):
    out = tmp_path / "out.csv"
    done = CliRunner().invoke(app, [command, str(path), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert pl.read_csv(out).shape == (90, columns)


def test_a_picture_of_groups_is_a_file_or_a_page_and_replaces_nothing_unasked(path, tmp_path):
    for name, start in (("groups.svg", "<?xml"), ("groups.html", "<!DOCTYPE html>")):
        out = tmp_path / name
        done = CliRunner().invoke(app, ["cluster", str(path), "--picture", str(out)])
        assert done.exit_code == 0, done.output
        assert out.read_text("utf-8").startswith(start)
    again = CliRunner().invoke(app, ["cluster", str(path), "--picture", str(out)])
    assert "groups.html' exists" in str(again.exception)


def test_a_map_says_how_many_components_hold_more_than_chance(path):
    done = CliRunner().invoke(app, ["embed", str(path)])
    assert "held-out cells are reconstructed best with 0" in done.output
