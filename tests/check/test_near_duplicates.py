from dataclasses import replace

import numpy as np
import pytest

from rung.check.near_duplicates import CHECK, copies_in
from tests.check.made import dataset, looked, seen

RNG = np.random.default_rng(0)
X = RNG.normal(size=(400, 6))
Y = np.tile(RNG.normal(size=400), 2)


def named(matrix: np.ndarray) -> dict[str, np.ndarray]:
    return {f"x{j}": matrix[:, j] for j in range(matrix.shape[1])}


@pytest.mark.parametrize("jitter", [1e-5, 1e-4, 1e-3])
@pytest.mark.parametrize("n_columns", [3, 6])
def test_copies_with_a_jitter_are_an_alarm(jitter: float, n_columns: int) -> None:
    x = X[:, :n_columns]
    twice = np.concatenate([x, x + jitter * RNG.normal(size=x.shape)])
    (found,) = looked(CHECK, seen(Y, **named(twice)))
    assert found.severity == "alarm"
    assert int(found.message.split(" ")[0]) >= 780
    assert "100% of the pairs have the same y" in found.message


@pytest.mark.parametrize("n_columns", [6, 14])
def test_copies_but_for_one_column_are_an_alarm_that_names_it(n_columns: int) -> None:
    twice = np.tile(np.random.default_rng(1).normal(size=(400, n_columns)), (2, 1))
    twice[:, 2] = RNG.normal(size=800)
    (found,) = looked(CHECK, seen(Y, **named(twice)))
    assert found.severity == "alarm"
    assert "and but for 'x2'" in found.message


def test_rows_equal_but_for_their_identifiers_are_told() -> None:
    table = {**named(np.concatenate([X, X[:50]])), "name": RNG.permutation(450) * 1000.0}
    own = dataset(**table).with_roles({"name": "identifier"})
    (found,) = looked(CHECK, replace(seen(**table), dataset=own))
    assert found.message.startswith("50 of 450 rows are equal to another in all but")
    assert found.severity == "info"


def test_honest_rows_are_no_copies_however_dense_or_coarse() -> None:
    rng = np.random.default_rng(2)
    tables = (
        rng.normal(size=(5_000, 3)),
        rng.uniform(size=(5_000, 4)).round(2),
        rng.integers(0, 4, (3_000, 6)).astype(float),
        np.stack(np.meshgrid(*[np.arange(12.0)] * 3), axis=-1).reshape(-1, 3),
        np.cumsum(rng.normal(size=(3_000, 5)), axis=0),
        rng.normal(size=(3_000, 2)),
    )
    for table in tables:
        y = table[:, 0] + table[:, 1]  # neighbours agree, as copies do
        assert looked(CHECK, seen(y, **named(table))) == ()


def test_copies_that_differ_in_the_target_or_are_one_group_are_no_alarm() -> None:
    twice = np.concatenate([X, X + 1e-4 * RNG.normal(size=X.shape)])
    assert looked(CHECK, seen(RNG.normal(size=800), **named(twice))) == ()
    table = {**named(twice), "who": np.tile(np.arange(400.0), 2)}
    own = dataset(**table).with_roles({"who": "group"})
    assert looked(CHECK, replace(seen(Y, **table), dataset=own)) == ()


def test_pairs_are_found_in_any_order_of_rows_and_any_unit() -> None:
    twice = np.concatenate([X, X + 1e-4 * RNG.normal(size=X.shape)])
    order = RNG.permutation(800)
    plain = copies_in(dataset(**named(twice)))[0]
    shuffled = copies_in(dataset(**named(twice[order] * 1e6)))[0]
    assert {tuple(sorted(pair)) for pair in order[shuffled].tolist()} == {
        tuple(pair) for pair in plain.tolist()
    }
    assert len(plain) == 400
