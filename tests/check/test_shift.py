from dataclasses import replace

import numpy as np

from rung.check.shift import CHECK
from rung.core.dataset import Dataset
from tests.check.made import dataset, looked, seen

RNG = np.random.default_rng(0)
X = RNG.normal(size=(1_500, 4))
COLUMNS = {f"x{j}": X[:, j] for j in range(4)}
SEALED = RNG.random(1_500) < 0.2


def test_rows_sealed_by_chance_raise_nothing() -> None:
    for seed in range(20):
        is_sealed = np.random.default_rng(seed).random(1_500) < 0.2
        assert looked(CHECK, replace(seen(**COLUMNS), is_sealed=is_sealed)) == ()


def test_a_column_that_moved_is_named() -> None:
    moved = {**COLUMNS, "year": X[:, 0] + 2.0 * SEALED}
    (found,) = looked(CHECK, replace(seen(**moved), is_sealed=SEALED))
    assert (found.severity, found.columns[0]) == ("warning", "year")


def test_copies_on_one_side_and_groups_sealed_whole_are_no_shift() -> None:
    twice = {name: np.tile(one[:300], 5) for name, one in COLUMNS.items()}
    is_sealed = np.tile(SEALED[:300], 5)
    assert looked(CHECK, replace(seen(**twice), is_sealed=is_sealed)) == ()
    group = np.repeat(np.arange(150.0), 10)
    site = np.repeat(RNG.normal(size=150), 10)
    by_group = np.repeat(SEALED[:150], 10)
    table = dataset(**COLUMNS, group=group, site=site).with_roles({"group": "group"})
    shown = replace(seen(**COLUMNS), dataset=table, is_sealed=by_group)
    assert looked(CHECK, shown) == ()


def test_no_sealed_rows_are_no_shift() -> None:
    assert looked(CHECK, seen(**COLUMNS)) == ()
    assert looked(CHECK, replace(seen(**COLUMNS), is_sealed=np.zeros(1_500, bool))) == ()
    assert isinstance(seen(**COLUMNS).dataset, Dataset)
