"""Terms are explained in the words of the run, and every section names terms that exist."""

from rung.core.metrics import METRICS
from rung.report.sections import discover
from rung.report.summary import summarise
from rung.report.terms import METRIC_TERMS, TERMS, terms_of
from tests.report.example import SCRIPT, classification, nasty, regression


def test_every_term_of_a_section_is_known():
    named = {key for section in discover() for key in section.terms}
    assert named <= {*TERMS, "metric"}


def test_metrics_that_are_explained_exist():
    assert METRIC_TERMS.keys() <= METRICS.keys()


def test_a_term_speaks_of_this_run():
    terms = terms_of(summarise(regression()))
    assert terms["margin"].says.startswith("The smallest difference that matters: here 0.016 dex")
    assert terms["metric"].title == "RMSE"
    assert terms_of(summarise(classification()))["metric"].title == "log loss"
    assert not any("{" in term.says for term in terms.values())


def test_a_unit_with_braces_is_not_filled_in_again():
    terms = terms_of({**summarise(nasty()), "metric": {"key": "", "unit": "{units}", "title": ""}})
    assert "{units}, " in terms["margin"].says
    assert SCRIPT not in terms["interval"].says


def test_a_text_that_was_divided_once_has_no_cross_validation():
    summary = summarise(regression())
    once = {**summary, "folds": {**summary["folds"], "has_one_split": True}}
    assert "cross_validation" in terms_of(summary)
    assert "cross_validation" not in terms_of(once)
