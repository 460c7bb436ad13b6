import pytest
from jinja2 import UndefinedError

from rung.report.filling import fill, style_sheet


def test_what_is_filled_in_is_escaped():
    assert "&lt;b&gt; more stand in" in fill("findings.html.j2", findings=[], n_more="<b>")


def test_a_value_that_is_missing_is_an_error_and_no_gap():
    with pytest.raises(UndefinedError, match="n_more"):
        fill("findings.html.j2", findings=[])


def test_the_style_begins_and_ends_with_a_line_end():
    assert style_sheet() == f"\n{style_sheet().strip()}\n"
