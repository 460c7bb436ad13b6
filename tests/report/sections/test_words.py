from rung.report.sections.words import render
from rung.report.summary import summarise
from tests.report.example import regression


def test_the_margin_of_this_run_is_explained_in_its_unit():
    page = render(summarise(regression()), regression())
    assert "here 0.016 dex, " in page
