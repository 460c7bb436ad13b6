import numpy as np
import pytest

from rung.core.fold_partners import group_folds
from rung.core.fold_thinning import thin
from rung.core.folds import partition_folds, time_folds
from rung.families.table.linear import FAMILY
from tests.tables import SerialContext, classification, mixed_table, scrambled, state_bytes


def all_folds(n_rows):
    rng = np.random.default_rng(0)
    deals = [rng.permutation(n_rows) % 4 for _ in range(2)]
    once = partition_folds(deals[0])
    return {
        "once": once,
        "twice": partition_folds(np.stack(deals, axis=1)),
        "time": time_folds((np.arange(n_rows) * 8) // n_rows),
        "paired": group_folds(once).folds,
    }


@pytest.mark.parametrize("kind", ["once", "twice", "time", "paired"])
def test_only_training_rows_become_fewer_and_inner_splits_stay_inside_them(kind):
    folds = all_folds(400)[kind]
    thinned = thin(folds, 90)
    assert max(len(split.train) for split in thinned.splits) < 120
    for number, (split, before) in enumerate(zip(thinned.splits, folds.splits, strict=True)):
        np.testing.assert_array_equal(split.test, before.test)
        assert np.isin(split.train, before.train).all()
        mask = thinned.train_mask(number)
        np.testing.assert_array_equal(thinned.atom_rows(mask), split.train)
        for inner in thinned.inner(number):
            assert np.isin(inner.train, split.train).all()
            assert np.isin(inner.test, split.train).all()
            assert not np.isin(inner.test, inner.train).any()
    final = thinned.atom_rows(thinned.train_mask(None))
    for split in thinned.splits:
        assert np.isin(split.train, final).all()
    assert len(final) < len(folds.atom)


def test_small_folds_are_left_as_they_are():
    folds = all_folds(400)["once"]
    assert thin(folds, 300) is folds
    np.testing.assert_array_equal(folds.train_mask(None), np.ones(folds.n_atoms, dtype=bool))


def test_rows_outside_a_thinned_training_set_touch_no_bit_of_its_model():
    rng = np.random.default_rng(1)
    problem = classification(rng.integers(0, 3, 240), 3, **mixed_table(240))
    folds = thin(all_folds(240)["once"], 100)
    before = FAMILY.cross_fit(problem, folds, SerialContext(problem))
    split = folds.splits[0]
    out = np.setdiff1d(np.arange(240), split.train)
    other = scrambled(problem, np.setdiff1d(out, split.test), seed=3)
    after = FAMILY.cross_fit(other, folds, SerialContext(other))
    assert after.predictions[0].tobytes() == before.predictions[0].tobytes()
    assert after.settings[0] == before.settings[0]


def test_the_final_model_learns_from_the_rows_that_were_kept_alone():
    rng = np.random.default_rng(2)
    problem = classification(rng.integers(0, 2, 200), 2, **mixed_table(200))
    folds = thin(all_folds(200)["once"], 80)
    rest = np.setdiff1d(np.arange(200), folds.atom_rows(folds.train_mask(None)))
    other = scrambled(problem, rest, seed=4)
    models = [FAMILY.cross_fit(each, folds, SerialContext(each)).model for each in (problem, other)]
    assert state_bytes(models[0]) == state_bytes(models[1])


def test_twelve_rows_of_four_folds_are_thinned_by_their_number_alone():
    """Training sets of nine rows shall have five: seven of twelve rows are kept."""
    folds = partition_folds(np.arange(12) % 4)
    thinned = thin(folds, 5)
    kept = np.random.default_rng(12).permutation(12) < 7
    assert kept.sum() == 7
    for split, before in zip(thinned.splits, folds.splits, strict=True):
        assert split.train.tolist() == [row for row in before.train if kept[row]]
    assert thinned.atom.tolist() == [2 * (row % 4) + (not kept[row]) for row in range(12)]
    assert thinned.usable.tolist() == [True, False] * 4
    assert thinned.in_train[1].tolist() == [True, False, False, False, True, False, True, False]
    assert thin(folds, 9) is folds
