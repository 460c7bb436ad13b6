"""Whole blocks are sealed, and dealt into folds."""

from dataclasses import replace

import numpy as np
import pytest

from rung.core.blocks import BlockGrid
from rung.core.divide import FoldPlan, divide
from rung.core.keys import KeyColumn
from rung.core.placing import Placing, replay_places, seal_places
from rung.errors import DataError

COLUMNS = (KeyColumn("lon", "number"), KeyColumn("lat", "number"))


@pytest.fixture
def placing():
    """A thousand places on the sphere in blocks of 20 degrees."""
    rng = np.random.default_rng(6)
    latitude = np.degrees(np.arcsin(rng.uniform(-1, 1, 1_000)))
    return Placing(BlockGrid(True, 20.0), rng.uniform(-180, 180, 1_000), latitude, COLUMNS)


def test_no_block_is_cut_by_the_seal_and_about_its_share_is_sealed(placing):
    sealing = seal_places(placing, None, fraction=0.2, seed=0)
    block = placing.keys.of_row
    assert not set(block[sealing.is_test]) & set(block[~sealing.is_test])
    assert 0.16 <= sealing.is_test.mean() <= 0.24
    assert (sealing.seal.kind, sealing.seal.cutoff) == ("sphere", 20.0)


def test_rows_stay_sealed_when_the_table_is_shuffled_and_grows(placing):
    sealing = seal_places(placing, None, fraction=0.2, seed=3)
    order = np.random.default_rng(1).permutation(1_000)
    grown = placing.take(np.concatenate([order, order[:300]]))
    again = replay_places(sealing.seal, grown, None)
    assert np.array_equal(again.is_test[:1_000], sealing.is_test[order])


def test_a_seal_of_other_places_is_refused(placing):
    seal = seal_places(placing, None, fraction=0.2, seed=0).seal
    other = replace(placing, grid=BlockGrid(True, 10.0))
    with pytest.raises(DataError, match="blocks of 10 on the sphere by lon, lat"):
        replay_places(seal, other, None)


def test_nothing_is_sealed_where_that_is_asked(placing):
    sealing = seal_places(placing, None, fraction=0, seed=0)
    assert not sealing.is_test.any()
    assert not replay_places(sealing.seal, placing, None).is_test.any()


@pytest.mark.parametrize("buffer", [0.0, 8.0])
def test_folds_of_places_cut_no_block_and_keep_the_buffer(placing, buffer):
    placed = replace(placing, buffer=buffer)
    plan = FoldPlan(5, 1, 0, placing=placed)
    folds = divide(placed.keys, None, plan, times=None, is_grouped=True)
    assert folds.kind == "space"
    block = placed.keys.of_row
    for split in folds.splits:
        assert not set(block[split.test]) & set(block[split.train])
        held = np.zeros(1_000, dtype=bool)
        held[split.test] = True
        assert np.array_equal(split.train, np.flatnonzero(~placed.near(held)))


def test_a_permutation_of_rows_changes_no_fold(placing):
    order = np.random.default_rng(2).permutation(1_000)
    placed = replace(placing, buffer=5.0)

    def folds(one):
        return divide(
            one.keys, None, FoldPlan(5, 1, 0, placing=one), times=None, is_grouped=True
        ).splits

    for one, other in zip(folds(placed), folds(placed.take(order)), strict=True):
        assert set(one.test) == set(order[other.test])
        assert set(one.train) == set(order[other.train])
