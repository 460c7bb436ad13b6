import numpy as np
import pytest

from rung.core.family import Problem
from rung.prep.held_loss import held_loss
from tests.tables import classification, regression

X = np.zeros((4, 1))
WEIGHT = np.array([1.0, 2.0, 0.0, 1.0])
ROWS = np.array([1, 2, 3])


@pytest.mark.parametrize(("loss", "power"), [("squared_error", 2), ("absolute_error", 1)])
def test_values_lose_by_the_loss_of_the_run(loss, power):
    base = regression([0.0, 1.0, 2.0, 3.0], numbers=X, weight=WEIGHT)
    problem = Problem(base.task, base.design, base.y, (), loss)
    outputs = np.array([[4.0], [9.0], [1.0]])
    assert held_loss(problem, ROWS, outputs) == 2 * 3**power + 2**power


def test_classes_lose_by_log_loss_or_by_wrong_labels():
    base = classification([0, 1, 2, 0], 3, numbers=X, weight=WEIGHT)
    outputs = np.array([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1], [0.8, 0.1, 0.1]])
    expected = -2 * np.log(0.25) - np.log(0.8)
    assert held_loss(base, ROWS, outputs) == pytest.approx(expected, rel=1e-15)
    by_label = Problem(base.task, base.design, base.y, base.classes, "zero_one")
    assert held_loss(by_label, ROWS, outputs) == 2.0


def test_rows_that_all_weigh_nothing_count_the_same():
    problem = regression([0.0, 1.0], numbers=X[:2], weight=np.zeros(2))
    assert held_loss(problem, np.arange(2), np.full((2, 1), 3.0)) == 13.0


def test_a_loss_too_large_for_a_number_is_infinite():
    problem = regression([1e300, 1e300], numbers=X[:2], weight=np.array([1.0, 0.0]))
    assert held_loss(problem, np.arange(2), np.zeros((2, 1))) == np.inf


def test_a_probability_that_was_rounded_to_nothing_is_a_bad_guess_and_no_infinite_one():
    problem = classification([0, 1, 0], 2, numbers=np.zeros((3, 1)))
    outputs = np.array([[0.0, 1.0], [0.0, 1.0], [0.5, 0.5]])
    found = held_loss(problem, np.arange(3), outputs)
    assert found == pytest.approx(-np.log(1e-15) - np.log(0.5))
