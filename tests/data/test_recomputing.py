import numpy as np

from rung.core.dataset import Column
from rung.data.computing import Cells
from rung.data.recomputing import Expressions, make_again, tell_outside

A, B = Column("a", "number", sentinels=(-9.0,)), Column("b", "number")
ASKED = Expressions(
    ("c = a - b", "d = c * 2", "e = b + 1"), (A, B), "a > 0", (Column("a", "number"),)
)


def test_a_model_keeps_only_what_its_features_and_its_condition_need():
    assert ASKED.of(["d"]).definitions == ("c = a - b", "d = c * 2")
    assert ASKED.of(["e"]).parents == (B,)
    assert ASKED.of(["a"]).definitions == ()


def test_makers_are_found_over_other_made_columns():
    assert ASKED.makers("d") == {"a", "b", "c"}
    assert ASKED.makers("a") == frozenset()


def test_columns_are_made_in_their_order():
    given = {"a": Cells("number", np.array([3.0])), "b": Cells("number", np.array([1.0]))}
    made = ASKED.make(given, 1)
    assert [float(made[name].values[0]) for name in "cde"] == [2.0, 4.0, 2.0]


def test_a_made_column_that_stands_in_new_rows_is_not_looked_at_and_that_is_said():
    told = []
    cells = {"a": np.array([3.0]), "b": np.array([1.0])}
    made = make_again(ASKED, ["a", "b", "c"], lambda one: cells[one.name], told.append, n_rows=1)
    assert made["c"].tolist() == [2.0]
    assert [one.columns for one in told] == [("c",)]


def test_rows_outside_the_condition_of_training_are_counted_missing_ones_too():
    told = []
    cells = {"a": np.array([3.0, -1.0, np.nan]), "b": np.ones(3)}
    tell_outside(ASKED, ["a", "b"], lambda one: cells[one.name], told.append, n_rows=3)
    assert told[0].message.startswith("2 of 3 rows do not meet 'a > 0'")


def test_where_a_column_of_the_condition_is_absent_nothing_is_claimed():
    told = []
    tell_outside(ASKED, ["b"], lambda one: np.ones(1), told.append, n_rows=1)
    assert told == []
