"""What is noticed while a text is read."""

import pytest

from rung.errors import DataError, UsageError
from rung.kinds.text.options import TextOptions
from rung.kinds.text.prepare import prepare_text
from tests.workbench.texts import name_list, story


def codes(prepared):
    return [finding.code for finding in prepared.findings]


def test_lines_are_read_as_lines_with_their_repeats_told():
    prepared = prepare_text([*name_list(), ""], TextOptions())
    assert prepared.kind == "lines"
    assert codes(prepared) == ["duplicate_lines", "blank_lines"]
    assert prepared.seal.kind == "lines"
    assert sum(part.pieces for part in prepared.parts.values()) == 600


def test_the_vocabulary_is_that_of_the_whole_text_for_all_parts():
    lines = [*name_list(), "xyz"]
    vocabulary = prepare_text(lines, TextOptions()).problem.vocabulary
    assert vocabulary.characters == tuple(sorted(set("".join(lines))))


def test_a_stream_keeps_its_line_ends(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text(story())
    prepared = prepare_text(path, TextOptions(reading="text"))
    assert "\n" in prepared.problem.vocabulary.characters
    assert prepared.problem.vocabulary.first == 1
    assert prepared.counted == "segments"


def test_nothing_is_sealed_if_so_asked():
    prepared = prepare_text(name_list(), TextOptions(test_fraction=0.0))
    assert prepared.sealed.n_scored == 0
    assert prepared.seal.kind == "none"
    assert "switched off" in prepared.seal.reason


def test_a_small_list_is_not_sealed_and_that_is_said():
    prepared = prepare_text(sorted(set(name_list(120))), TextOptions())
    assert "nothing_sealed" in codes(prepared)
    assert "fewer than 30 lines" in prepared.seal.reason


def test_frequent_lines_are_told():
    assert "frequent_lines" in codes(prepare_text(["yes", "no"] * 200, TextOptions()))


def test_prose_without_a_word_from_the_user_is_asked_about(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text(story())
    with pytest.raises(UsageError, match=r"625 lines .* or as one text"):
        prepare_text(path, TextOptions())


def test_a_text_that_repeats_itself_leaves_no_part_empty_in_silence():
    with pytest.raises(DataError, match="too few for a"):
        prepare_text(["ab"] * 15 + ["cd"] * 15, TextOptions())
