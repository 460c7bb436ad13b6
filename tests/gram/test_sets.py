import numpy as np

from rung.core.folds import partition_folds
from rung.gram.sets import SlotCounts, inner_pairs, training_sets, union_slots
from rung.prep.levels import KeptLevels
from tests.tables import mixed_table, regression

FOLDS = partition_folds(np.arange(60) % 5)
SPLITS = (*range(5), None)


def test_nested_selection_needs_every_pair_of_folds_left_out_once():
    found = training_sets(FOLDS, SPLITS, first_only=False)
    assert len(found) == 1 + 5 + 10
    assert sum(len(tests) for tests in found.values()) == 5 + 5 * 4
    for key, tests in found.items():
        train = np.frombuffer(key, dtype=bool)
        assert not any((train & test).any() for test in tests.values())


def test_the_final_model_alone_needs_the_outer_training_sets():
    assert len(training_sets(FOLDS, (None,), first_only=False)) == 6
    assert len(inner_pairs(FOLDS, 0, first_only=True)) == 1


def test_counts_of_sets_are_sums_over_atoms():
    problem = regression(np.zeros(60), **mixed_table(60))
    counts, mask = SlotCounts(problem, FOLDS), FOLDS.train_mask(2)
    codes = problem.design.codes(FOLDS.atom_rows(mask))
    assert counts.of(mask)[0][:6].tolist() == [(codes[:, 0] == level).sum() for level in range(6)]
    assert SlotCounts(regression(np.zeros(60), numbers=np.ones((60, 1))), FOLDS).of(mask) == []


def test_slots_that_any_set_keeps_are_in_the_union():
    one, other = KeptLevels(np.array([0]), True, False), KeptLevels(np.array([2]), False, True)
    assert union_slots([5], [[one], [other]])[0].tolist() == [True, False, True, True, False]
