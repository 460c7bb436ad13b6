import io

import pytest
from rich.console import Console
from rich.table import Table

from rung.cli.lines import WHOLE_LINES, Trimmed, is_watched, line_width


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


@pytest.fixture(autouse=True)
def nothing_is_asked(monkeypatch):
    for name in ("COLUMNS", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", ["FORCE_COLOR", "TTY_COMPATIBLE"])
def test_a_program_may_ask_for_what_a_terminal_gets(monkeypatch, name):
    assert not is_watched(io.StringIO())
    monkeypatch.setenv(name, "1")
    assert is_watched(io.StringIO())


def test_a_width_that_was_asked_for_is_kept(monkeypatch):
    assert line_width() == WHOLE_LINES
    monkeypatch.setenv("COLUMNS", "72")
    assert line_width() is None
    out = io.StringIO()
    Console(file=Trimmed(out), width=line_width()).print("word " * 60)
    assert {len(line) for line in out.getvalue().splitlines()} == {69, 19}
