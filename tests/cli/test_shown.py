"""No raw warning and no hidden letter reaches the terminal."""

import json
import warnings
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.cli.guard import guarded
from rung.cli.shown import escaped, notes


def noisy():
    for value in (1e300, 1e301):
        np.multiply(np.float64(value), np.float64(1e300))
    warnings.warn("old name", DeprecationWarning, stacklevel=1)
    warnings.warn("no\x1b[2Jend", UserWarning, stacklevel=1)


def test_warnings_are_counted_and_those_about_code_left_out(capfd):
    assert guarded(noisy, ["fit"]) == 0
    assert capfd.readouterr().err.splitlines() == [
        "note: RuntimeWarning: overflow encountered in multiply (2 times)",
        "note: UserWarning: no\\x1b[2Jend",
    ]


def test_warnings_before_an_error_are_told_too(capfd):
    def fails():
        noisy()
        raise MemoryError

    assert guarded(fails, ["fit"]) == 4
    assert capfd.readouterr().err.count("note: ") == 2


@pytest.mark.parametrize("word", ["--quiet", "-q"])
def test_a_quiet_command_is_quiet(capfd, word):
    guarded(noisy, ["fit", word])
    assert capfd.readouterr().err == ""


def test_five_kinds_are_shown_and_the_others_counted():
    lines = notes(Counter({f"UserWarning: {i}": 9 - i for i in range(7)}))
    assert lines[0] == "note: UserWarning: 0 (9 times)"
    assert lines[5:] == ["note: 2 more of this kind; see them with --debug"]


@given(st.text(st.characters(codec="utf-8")))
def test_escaped_json_reads_back_and_shows_no_hidden_letter(text):
    shown = escaped(json.dumps({text: [text]}, ensure_ascii=False, indent=1))
    assert json.loads(shown) == {text: [text]}
    assert all(letter.isprintable() or letter == "\n" or not hidden(letter) for letter in shown)


def hidden(letter):
    import unicodedata

    return unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp")


@pytest.mark.parametrize("letter", ["\x7f", "\x9b", "\u200b", "\u202e", "\u2066", "\U000e0041"])
def test_letters_that_hide_or_turn_text_round_are_written_as_escapes(letter):
    assert letter not in escaped(f'"{letter}"')
    assert json.loads(escaped(f'"{letter}"')) == letter
    assert escaped('"Größe é 漢 😀"') == '"Größe é 漢 😀"'
