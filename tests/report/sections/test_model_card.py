"""The model card is answered from the run, or left to a person."""

from dataclasses import replace

from rung.core.findings import Finding
from rung.report.sections.model_card import model_card, render
from rung.report.summary import summarise
from tests.report.example import SCRIPT, classification, nasty, regression

PARTS = ["Question", "Data", "Preparation", "Modelling", "Evaluation", "Deployment", "Ethics"]


def answers(result):
    card = model_card(result, summarise(result))
    assert list(card) == PARTS
    return {one.asked: one.answer for answers in card.values() for one in answers}


def test_numbers_are_those_of_the_run():
    said = answers(regression())
    assert said["RMSE, out-of-fold"] == "0.309 ± 0.015 dex"
    assert said["RMSE on the held-out test set"].startswith("0.314 dex (")
    assert said["RMSE on the held-out test set"].endswith("interval 0.280 to 0.348), 236 rows")
    assert said["With which hyper-parameters?"] == "L2 penalty 0.1 to 10"


def test_a_test_that_was_not_kept_is_none():
    said = answers(classification())
    assert said["log loss on the held-out test set"].startswith("none: the test would have had")


def test_what_no_run_can_know_is_left_open():
    card = model_card(regression(), summarise(regression()))
    assert not any(one.answer for one in card["Ethics"])
    page = render(card, regression())
    n_open = sum(not one.answer for rows in card.values() for one in rows)
    assert page.count("to be answered by you") == n_open >= 10
    assert f"{n_open} questions" in page


def test_columns_that_took_no_part_are_named():
    base = regression()
    columns = [replace(one, role="dropped") for one in base.dataset.columns[:1]]
    result = replace(
        base, dataset=replace(base.dataset, columns=(*columns, *base.dataset.columns[1:]))
    )
    assert base.dataset.columns[0].name in answers(result)["Which columns took no part?"]


def test_names_are_escaped():
    assert SCRIPT not in render(model_card(nasty(), summarise(nasty())), nasty())


def test_rows_that_a_condition_left_out_and_rows_without_a_target_are_both_named():
    unmet = Finding("where", "info", (), "22 of 1,179 rows do not meet 'NUVr > -90'")
    base = regression()
    data = replace(base.dataset, rows_without_target=1)
    result = replace(base, findings=(unmet,), dataset=data)
    said = "22 of 1,179 rows do not meet 'NUVr > -90'; 1 more row has no lgGF"
    assert answers(result)["Which rows took no part?"] == said
    clean = replace(base, findings=(), dataset=replace(base.dataset, rows_without_target=0))
    assert answers(clean)["Which rows took no part?"] == "none"
