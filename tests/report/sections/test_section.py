"""A section is one record; the page, the console and results.json need no other file for it."""

import io
from dataclasses import replace
from html import escape

import pytest
from rich.console import Console

from rung.report import sections
from rung.report.html import render
from rung.report.sections.section import Section
from rung.report.summary import summarise
from rung.report.terminal import show
from rung.report.wording import PageWords
from tests.report.example import SCRIPT, regression

PIXELS = Section(
    name="pixels",
    title="Where the {units} are bright",
    position=550,
    render=lambda data, result: f"<p>{escape(data['said'])} of {result.metric}</p>",
    console=lambda data, result: f"{data['said']}, {data['n']} pixels",
    words=lambda data: PageWords(units="images", what="image"),
)


@pytest.fixture
def with_pixels(monkeypatch):
    """Let one more section be found, as a file of the folder or a plugin would be."""
    found = sorted([*sections.discover(), PIXELS], key=lambda section: section.position)
    monkeypatch.setattr(sections, "discover", lambda: tuple(found))
    return replace(regression(), sections={"pixels": {"said": SCRIPT, "n": 9}})


def headings(page):
    return [part.split('"')[0] for part in page.split('<h2 id="')[1:]]


def test_a_section_stands_at_its_position_with_its_data_and_the_words_of_the_page(with_pixels):
    page = render(with_pixels)
    assert headings(page)[1:4] == ["sealed", "pixels", "findings"]
    assert "Where the images are bright" in page
    assert f"<p>{escape(SCRIPT)} of rmse</p>" in page
    assert "236 images were set aside" in page
    assert "on this image" not in summarise(with_pixels)["test"]["openings"]["said"]


def test_a_section_shows_itself_in_the_console(with_pixels):
    stream = io.StringIO()
    show(with_pixels, Console(file=stream, width=80))
    assert stream.getvalue().endswith(
        "Where the images are bright <script>alert(1)</script>, 9 pixels\n"
    )


def test_a_section_without_data_is_not_shown(with_pixels):
    assert "pixels" not in headings(render(replace(with_pixels, sections={})))


def test_data_of_a_section_stand_in_the_results(with_pixels):
    assert with_pixels.to_dict()["sections"] == {"pixels": {"said": SCRIPT, "n": 9}}


def test_data_that_no_section_shows_stay_in_the_results_and_leave_the_page_as_it_is():
    more = replace(regression(), sections={"unknown": [1, 2]})
    assert render(more) == render(regression())
    assert more.to_dict()["sections"] == {"unknown": [1, 2]}


def test_sections_have_names_and_positions_of_their_own():
    found = sections.discover()
    assert len({one.name for one in found}) == len({one.position for one in found}) == len(found)
