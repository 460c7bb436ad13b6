"""Rows that chance makes equal are dealt one by one; copies stay together."""

import numpy as np
import pytest

import rung
from rung.kinds.density.options import DensityOptions
from rung.kinds.density.prepare import prepare
from rung.kinds.density.repeated import APART
from tests.kinds.density.made import stars

OPTIONS = DensityOptions(folds=4)
SHARES = np.full((4, 4), 0.05 / 4) + 0.2 * np.eye(4)


def _pairs(n, seed=0):
    """Draw two columns of four levels that are equal in 85 % of the rows."""
    cells = np.random.default_rng(seed).choice(16, n, p=SHARES.ravel())
    levels = np.array(["east", "north", "south", "west"])
    return {"from": levels[cells // 4], "to": levels[cells % 4]}


def test_a_tree_of_two_categories_reaches_their_entropy():
    found = rung.fit(_pairs(600), families=["dependence_tree"], ledger=False, folds=5)
    truth = float((SHARES * np.log(SHARES)).sum())
    entry = next(one for one in found.result.ladder if one.family == "dependence_tree")
    assert entry.scores["log_density"].mean == pytest.approx(truth, abs=0.15)
    said = {one.code: one.message for one in found.result.findings}
    assert "equal by chance" in said["equal_rows_apart"]
    assert "duplicate_rows" not in said


def test_every_fold_learns_the_rows_that_it_is_judged_by():
    found = prepare(_pairs(600), OPTIONS)
    whole = np.char.add(*(np.array(found.original.strings(name)) for name in ("from", "to")))
    assert set(whole[found.test]) <= set(whole[found.train])
    for split in found.folds.splits:
        here = whole[found.train]
        assert set(here[split.test]) <= set(here[split.train])


def test_rows_keep_their_side_when_the_table_is_shuffled_or_grows():
    first = prepare(_pairs(300), OPTIONS)
    order = np.random.default_rng(1).permutation(300)
    mixed = {name: cells[order] for name, cells in _pairs(300).items()}
    again = prepare(mixed, OPTIONS, first.seal)
    assert set(order[again.file_row[again.test]]) <= set(range(300))
    assert _counts(again) == _counts(first)
    more = {name: [*cells, *_pairs(90, seed=3)[name]] for name, cells in _pairs(300).items()}
    grown = prepare(more, OPTIONS, first.seal)
    assert all(_counts(grown)[row] >= n for row, n in _counts(first).items())
    assert APART in {column.name for column in first.seal.columns}


def _counts(found):
    """Count sealed rows by what they hold."""
    rows = zip(*(found.original.strings(name) for name in ("from", "to")), strict=True)
    whole = ["/".join(row) for row in rows]
    return {row: sum(whole[i] == row for i in found.test) for row in sorted(set(whole))}


def test_rows_of_a_declared_group_and_copies_of_long_rows_stay_together():
    table = _pairs(200) | {"trip": [f"t{i // 2}" for i in range(200)]}
    found = prepare(table, DensityOptions(folds=4, groups="trip"))
    assert not {found.unit[i] for i in found.test} & {found.unit[i] for i in found.train}
    copies = prepare({name: np.tile(cells[:80], 2) for name, cells in stars().items()}, OPTIONS)
    assert APART not in {column.name for column in copies.seal.columns}
