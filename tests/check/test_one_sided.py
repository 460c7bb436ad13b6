import numpy as np

from rung.check.one_sided import settling_values
from rung.check.rest import ColumnSkills
from tests.check.made import problem

RNG = np.random.default_rng(5)
X = RNG.normal(size=(1_000, 3))
PASSED = (X[:, 0] + RNG.normal(size=1_000) > 0).astype(int)
MARK = np.where((PASSED == 1) & (RNG.random(1_000) < 0.8), "P", RNG.choice(["F", "W"], 1_000))


def table(**more: np.ndarray) -> ColumnSkills:
    columns = {f"x{j}": X[:, j] for j in range(3)}
    return ColumnSkills(problem(PASSED, ("no", "yes"), **columns, **more))


def test_a_value_whose_rows_all_have_one_class_is_found() -> None:
    (found,) = settling_values(table(mark=MARK))
    assert (found.column, found.value, found.answer) == ("mark", "'P'", 1.0)
    assert found.n_rows == found.n_answer == int((MARK == "P").sum())
    assert not found.is_told_by_others
    assert found.elsewhere == np.mean(PASSED[MARK != "P"])


def test_what_the_rest_of_the_table_tells_too_is_said() -> None:
    copy = (PASSED + 0.05 * RNG.normal(size=1_000)).round(3)
    (found,) = settling_values(table(mark=MARK, copy=copy))
    assert found.is_told_by_others


def test_a_missing_cell_and_a_number_that_repeats_can_settle() -> None:
    refund = np.where(MARK == "P", np.nan, X[:, 1])
    exit_code = np.where(MARK == "P", 7.0, X[:, 2])
    found = settling_values(table(refund=refund, exit_code=exit_code))
    assert {(one.column, one.value) for one in found} == {
        ("refund", "a missing cell"),
        ("exit_code", "7"),
    }


def test_few_rows_and_common_answers_settle_nothing() -> None:
    few = np.where((PASSED == 1) & (np.arange(1_000) < 90), "P", "F")
    assert settling_values(table(mark=few)) == ()
    rare = (np.arange(1_000) % 20 == 0).astype(int)
    kind = np.where(np.arange(1_000) % 3 == 0, "a", "b")
    clean = ColumnSkills(problem(rare * (kind == "a"), ("no", "yes"), kind=kind, x=X[:, 0]))
    assert settling_values(clean) == ()


def test_a_value_can_settle_a_quantity() -> None:
    closed = RNG.random(1_000) < 0.3
    y = np.where(closed, 0.0, np.exp(X[:, 0] + RNG.normal(size=1_000)))
    own = ColumnSkills(problem(y, state=np.where(closed, "closed", "open"), x=X[:, 0]))
    (found,) = settling_values(own)
    assert (found.value, found.answer) == ("'closed'", 0.0)
