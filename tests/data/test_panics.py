"""Whatever polars raises is one error, and nothing of it is printed."""

import os

import pytest

from rung.data.panics import explained, first_line
from rung.errors import DataError, UnreadableFile


class Panic(BaseException):
    """Stand for what polars raises, which is no Exception."""


def panic():
    with explained("'t' is damaged", "get it again"):
        os.write(2, b"thread panicked at src/lib.rs")
        raise Panic("index out of bounds\nnote: run with a backtrace")


def test_a_panic_is_one_error_and_its_print_is_kept_from_the_terminal(capfd):
    with pytest.raises(UnreadableFile, match="'t' is damaged: index out of bounds; get it again"):
        panic()
    os.write(2, b"later")
    assert capfd.readouterr().err == "later"


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), MemoryError(), DataError("own"), SystemExit(1)]
)
def test_errors_with_a_meaning_of_their_own_pass(error):
    with pytest.raises(type(error)), explained("'t' is damaged", "get it again"):
        raise error


def test_want_of_memory_is_no_damage():
    with pytest.raises(MemoryError), explained("'t' is damaged", "get it again"):
        raise Panic("memory allocation of 10 bytes failed")


def test_an_error_without_words_is_called_by_its_type():
    assert first_line(Panic()) == "Panic"
    assert first_line(Panic("a\nb")) == "a"
