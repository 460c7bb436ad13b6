"""Samples and surprise on the page."""

from dataclasses import replace

import pytest

from rung.kinds.text.options import TextOptions
from rung.report.html import render
from rung.report.sections import words_of
from rung.report.sections.text import LEVELS, shade, shown, summarise_text
from rung.workbench.run import run_ladder
from tests.report.example import regression
from tests.workbench.texts import name_list


@pytest.fixture(scope="module")
def result():
    return run_ladder(name_list(), TextOptions(families=("bigram",))).result


def changed(result, **fields):
    return replace(result, sections={"text": {**result.sections["text"], **fields}})


def test_tables_keep_their_words_and_have_no_samples():
    assert words_of(regression()).units == "rows"
    assert "What each rung writes" not in render(regression())


def test_a_text_brings_the_words_of_its_page(result):
    assert words_of(result).units == "lines"
    assert words_of(changed(result, counted="segments")).units == "segments"


def test_shades_rise_with_bits():
    assert [shade(level) for level in (0.0, *LEVELS)] == [0, 1, 2, 3, 4]


def test_every_character_and_the_end_have_a_cell(result):
    text = result.sections["text"]
    found = summarise_text(text, result)
    for piece, shown_piece in zip(text["surprise"], found["surprise"], strict=True):
        assert [cell["text"] for cell in shown_piece["cells"]] == [*piece["text"], "⏎"]


def test_copies_are_marked_on_the_page(result):
    samples = [{"text": "mari", "copied": 1.0}, {"text": "xo", "copied": 0.0}]
    page = render(changed(result, samples={"bigram": samples}))
    assert '<bdi class="copied">mari</bdi>' in page
    assert "<bdi>xo</bdi>" in page


def test_a_stream_says_how_much_was_copied(result):
    stream = changed(
        result,
        kind="stream",
        counted="segments",
        samples={"bigram": [{"text": "ma\nri", "copied": 0.5}]},
        surprise=[{"text": "a\n", "bits": [0.5, 7.0]}],
    )
    page = render(stream)
    assert "50% of these characters stand so in the training text" in page
    assert "↵" in page


def test_a_hostile_text_cannot_leave_its_place(result):
    evil = "</bdi><script>alert(1)</script>\x1b[31m\u202e"
    samples = {"bigram": [{"text": evil, "copied": 0.0}]}
    surprise = [{"text": evil, "bits": [1.0] * (len(evil) + 1)}]
    page = render(changed(result, samples=samples, surprise=surprise))
    assert "<script" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_line_ends_of_a_text_are_kept_and_controls_are_shown():
    assert shown("a\nb\x07") == "a\nb\\x07"


def test_nothing_speaks_of_rows_or_folds(result):
    page = render(result)
    for word in (" rows", "the folds made", "same folds", "out-of-fold"):
        assert word not in page
