"""Lines that look equal are one for the dealing."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from rung.text.alike import as_seen, seen_digests
from rung.text.corpus import encode_lines, survey
from rung.text.vocabulary import to_code_points
from tests.text.test_divide import divided_lines, texts_of, words


def composed(lines: list[str], form: str) -> list[str]:
    marked = [line.replace("a", "\u00e1").replace("e", "\u00e9") for line in lines]
    return [unicodedata.normalize(form, line) for line in marked]


PAIRS = {
    "a blank at the end": lambda lines: (lines, [f"{line} " for line in lines]),
    "a tab at the end": lambda lines: (lines, [f"{line}\t" for line in lines]),
    "accents in one character or two": lambda lines: (
        composed(lines, "NFC"),
        composed(lines, "NFD"),
    ),
    "both": lambda lines: (composed(lines, "NFC"), [f"{one} " for one in composed(lines, "NFD")]),
    "syllables of Korean": lambda lines: (
        [f"{line}\ud55c\uae00" for line in lines],
        [unicodedata.normalize("NFD", f"{line}\ud55c\uae00") for line in lines],
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_lines_that_look_equal_stand_in_one_part_and_are_one_unit(name: str) -> None:
    one, other = PAIRS[name](sorted(set(words(400))))
    vocabulary, division = divided_lines([*one, *other])
    part = {
        line: name
        for name, passages in division.parts.items()
        for line in texts_of(vocabulary, passages)
    }
    assert [part[a] for a in one] == [part[b] for b in other]
    assert division.n_distinct == len(one)
    assert division.n_alike == len({*one, *other}) - len(one)
    assert sum(one.n_units for one in division.parts.values()) == len(one)


def test_lines_that_are_written_plainly_keep_their_digest() -> None:
    lines = ["emma", " ava", "zo\u00e9", "\u6771\u4eac", "\ud55c\uae00", "ava "]
    points = to_code_points("".join(f"{line}\n" for line in lines))
    found = survey(lambda: [points])
    vocabulary = found.vocabulary("lines")
    coded = encode_lines(lambda: [points], found, vocabulary)
    exact = np.arange(6, dtype=np.uint64)
    assert seen_digests(*coded, vocabulary, exact)[:5].tolist() == [0, 1, 2, 3, 4]
    assert seen_digests(*coded, vocabulary, exact)[5] != 5


def test_blanks_inside_and_at_the_beginning_tell_lines_apart() -> None:
    assert as_seen(" a b") == " a b"
    assert as_seen("a b \u00a0\t") == "a b"
