"""The page of groups says what was found with its numbers, and what was not."""

import base64
import re

import numpy as np
import pytest

from rung.report.groups_page import cautions, finding
from rung.workbench.clusters import cluster


def _table(apart):
    rng = np.random.default_rng(0)
    kind = np.repeat([0, 1], [90, 30])
    return {
        "mass": rng.normal(size=120) + apart * kind,
        "age": rng.normal(size=120),
        "site": np.array(["<north>", "south"])[kind].tolist(),
    }


@pytest.fixture(scope="module")
def two():
    return cluster(_table(9), label="site")


def test_a_page_of_groups_holds_every_number_of_the_finding(two):
    page, found = two.page("<script>"), two.to_dict()
    text = re.sub(r"<[^>]*>", "", re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL))
    text = re.sub(r"\s+", " ", text)
    assert "2 groups (2 to 2)" in text
    assert "Groups are claimed up to a level of 0.02" in text
    for group in found["groups"]:
        assert group["text"].replace(">", "&gt;").replace("<", "&lt;") in text
    one = found["groups"][1]
    assert f"mass {one['differs'][0]['inside']:.2f} (others" in text.replace("−", "-")
    # rows by group and level of the column, in the order of their frequency
    assert "<north>" not in page
    assert found["crossed"]["levels"] == ["<north>", "south"]
    assert found["crossed"]["rows"] == [[90, 0], [0, 30]]
    assert "Adjusted Rand index 1.00 (1.00 to 1.00)" in text
    assert "site took no part: left out as asked" in text
    assert "<script" not in page
    picture = base64.b64decode(page.partition("base64,")[2].partition('"')[0]).decode("utf-8")
    assert "component 1" in picture
    assert two.svg()[:5] == "<?xml"
    assert two._repr_html_().startswith("<svg")


def test_no_groups_make_a_page_with_the_level_and_the_rates():
    page = cluster({name: _table(0)[name] for name in ("mass", "age")}).page("cloud.csv")
    assert "no groups" in page.lower()
    assert "There are none to describe" in page
    assert "one group of any shape" in page
    assert "Rule" not in page


@pytest.mark.parametrize(
    ("verdict", "level", "words"),
    [
        ("groups", 1e-9, "3 is claimed, as at least half"),
        ("undecided", 0.05, "Between the two nothing is claimed; 3 groups would have been"),
        ("undecided", 1e-9, "their number is not. The 3 groups shown here"),
        ("none", 0.4, "So no number of groups is claimed"),
    ],
)
def test_the_finding_says_what_would_have_been_called(verdict, level, words):
    halves = [{"k": k} for k in (3, 3, 4, 3)]
    shown = {"verdict": verdict, "level": level, "k": 3, "halves": halves, "claimed_at": 0.02}
    said = finding(shown)
    assert "called 3, 3, 4 and 3 groups" in said[1]
    assert words in said[1]


def test_groups_that_one_level_makes_are_said_to_repeat_the_column():
    group = {"group": 2, "text": "sex = F", "depth": 1}
    shown = {"k": 2, "groups": [group], "shares": [0.5, 0.25]}
    assert "A level of one category makes group 2" in cautions(shown)[-1]
    assert "The picture holds 75% of the variance" in cautions(shown)[1]
    assert len(cautions({**shown, "groups": []})) == 4


def test_groups_of_linked_rows_are_shown_with_the_level_at_which_they_are_claimed():
    rng = np.random.default_rng(0)
    angle = rng.uniform(0, 2 * np.pi, 400)
    radius = np.where(np.arange(400) % 2, 1.0, 0.2)
    X = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    found = cluster(X + 0.08 * rng.normal(size=X.shape))
    described = found.to_dict()
    assert (described["verdict"], described["k"], described["by_links"]) == ("groups", 2, True)
    page = found.page()
    assert "Groups are claimed up to a level of 0.05" in page
    assert "pieces of rows that single linkage keeps apart" in page
