import io

import pytest

from rung.cli import stopping


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "wanted"), [("y\n", True), ("Yes\n", True), ("\n", False)])
def test_at_a_terminal_the_answer_decides(monkeypatch, typed, wanted):
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    monkeypatch.setattr("sys.stderr", Terminal())
    assert stopping.wants_partial() is wanted


def test_a_second_interrupt_means_no(monkeypatch):
    class Interrupted(Terminal):
        def readline(self, *_):
            raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin", Interrupted())
    monkeypatch.setattr("sys.stderr", Terminal())
    assert stopping.wants_partial() is False


def test_nobody_is_asked_where_nobody_looks(monkeypatch):
    asked = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    monkeypatch.setattr("sys.stderr", asked)
    assert stopping.wants_partial() is False
    assert asked.getvalue() == ""
