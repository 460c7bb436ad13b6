"""Folds whose training rows keep a distance from held-out rows."""

import numpy as np
import pytest

from rung.core.blocks import BlockGrid, coordinates, nearer_than, straight
from rung.core.buffered import buffered_folds
from rung.core.folds import deal, partition_folds
from rung.errors import DataError

BUFFER = 6.0


@pytest.fixture
def world():
    """Rows on the globe, dealt into folds by block."""
    rng = np.random.default_rng(8)
    longitude, latitude = rng.uniform(-180, 180, 900), rng.uniform(-90, 90, 900)
    grid = BlockGrid(True, 30.0)
    distinct, block = np.unique(grid.place(longitude, latitude), axis=0, return_inverse=True)
    block = block.ravel()
    keys = [row.tobytes() for row in distinct]
    sizes = np.bincount(block)
    fold = deal(keys, np.zeros(len(keys), int), sizes, n_folds=5, seed=0)[block]
    points, reach = coordinates(grid, longitude, latitude), straight(grid, BUFFER)
    folds = buffered_folds(
        fold, lambda held: nearer_than(points, held, reach), kind="space", buffer_text="6 degrees"
    )
    return folds, block, points, reach


def distance(points, one, other):
    return np.sqrt(((points[one][:, None] - points[other]) ** 2).sum(axis=2)).min()


def test_no_block_is_cut_by_two_folds_and_every_row_is_held_out_once(world):
    folds, block, _, _ = world
    held = np.concatenate([split.test for split in folds.splits])
    assert np.array_equal(np.sort(held), np.arange(900))
    for split in folds.splits:
        assert not set(block[split.test]) & set(np.delete(block, split.test))


def test_training_rows_keep_the_buffer_from_held_out_rows_in_outer_and_inner_splits(world):
    folds, _, points, reach = world
    for i, split in enumerate(folds.splits):
        assert distance(points, split.train, split.test) >= reach
        for inner in folds.inner(i):
            assert distance(points, inner.train, inner.test) >= reach
            assert np.isin(np.concatenate([inner.train, inner.test]), split.train).all()
    for inner in folds.inner(None):
        assert distance(points, inner.train, inner.test) >= reach


def test_no_more_rows_leave_training_than_are_near(world):
    folds, _, points, reach = world
    for split in folds.splits:
        gone = np.setdiff1d(np.arange(900), np.concatenate([split.train, split.test]))
        assert len(gone) > 20
        for row in gone:
            assert distance(points, np.array([row]), split.test) < reach


def test_folds_of_blocks_hold_about_as_many_rows(world):
    sizes = [len(split.test) for split in world[0].splits]
    assert max(sizes) - min(sizes) <= np.bincount(world[1]).max()


def test_atoms_give_every_training_set(world):
    folds = world[0]
    for i, split in enumerate(folds.splits):
        assert np.array_equal(folds.atom_rows(folds.train_mask(i)), split.train)


def test_without_anything_near_the_folds_are_those_of_a_partition():
    fold = np.arange(40) % 4
    plain = partition_folds(fold)
    folds = buffered_folds(fold, lambda held: held, kind="random", buffer_text="0")
    assert folds.fingerprint == plain.fingerprint
    for split in (None, 0, 3):
        pairs = zip(folds.inner(split), plain.inner(split), strict=True)
        assert all(
            np.array_equal(a.train, b.train) and np.array_equal(a.test, b.test) for a, b in pairs
        )


def test_repeats_are_buffered_each_for_itself():
    place = np.arange(60)
    fold = np.column_stack([place // 20, place % 3])
    folds = buffered_folds(
        fold,
        lambda held: np.abs(place[:, None] - place[held]).min(axis=1) < 1,
        kind="space",
        buffer_text="1",
    )
    assert folds.n_folds == 3
    assert folds.n_repeats == 2
    assert [len(split.train) for split in folds.splits] == [40] * 6


def test_a_buffer_that_leaves_nothing_to_train_on_is_refused():
    with pytest.raises(DataError, match="a buffer of 9 leaves 0 rows"):
        buffered_folds(np.arange(30) % 3, np.ones_like, kind="space", buffer_text="9")


def test_two_folds_have_no_room_for_a_buffer_inside():
    with pytest.raises(DataError, match="needs 3 folds"):
        buffered_folds(np.arange(30) % 2, lambda held: held, kind="space", buffer_text="1")
