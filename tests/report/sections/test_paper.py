"""The paragraph of methods says what the run did, and cites what is in its BibTeX."""

import re
from dataclasses import replace

import numpy as np

import rung
from rung.core.findings import Finding
from rung.core.result import ONE_SPLIT
from rung.report.sections.paper import methods, paper, render
from rung.report.summary import summarise
from tests.report.example import SCRIPT, classification, nasty, regression

QUIET = {"ledger": False, "explain": False}


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


def counted(result):
    """Return the rows that the paragraph says were read, sealed, set aside, and divided."""
    said = text_of(result)
    patterns = (r"; ([\d,]+) rows with", r"([\d,]+) rows were set aside before", r"([\d,]+) more rows, too near",
                r"On the other ([\d,]+) rows")  # fmt: skip
    found = (re.search(pattern, said) for pattern in patterns)
    return [int(one[1].replace(",", "")) if one else 0 for one in found]


def test_rows_that_were_sealed_set_aside_and_divided_add_up_to_those_compared():
    rng = np.random.default_rng(0)
    lon, lat = rng.uniform(0, 10, (2, 400))
    x = rng.normal(size=400)
    table = {"lon": lon, "lat": lat, "x": x, "y": np.sin(lat) + x + rng.normal(size=400)}
    table["y"][::20] = np.nan
    for options in ({"where": "x > -1"}, {"space": ["lon", "lat"], "buffer": 2}):
        found = rung.fit(table, "y", families=["constant"], folds=3, **QUIET, **options).result
        read, sealed, aside, divided = counted(found)
        assert read == sealed + aside + divided < 400
        assert (aside > 0) == ("buffer" in options)
        unmet = [one.message for one in found.findings if one.code == "where"]
        n_unmet = sum(int(message.split(" ")[0]) for message in unmet)
        assert read + found.dataset.rows_without_target + n_unmet == 400
        said = text_of(found)
        assert f"{found.dataset.rows_without_target} more rows have no y" in said
        assert all(message in said for message in unmet)


def test_rows_that_no_fold_holds_out_are_told_from_those_that_are():
    base = regression()
    late = replace(base, folds=replace(base.folds, n_scored=base.folds.n_rows - 7))
    assert f"; {base.folds.n_rows - 7} of them were held out." in text_of(late)
    assert "of them were held out" not in text_of(base)


def test_without_a_sealed_test_no_other_rows_are_spoken_of():
    base = regression()
    closed = replace(
        base, test=replace(base.test, opened=False, n=0, scores=None, reason="too few rows")
    )
    said = text_of(closed)
    assert "No held-out test set was kept (too few rows)." in said
    assert f"On the {base.folds.n_rows} rows all families" in said
