"""Journeys over the page of a run in a browser: it asks nothing, says nothing, and is read by all."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from rung.core.reading_results import result_from
from rung.report.numbers import interval
from tests.journeys.conftest import Reports

PLAIN = ("regression", "binary", "multiclass", "text")
HOSTILE = ("hostile regression", "hostile classes", "hostile text", "every sink")
EVERY = (*PLAIN, *HOSTILE)
# Of pages that differ in what they are made of; each takes seconds.
AXE = ("regression", "multiclass", "text")
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"
# What is said of three rows of a table is said of all.
FEW_ROWS = "document.querySelectorAll('tbody tr:nth-child(n+4)').forEach(one => one.remove())"
# Words that stand on a page without being cut: none is wider than what holds it.
CUT = """() => [...document.querySelectorAll('svg.plot text, svg.tree text')].filter(text => {
  const own = text.getBoundingClientRect(), box = text.ownerSVGElement.getBoundingClientRect();
  return own.left < box.left - 12 || own.right > box.right + 12;
}).map(text => text.textContent)"""


@pytest.mark.parametrize("name", EVERY)
def test_a_page_asks_for_nothing_and_runs_nothing(name: str, reports: Reports, visit: Any) -> None:
    opened = visit(reports.page(name))
    opened.page.evaluate(OPEN_ALL)
    opened.page.mouse.move(400, 300)
    assert opened.requests == []
    assert opened.errors == []
    assert opened.dialogs == []
    assert opened.page.evaluate("document.scripts.length") == 0


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_strings_are_shown_and_make_no_element(
    name: str, reports: Reports, visit: Any
) -> None:
    page = visit(reports.page(name)).page
    assert "alert(" in page.evaluate("document.body.textContent")
    for forbidden in ("img", "iframe", "object", "base", "link", "input", "template", "noscript"):
        assert page.locator(forbidden).count() == 0
    assert page.evaluate("document.querySelectorAll('[onerror],[onload],[onfocus]').length") == 0
    assert page.evaluate("document.querySelectorAll('meta[http-equiv=refresh]').length") == 0


@pytest.mark.parametrize("name", EVERY)
def test_nothing_is_wider_than_the_screen_or_the_sheet(
    name: str, reports: Reports, visit: Any
) -> None:
    for width in (1280, 360):
        opened = visit(reports.page(name), width=width)
        assert opened.width == width
        opened.page.evaluate(OPEN_ALL)
        assert opened.width == width
        assert opened.page.evaluate(CUT) == []
    # A4 within its margins.
    opened = visit(reports.page(name), width=660, media="print")
    assert opened.width == 660


@pytest.mark.parametrize("name", AXE)
def test_the_rules_of_accessibility_are_kept(name: str, reports: Reports, visit: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    opened = visit(reports.page(name))
    opened.page.evaluate(OPEN_ALL)
    opened.page.evaluate(FEW_ROWS)
    found = axe.run(opened.page)
    assert found.violations_count == 0, found.generate_report()
    opened = visit(reports.page(name), scheme="dark", width=360)
    found = axe.run(opened.page, options={"runOnly": ["color-contrast"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", PLAIN)
def test_numbers_on_the_page_are_those_of_the_results(
    name: str, reports: Reports, visit: Any
) -> None:
    result = result_from(json.loads((reports.folders[name] / "results.json").read_text("utf-8")))
    page = visit(reports.page(name)).page
    shown = page.locator("#numbers ~ table tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.children].map(cell => cell.textContent))"
    )
    scored = sorted((one for one in result.ladder if one.scores), key=lambda one: one.step)
    assert len(shown) == len(scored)
    for entry, cells in zip(scored, shown, strict=True):
        score = (entry.scores or {})[result.metric]
        said = interval(score.mean, score.low, score.high, is_score=True)
        assert cells[0].startswith(entry.title)
        assert f"{said['value']} ± {said['half']}" in re.sub(r"\s+", " ", cells[1])
        assert str(said["range"]) in cells[1]
        assert cells[3].startswith(entry.verdict or "")


@pytest.mark.parametrize("name", PLAIN)
def test_the_keyboard_reaches_the_contents_and_every_part(
    name: str, reports: Reports, visit: Any
) -> None:
    page = visit(reports.page(name)).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip the contents"
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector(':target').id") == "part-answer"
    ways = page.locator("nav.wide a").evaluate_all("links => links.map(link => link.hash.slice(1))")
    there = page.locator("nav.wide a").evaluate_all(
        "links => links.map(link => document.getElementById(link.hash.slice(1)) !== null)"
    )
    assert all(there)
    assert len(set(ways)) == len(ways) > 10


@pytest.mark.parametrize(("width", "shown"), [(1280, "wide"), (360, "narrow")])
def test_the_contents_stand_beside_a_wide_page_and_behind_a_toggle_on_a_narrow_one(
    width: int, shown: str, reports: Reports, visit: Any
) -> None:
    page = visit(reports.page("regression"), width=width).page
    for kind in ("wide", "narrow"):
        assert page.locator(f"nav.{kind}").is_visible() == (kind == shown)
    if shown == "narrow":
        assert not page.locator("nav.narrow ol").first.is_visible()
        page.locator("nav.narrow summary").click()
        assert page.locator("nav.narrow ol").first.is_visible()
        return
    page.evaluate("window.scrollTo(0, 3000)")
    assert page.locator("nav.wide").bounding_box()["y"] == pytest.approx(0, abs=1)


def test_a_page_is_small_and_opens_at_once(
    reports: Reports, visit: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sizes are held; the time depends on what the machine does, and is printed."""
    for name in PLAIN:
        size = reports.page(name).stat().st_size
        assert size <= 1_500_000
        page = visit(reports.page(name)).page
        timing = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
        print(f"{name}: {size:,} bytes, content there after {page.evaluate(timing):.0f} ms")
    assert capsys.readouterr().out.count("bytes") == len(PLAIN)
