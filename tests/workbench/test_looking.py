"""Looking at files."""

from __future__ import annotations

from pathlib import Path

import pytest

from rung.errors import UsageError
from rung.workbench.looking import look_at


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "t.csv"
    path.write_text("mass,y\n" + "".join(f"{i},{i % 7}\n" for i in range(50)))
    return path


def test_a_page_is_written_once_and_replaced_by_force_only(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "look.html"
    found, text = look_at(table, "y", out=out)
    assert found["n_rows"] == 50
    assert text.startswith("t.csv: 50 rows")
    assert out.read_text("utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(UsageError, match="exists"):
        look_at(table, out=out)
    look_at(table, out=out, force=True)


def test_a_misspelt_target_gets_a_suggestion(table: Path) -> None:
    with pytest.raises(UsageError, match="target column 'mas' not found") as caught:
        look_at(table, "mas")
    assert "mass" in caught.value.remedy
