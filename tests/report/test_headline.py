from dataclasses import replace

import pytest

from rung.core.findings import Finding
from rung.core.result import Score
from rung.report.headline import headline, right_in
from tests.report.example import classification, regression


def test_numbers_say_the_typical_error_beside_the_guess_and_the_variance():
    assert headline(regression()).use == (
        "Use linear (ridge): typical error 0.309 dex (RMSE) against 0.641 dex of the constant "
        "guess, explains 77 % of the variance."
    )


def test_classes_say_how_often_it_is_right_beside_the_most_frequent_class():
    assert headline(classification()).use == (
        "Use logistic: right in 97 of 100 against 69 for the most frequent class (log loss 0.071)."
    )


def test_undecided_is_a_word_of_the_second_line_and_what_settles_it_stands_in_the_third():
    found = headline(classification())
    assert "undecided" not in found.use
    assert found.sure.startswith("undecided: ")
    assert found.sure.endswith("the margin is 0.0064.")
    assert found.change == "about 3,200 rows would settle it."
    whole = classification().choice.sentence
    assert f"{found.sure[:-1]}; {found.change[:-1]}" == whole


def test_where_the_constant_is_chosen_no_model_is_recommended():
    base = regression()
    chosen = replace(base, choice=replace(base.choice, family="constant"))
    assert headline(chosen).use == (
        "Use no model yet: nothing here is shown to beat the constant guess (RMSE 0.641 dex)."
    )


def test_a_model_that_explains_nothing_claims_no_share_of_the_variance():
    base = regression()
    entry = base.entry("linear")
    bad = replace(entry, scores={**entry.scores, "r2": Score(-0.1, -0.2, 0.0)})
    ladder = tuple(bad if one.family == "linear" else one for one in base.ladder)
    assert "variance" not in headline(replace(base, ladder=ladder)).use


def test_an_alarm_and_a_partial_run_would_change_it():
    base = replace(regression(), findings=(Finding("leak", "alarm", ("z",), "tells all"),))
    assert headline(base).change == "1 alarm about the data may undo this."
    partial = Finding("partial_run", "warning", (), "this is a partial run: svm was not trained")
    told = headline(replace(base, findings=(partial,))).change
    assert told == "this is a partial run: --resume trains the families that are missing."


@pytest.mark.parametrize(
    ("share", "base", "said"),
    [
        (0.9999, 0.5, "right in 9,999 of 10,000 against 5,000"),
        (0.995, 0.994, "right in 995 of 1,000 against 994"),
        (0.8799, 0.88, "right in 87 of 100 against 88"),
    ],
)
def test_a_classifier_is_never_said_to_be_right_more_often_than_it_is(share, base, said):
    assert right_in(share, base) == said


def test_the_guess_is_the_baseline_and_not_a_family_below_it():
    base = regression()
    below = replace(base.entry("constant"), family="uniform", title="Uniform", step=1)
    worse = replace(below, scores={"rmse": Score(0.9, 0.8, 1.0), "r2": Score(-1, -2, 0)})
    told = headline(replace(base, ladder=(worse, *base.ladder))).use
    assert told == headline(base).use


def test_where_rows_are_not_independent_no_model_is_recommended_until_that_is_answered():
    """The first line must not praise a score that the second line withdraws."""
    alarm = Finding("groups", "alarm", ("subject",), "rows are alike; random folds flatter by .5")
    result = regression()
    warned = replace(result, findings=(*result.findings, alarm))
    use = headline(warned).use
    assert use.startswith("Use no model yet: rows are not independent")
    assert "explains" not in use
    answered = replace(warned, options={**warned.options, "independent": True})
    assert headline(answered).use == headline(result).use


@pytest.mark.parametrize(
    ("title", "said"),
    [("Kneser-Ney n-grams", "Use Kneser-Ney n-grams:"), ("CatBoost", "Use CatBoost:"), ("Naive Bayes", "Use naive Bayes:")],
)  # fmt: skip
def test_a_name_keeps_its_capital_in_the_first_line(title, said):
    base = classification()
    ladder = tuple(
        replace(one, title=title) if one.family == base.choice.family else one
        for one in base.ladder
    )
    assert headline(replace(base, ladder=ladder)).use.startswith(said)
