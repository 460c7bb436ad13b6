"""The commands that explain print text for people, or JSON and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import rung
from rung.cli.app import app
from rung.cli.guard import guarded


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a table and two runs on it."""
    folder = tmp_path_factory.mktemp("explaining")
    rng = np.random.default_rng(0)
    x, z = rng.normal(size=(2, 150))
    table = pl.DataFrame({"x": x, "z": z, "y": 2 * x + rng.normal(size=150) / 4})
    table.write_csv(folder / "t.csv")
    rung.fit(table, "y", families=["linear"], out=folder / "both", ledger=False)
    rung.fit(table, "y", families=["linear"], drop=["x"], out=folder / "one", ledger=False)
    return folder


def printed(capfdbinary: pytest.CaptureFixture[bytes], *words: str) -> str:
    """Return what a command prints."""
    assert guarded(lambda: app(list(words), standalone_mode=False), []) == 0
    return capfdbinary.readouterr().out.decode("utf-8")


def test_a_table_is_looked_at(
    made: Path, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    page = tmp_path / "look.html"
    text = printed(capfdbinary, "look", str(made / "t.csv"), "--target", "y", "--out", str(page))
    assert "150 rows" in text
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert json.loads(printed(capfdbinary, "look", str(made / "t.csv"), "--json"))


def test_a_model_is_explained_on_rows(
    made: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    words = ("explain", str(made / "both"), str(made / "t.csv"))
    assert "x" in printed(capfdbinary, *words)
    assert json.loads(printed(capfdbinary, *words, "--json"))


def test_one_row_is_explained_and_a_change_without_a_row_is_refused(
    made: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    words = ("explain", str(made / "both"), str(made / "t.csv"))
    text = printed(capfdbinary, *words, "--row", "7", "--change", "0.5")
    assert "for row 7; true is" in text
    assert json.loads(printed(capfdbinary, *words, "--row", "7", "--json"))["row"] == 7
    assert guarded(lambda: app([*words, "--change", "2"], standalone_mode=False), []) == 2
    assert b"add --row N" in capfdbinary.readouterr().err


def test_two_runs_are_compared(made: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    words = ("compare", str(made / "both"), str(made / "one"))
    assert "worse" in printed(capfdbinary, *words)
    assert json.loads(printed(capfdbinary, *words, "--json"))


def test_figures_prints_the_files_that_it_wrote(
    made: Path, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    out = str(tmp_path / "paper")
    text = printed(capfdbinary, "figures", str(made / "both"), "--format", "svg, pdf", "--out", out)
    names = [Path(line).name for line in text.splitlines()]
    assert names[:2] == ["01-ladder.svg", "01-ladder.pdf"]
    assert set(names) == {path.name for path in (tmp_path / "paper").iterdir()}
    assert {"truth-linear", "residuals-linear"} <= {name[3:-4] for name in names}
