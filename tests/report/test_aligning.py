"""Numbers of a column have their points below each other."""

import re

from hypothesis import given
from hypothesis import strategies as st

from rung.report.aligning import aligned, aligned_table, is_numeric

TAG = re.compile(r"<[^>]*>")


def after_point(cell):
    """Return how wide what follows the whole number is, in the classes of the style sheet."""
    return re.findall(r'class="d(\d)"', str(cell))


@given(st.lists(st.floats(-1e5, 1e5).map(lambda x: f"{x:.{abs(int(x)) % 5}f}"), min_size=1))
def test_every_cell_of_a_column_keeps_its_text_and_gets_the_same_width(texts):
    cells = aligned(texts)
    assert [TAG.sub("", str(cell)) for cell in cells] == texts
    assert len({tuple(after_point(cell)) for cell in cells}) == 1


def test_both_numbers_of_a_pair_are_aligned():
    one, other = map(str, aligned(["56.1 ± 5.5", "7 ± 12.25"]))
    assert one == (
        '56<span class="d2">.1</span> ± <span class="i2">5</span><span class="d3">.5</span>'
    )
    assert TAG.sub("", other) == "7 ± 12.25"
    assert after_point(one) == after_point(other) == ["2", "3"]


def test_a_number_longer_than_the_classes_stays_as_it_is():
    assert str(aligned(["0.123456789"])[0]) == "0.123456789"


def test_words_make_a_column_one_of_names():
    table = {"head": ["a", "b", "c"], "rows": [["<b>", "1", "one row"], ["y", "2", "3"]]}
    shown = aligned_table(table)
    assert [cell["is_number"] for cell in shown["head"]] == [False, True, False]
    assert is_numeric(["95%", "−0.1 to +6.2", "1,200", "2.5e−9"])
    assert not is_numeric(["2020-01-01"])


def test_names_are_left_to_the_template_to_escape():
    shown = aligned_table({"head": ["<i>"], "rows": [["<b>"]]})
    assert type(shown["rows"][0][0]["html"]) is str
