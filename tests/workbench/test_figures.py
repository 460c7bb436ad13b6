"""`rung figures` writes every figure of a run from its folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rung.errors import DataError, UsageError
from rung.report.figures import every_figure
from rung.workbench.figures import read_result, write_figures
from tests.report.example import regression


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run = tmp_path / "run"
    run.mkdir()
    (run / "results.json").write_text(json.dumps(regression().to_dict()), "utf-8")
    return run


def test_every_figure_is_written_in_every_format_and_in_the_order_of_the_page(folder):
    written = write_figures(folder, formats=["png", ".SVG", "png"])
    names = [figure.name for figure in every_figure(regression())]
    assert [path.name for path in written] == [
        f"{place:02d}-{name}.{kind}"
        for place, name in enumerate(names, 1)
        for kind in ("png", "svg")
    ]
    assert {path.parent for path in written} == {folder / "figures"}
    assert all(path.stat().st_size > 1000 for path in written)


def test_what_is_there_is_replaced_only_if_asked_and_nothing_is_half_written(folder):
    out = folder / "mine"
    first = write_figures(folder, out, formats=["svg"])
    first[0].unlink()
    with pytest.raises(UsageError, match=r"02-differences\.svg' exists"):
        write_figures(folder, out, formats=["svg"])
    assert not first[0].exists()
    assert write_figures(folder, out, formats=["svg"], force=True) == first


def test_an_unknown_format_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(UsageError, match="'gif' is unknown; png, svg, pdf"):
        write_figures(tmp_path / "no-run", formats=["png", "gif"])
    with pytest.raises(UsageError, match="'' is unknown"):
        write_figures(tmp_path / "no-run", formats=[])


def test_a_folder_without_a_run_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"holds no finished run: there is no results\.json"):
        read_result(tmp_path)


@pytest.mark.parametrize("text", ["{", '{"schema": 9}', "[]"])
def test_results_that_are_damaged_are_one_message(folder, text):
    (folder / "results.json").write_text(text)
    with pytest.raises(DataError, match=r"cannot be read|schema"):
        read_result(folder)


def test_a_place_that_cannot_be_written_to_is_one_message(folder):
    (folder / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be made"):
        write_figures(folder, folder / "file" / "figures", formats=["svg"])
