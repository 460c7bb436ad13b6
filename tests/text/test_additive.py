"""Additive smoothing against closed forms, and the course's bigram numbers."""

import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.text.additive import ADDED, added_losses, counted_fit, fit_additive, load_additive
from tests.families.text.laws import lines_problem, random_lines, stream_problem
from tests.text.names import course_split, passages_of, read_names


@pytest.mark.parametrize("added", [0.1, 1.0, 3.0])
def test_shares_are_those_of_a_table_of_pairs(added):
    train, other = random_lines(100, 1), random_lines(30, 2)
    table = np.full((9, 9), added)
    np.add.at(table, (train.contexts(1)[:, 0], train.tokens), 1)
    table /= table.sum(axis=1, keepdims=True)
    model = fit_additive(train, 2, added=added, n_tokens=9, first=0)
    expected = np.log(table[other.contexts(1)[:, 0], other.tokens])
    np.testing.assert_allclose(model.predict(other), expected, rtol=1e-12)


def test_without_context_shares_are_those_of_characters():
    train = random_lines(100, 1)
    model = fit_additive(train, 1, added=1.0, n_tokens=9, first=0)
    expected = (np.bincount(train.tokens, minlength=9) + 1) / (train.n_tokens + 9)
    np.testing.assert_allclose(np.exp(model.start(1)[1][0]), expected, rtol=1e-12)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("make", [lines_problem, stream_problem])
def test_the_addend_chosen_is_the_best_on_the_validation_part(make, order):
    problem = make()
    fitted = counted_fit(problem, order)
    losses = added_losses(fitted.model, ADDED, problem.validation)
    assert fitted.settings[0]["added"] == ADDED[int(losses.argmin())]
    scored = problem.validation.is_scored()
    own = -fitted.model.predict(problem.validation)[scored].mean()
    assert own == pytest.approx(losses.min(), rel=1e-12)


@pytest.mark.parametrize(("added", "expected"), [(0.0, 2.4540), (1.0, 2.4546)])
def test_names_scored_on_all_names_they_were_counted_on(added, expected):
    words, vocabulary = read_names()
    every = passages_of(words, vocabulary)
    model = fit_additive(every, 2, added=added, n_tokens=vocabulary.n_tokens, first=0)
    assert -model.predict(every).mean() == pytest.approx(expected, abs=5e-5)


def test_names_counted_on_the_training_names_of_the_course():
    vocabulary, train, validation, _ = course_split()
    model = fit_additive(train, 2, added=1.0, n_tokens=vocabulary.n_tokens, first=0)
    assert -model.predict(validation).mean() == pytest.approx(2.4533, abs=5e-5)


@pytest.mark.parametrize("added", [0.0, -1.0, float("nan"), "1", None])
def test_an_addend_that_is_no_positive_number_is_refused(added):
    model = fit_additive(random_lines(9, 1), 2, added=1.0, n_tokens=9, first=0)
    state = model.to_state()
    forged = State({**state.spec, "added": added}, state.arrays)
    with pytest.raises(BadModelFile, match="added"):
        load_additive(forged, 2)
