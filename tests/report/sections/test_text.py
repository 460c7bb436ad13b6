"""Samples and surprise on the page."""

from dataclasses import replace

import pytest

from rung.core.result import Surprise, TextSample
from rung.kinds.text.options import TextOptions
from rung.report.html import render
from rung.report.sections.text import LEVELS, shade, shown, summarise_text, wording
from rung.workbench.run import run_ladder
from tests.report.example import regression
from tests.workbench.texts import name_list


@pytest.fixture(scope="module")
def result():
    return run_ladder(name_list(), TextOptions(families=("bigram",))).result


def test_tables_keep_their_words_and_have_no_samples():
    table = regression()
    assert wording(table)["units"] == "rows"
    assert summarise_text(table, {}) is None


def test_shades_rise_with_bits():
    assert [shade(level) for level in (0.0, *LEVELS)] == [0, 1, 2, 3, 4]


def test_every_character_and_the_end_have_a_cell(result):
    found = summarise_text(result, {})
    for piece, shown_piece in zip(result.text.surprise, found["surprise"], strict=True):
        assert [cell["text"] for cell in shown_piece["cells"]] == [*piece.text, "⏎"]


def test_copies_are_marked_on_the_page(result):
    samples = {"bigram": (TextSample("mari", 1.0), TextSample("xo", 0.0))}
    page = render(replace(result, text=replace(result.text, samples=samples)))
    assert '<bdi class="copied">mari</bdi>' in page
    assert "<bdi>xo</bdi>" in page


def test_a_stream_says_how_much_was_copied(result):
    text = replace(
        result.text,
        kind="stream",
        counted="segments",
        samples={"bigram": (TextSample("ma\nri", 0.5),)},
        surprise=(Surprise("a\n", (0.5, 7.0)),),
    )
    page = render(replace(result, text=text))
    assert "50% of these characters stand so in the training text" in page
    assert "↵" in page


def test_a_hostile_text_cannot_leave_its_place(result):
    evil = "</bdi><script>alert(1)</script>\x1b[31m\u202e"
    samples = {"bigram": (TextSample(evil, 0.0),)}
    surprise = (Surprise(evil, (1.0,) * (len(evil) + 1)),)
    page = render(replace(result, text=replace(result.text, samples=samples, surprise=surprise)))
    assert "<script" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_line_ends_of_a_text_are_kept_and_controls_are_shown():
    assert shown("a\nb\x07") == "a\nb\\x07"


def test_nothing_speaks_of_rows_or_folds(result):
    page = render(result)
    for word in (" rows", "the folds made", "same folds", "out-of-fold"):
        assert word not in page
