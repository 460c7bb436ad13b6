import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.check import Seen
from rung.check.duplicate_rows import CHECK, row_codes
from rung.core.dataset import Column, Dataset
from rung.core.family import Problem
from rung.typing import Role

RNG = np.random.default_rng(0)
X = RNG.normal(size=(100, 3))


def table(matrix: np.ndarray, **roles: Role) -> Dataset:
    names = [f"x{j}" for j in range(matrix.shape[1])]
    columns = tuple(Column(name, "number", roles.get(name, "feature")) for name in names)
    return Dataset(columns, {name: matrix[:, j] for j, name in enumerate(names)}, len(matrix))


TWICE = np.vstack([X, X[:7], X[:2]])


def test_repeats_are_counted_with_the_most_frequent_row() -> None:
    (found,) = CHECK.look(Seen(table(TWICE)))
    assert (found.code, found.severity, found.columns) == ("duplicate_rows", "info", ())
    assert found.message == "9 of 109 rows repeat an earlier one; one row stands 3 times"


def test_distinct_rows_raise_nothing() -> None:
    assert CHECK.look(Seen(table(X))) == ()
    assert CHECK.look(Seen(table(X[:0]))) == ()


def test_few_values_that_meet_by_chance_raise_nothing() -> None:
    dice = RNG.integers(0, 6, size=(500, 2)).astype(float)
    assert CHECK.look(Seen(table(dice))) == ()


def test_rows_with_names_of_their_own_are_different_but_row_numbers_are_no_names() -> None:
    n_rows = len(TWICE)
    named = np.column_stack([TWICE, RNG.permutation(n_rows) * 1000.0])
    numbered = np.column_stack([TWICE, np.arange(n_rows)])
    assert CHECK.look(Seen(table(named, x3="identifier"))) == ()
    assert len(CHECK.look(Seen(table(numbered, x3="identifier")))) == 1


def test_dropped_columns_and_the_target_do_not_tell_rows_apart() -> None:
    extra = np.column_stack([TWICE, RNG.normal(size=(len(TWICE), 2))])
    assert len(CHECK.look(Seen(table(extra, x3="dropped", x4="target")))) == 1


def test_repeated_measurements_of_a_quantity_are_no_duplicates() -> None:
    dataset = table(TWICE)
    noise, copy = RNG.normal(size=len(TWICE)), TWICE.sum(axis=1)
    measured = Seen(dataset, problem=Problem("regression", dataset, noise), target="y")
    copied = Seen(dataset, problem=Problem("regression", dataset, copy), target="y")
    assert CHECK.look(measured) == ()
    assert "100% of those for training with the same target" in CHECK.look(copied)[0].message


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_codes_are_equal_exactly_where_rows_are(seed: int) -> None:
    matrix = np.random.default_rng(seed).choice([0.0, -0.0, 1.0, np.nan], size=(60, 3))
    codes, _ = row_codes(table(matrix))
    rows = np.unique(np.nan_to_num(matrix + 0.0, nan=9.0), axis=0, return_inverse=True)[1]
    same = rows.reshape(-1)[:, None] == rows.reshape(-1)[None, :]
    np.testing.assert_array_equal(codes[:, None] == codes[None, :], same)


def test_columns_cannot_trade_places() -> None:
    codes, _ = row_codes(table(np.array([[1.0, 2.0], [2.0, 1.0]])))
    assert codes[0] != codes[1]
