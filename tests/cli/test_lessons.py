from pathlib import Path

import pytest

from rung.cli import main


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    return int(stopped.value.code or 0)


def test_a_curve_is_drawn_from_the_shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "t.csv"
    table.write_text("t,height\n" + "".join(f"{i},{abs(i - 10)}\n" for i in range(20)))
    out = tmp_path / "c.svg"
    words = (
        "curve",
        str(table),
        "--x-column",
        "t",
        "--y-column",
        "height",
        "--relus",
        "1,2",
        "--steps",
        "20",
    )
    assert run(*words, "--out", str(out)) == 0
    said = capsys.readouterr().out
    assert "mean squared error" in said
    assert f"the picture is {out}" in said.replace("\n", " ")
    assert out.read_text("utf-8").count("ReLU") == 2
    assert run(*words, "--out", str(out)) == 2
    assert "--force" in capsys.readouterr().err


def test_a_descent_is_drawn_from_the_shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "d.svg"
    assert run("descent", "--passes", "1", "--batch-rows", "250", "--out", str(out)) == 0
    assert "full batch" in capsys.readouterr().out
    assert run("descent", "--batch-rows", "2000", "--out", str(tmp_path / "e.svg")) == 2
    assert "2000 is not below the 1000 rows" in capsys.readouterr().err
