import numpy as np

from rung.core.dataset import Column, Dataset
from rung.core.family import CrossFit, Family, Problem, State

VALUES = {"x": np.arange(4.0), "w": np.array([1.0, 2.0, 0.5, 4.0])}


def problem(classes: tuple[str, ...] = (), *, role: str = "weight") -> Problem:
    columns = (Column("x", "number"), Column("w", "number", role))
    return Problem("regression", Dataset(columns, VALUES, 4), np.zeros(4), classes)


def test_a_prediction_has_one_column_or_one_for_each_class() -> None:
    assert problem().n_outputs == 1
    assert problem(("a", "b", "c")).n_outputs == 3


def test_weights_are_those_of_the_rows_asked_for_or_ones() -> None:
    rows = np.array([3, 0, 0])
    assert problem().weights(rows).tolist() == [4.0, 1.0, 1.0]
    assert problem(role="feature").weights(rows).tolist() == [1.0, 1.0, 1.0]


def test_a_state_of_a_spec_alone_holds_no_arrays_and_shares_none() -> None:
    first, second = State({"a": 1}), State({"a": 2})
    assert (first.arrays, first.strings) == ({}, {})
    assert first.arrays is not second.arrays


def test_a_family_honours_no_weights_and_asks_for_nothing_unless_it_says_so() -> None:
    family = Family(
        name="a", title="A", step=1, tasks=("regression",), sources=(), final="refit",
        cross_fit=CrossFit, load=lambda _: None,
    )  # fmt: skip
    assert family.weights is False
    assert (family.inputs, family.needs, family.state_version) == ("table", (), 1)
    assert family.most_rows is family.memory is None
