"""The paragraph of methods says what the run did, and cites what is in its BibTeX."""

import re
from dataclasses import replace

from rung.core.findings import Finding
from rung.core.result import ONE_SPLIT
from rung.report.sections.paper import methods, paper, render
from rung.report.summary import summarise
from tests.report.example import SCRIPT, classification, nasty, regression


def text_of(result):
    return methods(result, summarise(result))


def test_every_number_of_the_methods_is_that_of_the_run():
    said = text_of(regression())
    for words in (
        "4 families of models for lgGF",
        "236 rows were set aside",
        "10-fold cross-validation with the same",
        "an equivalence margin of 0.016 dex in RMSE (set by the default rule)",
        "(RMSE 0.309 ± 0.015 dex, out-of-fold)",
        "its RMSE was 0.314 dex (",
        "interval 0.280 to 0.348",
    ):
        assert words in said


def test_a_claim_is_made_only_where_the_run_makes_it():
    base = regression()
    claims = "shown to lose at most the margin against every rival"
    good = replace(base, choice=replace(base.choice, verdict="as good", is_claim=True))
    assert f"{claims}." in text_of(good)
    withheld = replace(good, choice=replace(good.choice, is_claim=False))
    assert f"{claims}, but an alarm withholds that claim." in text_of(withheld)
    undecided = text_of(classification())
    assert "No family could be shown" in undecided
    assert "inconclusive" in undecided


def test_dependent_rows_are_said():
    alarm = Finding("groups", "alarm", (), "rows are alike", "--groups")
    assert "The rows are not independent" in text_of(replace(regression(), findings=(alarm,)))
    assert "not independent" not in text_of(replace(regression(), findings=()))


def test_one_split_is_no_cross_validation():
    folds = replace(regression().folds, kind=ONE_SPLIT)
    said = text_of(replace(regression(), folds=folds))
    assert "trained once" in said
    assert "cross-validation" not in said


def test_what_is_cited_stands_in_the_bibtex():
    for result in (regression(), classification()):
        data = paper(result, summarise(result))
        cited = set(re.findall(r"\[(\w+)\]", data["methods"]))
        assert cited
        assert cited <= set(re.findall(r"^@\w+\{(\w+),", data["bibtex"], re.MULTILINE))


def test_names_are_escaped():
    assert SCRIPT not in render(paper(nasty(), summarise(nasty())), nasty())
