import io

import pytest
from rich.console import Console
from rich.table import Table

from rung.cli.lines import WHOLE_LINES, Trimmed, is_unwatched


def test_another_program_gets_whole_lines_without_blanks_at_their_ends():
    out = io.StringIO()
    console = Console(file=Trimmed(out), width=WHOLE_LINES)
    table = Table(box=None)
    table.add_column("Family")
    table.add_column("")
    table.add_row("linear", "")
    console.print(table)
    console.print("word " * 60)
    lines = out.getvalue().splitlines()
    assert [line for line in lines if line.endswith(" ")] == []
    assert len(lines[-1]) == 5 * 60 - 1


@pytest.mark.parametrize("name", ["COLUMNS", "FORCE_COLOR", "TTY_COMPATIBLE"])
def test_a_width_that_was_asked_for_is_kept(monkeypatch, name):
    for each in ("COLUMNS", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(each, raising=False)
    assert is_unwatched(io.StringIO())
    monkeypatch.setenv(name, "72")
    assert not is_unwatched(io.StringIO())
