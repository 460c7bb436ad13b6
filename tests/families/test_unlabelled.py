from dataclasses import replace

import numpy as np

from rung.families.unlabelled import has_unlabelled, lay_together
from rung.testing import example_problem
from rung.testing.problems import with_texts


def test_rows_without_a_target_stand_behind_those_with_one():
    problem = example_problem("multiclass")
    rest = example_problem("multiclass", seed=3, n_rows=30).design
    both = lay_together(replace(problem, unlabelled=rest))
    assert both.extra.tolist() == list(range(96, 126))
    design = both.problem.design
    assert np.array_equal(design.numbers(np.arange(96)), problem.design.numbers(), equal_nan=True)
    assert np.array_equal(design.numbers(both.extra), rest.numbers(), equal_nan=True)
    assert np.array_equal(design.codes(both.extra), rest.codes())


def test_weights_and_texts_are_left_out():
    both = lay_together(with_texts(example_problem("binary")))
    assert both.alone.design.weight is None
    assert both.alone.design.text_columns == ()
    assert both.alone.design.number_names == example_problem("binary").design.number_names


def test_more_rows_than_asked_for_are_drawn_evenly():
    problem = example_problem("binary")
    rest = problem.design.take(np.arange(90))
    both = lay_together(replace(problem, unlabelled=rest), most=9)
    drawn = both.problem.design.numbers(both.extra)[:, 0]
    assert drawn.tolist() == rest.numbers(np.arange(0, 90, 10))[:, 0].tolist()


def test_a_problem_without_such_rows_suits_nobody_who_needs_them():
    problem = example_problem("binary")
    assert not has_unlabelled(problem)
    assert has_unlabelled(replace(problem, unlabelled=problem.design))
    assert len(lay_together(problem).extra) == 0
