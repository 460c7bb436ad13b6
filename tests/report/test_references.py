"""What is cited exists: keys, fields, and rung itself as its citation file says."""

import re
from dataclasses import replace

import pytest

from rung.families import discover, known_inputs
from rung.report.references import (
    OF_FAMILIES,
    OF_LIBRARIES,
    RUNG_TITLE,
    WORKS,
    bibtex,
    references_of,
)
from tests.report.example import SCRIPT, classification, nasty, regression
from tests.source import ROOT

KEY = re.compile(r"^@(\w+)\{(\w+),$", re.MULTILINE)


def test_rung_is_cited_as_its_citation_file_says():
    cited = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f'title: "{RUNG_TITLE}"' in cited
    assert 'name: "rung contributors"' in cited


def test_every_key_that_is_named_is_a_work():
    named = {key for works in OF_FAMILIES.values() for key in works} | set(OF_LIBRARIES.values())
    assert named <= WORKS.keys()
    families = {family.name for kind in known_inputs() for family in discover(kind)}
    assert set(OF_FAMILIES) <= families | {"blend"}


@pytest.mark.parametrize("key", WORKS)
def test_a_key_says_author_and_year(key):
    work = WORKS[key]
    surname = work.author.split(",")[0].lower()
    assert key == f"{surname}{work.year}"
    assert all(value for _, value in work.where)


def test_choice_and_leader_are_cited_and_nothing_twice():
    result = regression()
    forest = replace(result, choice=replace(result.choice, family="tree", leader="forest"))
    keys = references_of(forest)
    assert {"breiman1984", "breiman2001", "nadeau2003"} <= set(keys)
    assert "cortes1995" not in keys
    assert len(keys) == len(set(keys))
    assert [key for _, key in KEY.findall(bibtex(forest))] == ["rung", *keys]


def test_families_of_images_are_cited_by_what_stands_on_the_pixels():
    result = regression()
    choice = replace(result.choice, family="scattering_svm", leader="pixel_boosting")
    keys = references_of(replace(result, choice=choice))
    assert {"bruna2013", "cortes1995", "friedman2001"} <= set(keys)


def test_braces_are_balanced_and_no_name_of_the_data_is_in_it():
    for result in (regression(), classification(), nasty()):
        text = bibtex(result)
        assert text.count("{") == text.count("}")
        assert SCRIPT not in text
