"""Words of a command line are quoted for a shell and safe on a page."""

import pytest

from rung.report.command import quoted


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("--target=y", "--target=y"),
        ("--drop=x y", "'--drop=x y'"),
        ("it's", "'it'\"'\"'s'"),
        ("a\x1b[31m", "$'a\\u001b[31m'"),
        ("\u202e'\\", "$'\\u202e\\'\\\\'"),
        ("\U000e0001", "$'\\U000e0001'"),
    ],
)
def test_a_word_is_quoted_so_that_no_hidden_letter_stands_on_a_page(word, said):
    assert quoted(word) == said
