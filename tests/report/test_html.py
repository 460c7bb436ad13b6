from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.core.history import History, Opened
from rung.core.result import Score
from rung.report.html import render
from rung.report.numbers import clean
from tests.report.example import EXAMPLES, NASTY, classification, nasty, regression

VOID = {"meta", "img", "br", "link", "line", "rect", "circle", "path"}


class Page(HTMLParser):
    """Collect tags, attributes and text, and check that tags nest."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.text += " " if tag in ("td", "th") else ""

    def handle_data(self, data):
        self.text += data

    def named(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module", params=EXAMPLES)
def page(request):
    return Page(render(EXAMPLES[request.param]()))


def test_every_tag_is_closed_in_order(page):
    assert page.tags[0][0] == "html"


def test_no_script_and_nothing_from_outside(page):
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "link", "iframe", "base"})
    for _, attributes in page.tags:
        assert not {"style", "src", "srcset"} & attributes.keys()
        assert attributes.get("href", "#").startswith("#")
        assert not any(name.startswith("on") for name in attributes)


def test_headings_go_down_one_level_at_a_time(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    steps = pairwise(levels)
    assert all(after - before <= 1 for before, after in steps)


def test_tables_have_captions_and_scopes(page):
    assert len(page.named("table")) == len(page.named("caption"))
    assert all("scope" in attributes for attributes in page.named("th"))


def test_pictures_have_a_text_alternative(page):
    images = [attributes for _, attributes in page.tags if attributes.get("role") == "img"]
    assert images
    assert all(attributes["aria-label"] for attributes in images)


def test_language_and_identifiers_are_valid(page):
    assert page.named("html")[0]["lang"] == "en"
    identifiers = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    labels = {attributes.get("aria-labelledby") for _, attributes in page.tags} - {None}
    assert labels <= set(identifiers)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_policy_allows_exactly_the_style_in_the_page(name):
    text = render(EXAMPLES[name]())
    policy = Page(text).named("meta")[1]
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert policy["content"].startswith("default-src 'none'; img-src data:; ")
    assert f"style-src 'sha256-{digest}'" in policy["content"]
    assert "unsafe" not in policy["content"]
    assert "url(" not in style
    assert "@import" not in style


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=80))
def test_no_name_changes_the_structure_of_the_page(name):
    changed = Page(render(regression(name, name)))
    assert [tag for tag, _ in changed.tags] == [tag for tag, _ in Page(render(regression())).tags]
    assert " ".join(clean(name).split()) in " ".join(changed.text.split())


def test_hostile_names_appear_as_text_only():
    text = render(nasty())
    page = Page(text)
    for raw in ("<script", "<img", 'alert(2)">', "\u202e", "\x1b", "\x07"):
        assert raw not in text
    assert text.count("</style>") == 1
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7*7 }}" in page.text
    assert NASTY[-1] in page.text


def test_the_page_is_the_same_in_another_process_with_another_hash_seed():
    code = (
        "import hashlib; from rung.report.html import render; from tests.report.example import nasty;"
        "print(hashlib.sha256(render(nasty()).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert digests == {hashlib.sha256(render(nasty()).encode()).hexdigest() + "\n"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_is_small(name):
    assert len(render(EXAMPLES[name]()).encode()) < 300_000


def test_a_page_of_many_columns_findings_and_classes_is_small():
    base = regression()
    columns = base.dataset.columns * 2000
    result = replace(
        base,
        dataset=replace(base.dataset, columns=columns),
        findings=base.findings * 500,
        classes=tuple(f"class {k}" for k in range(200)),
        test=replace(base.test, confusion=((1.0,) * 200,) * 200),
    )
    text = render(result)
    assert len(text.encode()) < 300_000
    assert "9800 more stand in" in text
    assert "There are 200 classes" in text


def test_the_answer_stands_on_top_and_all_sections_follow(page):
    sections = [
        "ladder",
        "sealed",
        "findings",
        "confusion",
        "leakage",
        "division",
        "reproduce",
        "model-card",
        "paper",
        "words",
    ]
    found = [attributes["id"] for tag, attributes in page.tags if tag == "h2"]
    assert [name for name in found if name != "confusion"] == [
        name for name in sections if name != "confusion"
    ]
    assert found == [name for name in sections if name in found]


def test_the_contents_lead_to_every_part_and_section_twice_and_nowhere_else(page):
    there = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    ways = [attributes["href"][1:] for attributes in page.named("a")]
    assert set(ways) <= there
    headings = {attributes["id"] for tag, attributes in page.tags if tag == "h2"}
    parts = {name for name in there if name.startswith("part-")}
    assert headings | parts | {"question"} == set(ways)
    # Beside the page and, on a narrow screen, above it; the first way skips them.
    assert all(ways[1:].count(name) == 2 for name in set(ways))


def test_terms_are_explained_under_the_heading_of_their_section(page):
    summaries = page.text.index("Equivalence margin")
    assert page.text.index("The ladder", page.text.index("The answer")) < summaries
    assert "The smallest difference that matters: here" in page.text


def test_a_regression_page_says_what_the_result_says():
    text = " ".join(Page(render(regression())).text.split())
    for words in (
        regression().choice.sentence,
        "0.309 ± 0.015 dex",
        "0.294 to 0.324",
        "Naive Bayes: it predicts classes, not values",
        "lgSFR alone explains 99.8% of the target.",
        "236 rows were set aside",
        "0.280 to 0.348",
        "rung fit galaxies.csv --target=lgGF --drop=GASS --folds=10",
        "b1946ac92492d234",
        "lightgbm 4.7.0",
        "penalty 0.1 to 10",
        "How to read this",
    ):
        assert words in text


def test_a_classification_page_shows_confusion_and_says_that_nothing_was_sealed():
    text = " ".join(Page(render(classification())).text.split())
    assert "true \\ predicted GALAXY QSO STAR" in text
    assert "GALAXY 480 96%" in text
    assert "Nothing was sealed: the test would have had only 12 rows" in text
    assert "about 3,200 rows would settle it" in text
    assert "more than 100 times these rows" in text


def test_the_bound_of_the_log_loss_stands_at_the_scores():
    clip = "a row costs at most"
    assert render(classification()).count(clip) == 1  # no sealed test
    by_accuracy = replace(classification(), metric="accuracy")
    assert f"log loss [nats]: {clip}" in render(by_accuracy)
    assert clip not in render(regression())


def test_several_openings_are_called_no_independent_test():
    base = regression()
    earlier = (Opened(1.0, run="mass-run", when="2026-01-31T12:00:00Z"), Opened(0.25, is_here=True))
    text = Page(render(base, History(is_opened=True, earlier=earlier))).text
    assert (
        "opened 3 times on this table, here and elsewhere: 'mass-run' on 2026-01-31; "
        "here (25% of these rows); now"
    ) in " ".join(text.split())
    assert "not an independent test any more" in text


def test_scores_that_are_not_finite_become_dashes():
    base = regression()
    nan = float("nan")
    broken = replace(base.ladder[0], scores={"rmse": Score(nan, nan, nan)}, difference=None)
    text = render(replace(base, ladder=(broken, *base.ladder[1:])))
    words = Page(text).text.split()
    assert "nan" not in words
    assert "no interval" in " ".join(words)


def test_one_scored_family_makes_a_page():
    base = regression()
    only = replace(base.ladder[1], difference=None, verdict="undecided")
    choice = replace(base.choice, leader="linear", margin=0.0, margin_loss=0.0)
    Page(render(replace(base, ladder=(only,), choice=choice)))


def schemes() -> list[dict[str, str]]:
    """Return the colours of the light, the dark and the printed page."""
    style = re.findall(r"<style>(.*?)</style>", render(regression()), re.DOTALL)[0]
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#\w{6});", block)) for block in blocks]


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_has_enough_contrast_in_light_dark_and_print():
    """WCAG 2.2, success criterion 1.4.3: at least 4.5 to 1."""
    assert len(schemes()) == 3
    for colours in schemes():
        for ground in ("paper", "sheet", "code"):
            for ink in ("ink", "soft", "accent", "good", "open", "alarm"):
                assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
        for shade in ("shade-1", "shade-2", "shade-3", "shade-4"):
            assert contrast(colours["ink"], colours[shade]) >= 4.5
        for shade in ("shade-1", "shade-2"):
            assert contrast(colours["soft"], colours[shade]) >= 4.5


def test_marks_have_enough_contrast_with_the_margin_band():
    """WCAG 2.2, success criterion 1.4.11: at least 3 to 1."""
    for colours in schemes():
        for mark in ("accent", "ink", "soft", "seal"):
            assert contrast(colours[mark], colours["band"]) >= 3
            assert contrast(colours[mark], colours["sheet"]) >= 3
