"""Polynomials from the shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_lessons import run


def test_polynomials_of_a_column_are_drawn_with_scores(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, out = tmp_path / "t.csv", tmp_path / "c.svg"
    rows = "".join(f"{i},{(i - 20) ** 2 + i % 3}\n" for i in range(40))
    table.write_text(f"t,height\n{rows}")
    words = ("curve", str(table), "--x-column", "t", "--y-column", "height", "--polynomial")
    assert run(*words, "--out", str(out)) == 0
    said = capsys.readouterr().out
    assert "height by t, 40 rows, 5 folds" in said
    assert [f"degree {degree}: RMSE" in said for degree in (1, 2, 6)] == [True] * 3
    assert out.read_text("utf-8").startswith("<?xml")
    assert run(*words, "--out", str(out), "--force", "--rows", "12", "--degrees", "1,2") == 0
    assert "12 rows" in capsys.readouterr().out
    assert run(*words, "--out", str(out), "--force", "--rows", "41") == 2
    assert "rows=41 is not a number from 10 to 40" in capsys.readouterr().err
