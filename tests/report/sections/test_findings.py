from rung.report.sections.findings import MOST_FINDINGS, render
from rung.report.summary import summarise
from tests.report.example import regression


def test_the_first_sixty_findings_stand_on_the_page_and_the_rest_is_counted():
    (finding, *_) = summarise(regression())["findings"]
    page = render([finding] * (MOST_FINDINGS + 7), regression())
    assert page.count('class="finding') == MOST_FINDINGS
    assert "7 more stand in" in page


def test_nothing_found_is_said():
    assert "None." in render([], regression())
