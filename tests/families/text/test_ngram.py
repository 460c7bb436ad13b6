"""Runs of every length."""

import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.families.text import ngram
from rung.families.text.ngram import FAMILY
from rung.text.grams import count_grams
from rung.text.kneser_ney import order_losses
from tests.families.text.laws import PROBLEMS, cross_fitted


@pytest.mark.parametrize("kind", PROBLEMS)
def test_the_longest_run_is_the_best_on_the_validation_part(kind):
    problem = PROBLEMS[kind]()
    (settings,) = cross_fitted(FAMILY, problem).settings
    vocabulary = problem.vocabulary
    grams = count_grams(problem.train, ngram.MOST_ORDERS, vocabulary.n_tokens)
    losses = order_losses(grams, problem.validation, vocabulary.n_predicted)
    assert losses[settings["order"] - 1] == losses.min()


def test_where_longer_runs_are_too_many_that_is_said(monkeypatch):
    problem = PROBLEMS["lines"]()
    few = count_grams(problem.train, 2, problem.vocabulary.n_tokens)
    monkeypatch.setattr(ngram, "count_grams", lambda *_: few)
    fitted = cross_fitted(FAMILY, problem)
    assert fitted.settings[0]["order"] == 2
    assert "runs of more than 2 characters are too many" in fitted.notes[0]


@pytest.mark.parametrize("order", [0, 16, 2.0, None])
def test_an_order_that_cannot_be_is_refused(order):
    state = cross_fitted(FAMILY, PROBLEMS["lines"]()).model.to_state()
    with pytest.raises(BadModelFile, match=r"cannot be counted"):
        FAMILY.load(State({**state.spec, "order": order}, state.arrays))
