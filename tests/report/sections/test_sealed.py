from rung.report.sections.sealed import render
from rung.report.summary import summarise
from tests.report.example import classification, regression


def test_the_scores_of_all_roles_stand_on_the_sealed_rows():
    page = render(summarise(regression()), regression())
    assert "236 rows were set aside" in page
    assert page.count('role="rowheader"') == len(regression().test.scores) == 3


def test_a_test_that_was_not_sealed_says_why():
    page = render(summarise(classification()), classification())
    assert "Nothing was sealed: <bdi>the test would have had only 12 rows" in page
    assert "<table" not in page
