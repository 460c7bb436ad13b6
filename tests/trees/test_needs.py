import dataclasses

import numpy as np

from rung.core.fold_thinning import thin
from rung.core.folds import partition_folds
from rung.trees.needs import MOST_WORK, needed_by_forest, rows_for_forest
from rung.trees.shared_rows import grounds
from tests.core.test_memory import SIZES


def test_a_forest_takes_fewer_rows_of_wide_tables_and_never_less_than_a_floor():
    wide = dataclasses.replace(SIZES, n_numbers=200, n_columns=300)
    assert rows_for_forest(wide) * wide.n_features <= MOST_WORK
    assert rows_for_forest(dataclasses.replace(wide, n_numbers=10**6, n_columns=10**6)) == 2_000


def test_leaves_beyond_the_bound_of_a_tree_take_no_memory():
    one, other = (
        needed_by_forest(dataclasses.replace(SIZES, n_train=n), 0).held for n in (10**5, 10**7)
    )
    assert one == other


def test_thinned_folds_are_paired_like_whole_ones():
    folds = partition_folds(np.arange(500) % 5)
    found, thinned = grounds(folds), grounds(thin(folds, 200))
    assert [ground.serves for ground in found] == [ground.serves for ground in thinned]
    for whole, part in zip(found, thinned, strict=True):
        assert np.isin(part.train, whole.train).all()
        assert len(part.train) < len(whole.train)


def test_relations_of_numbers_take_room_for_themselves():
    one, other = (needed_by_forest(SIZES, n_related).job for n_related in (0, 10))
    assert other - one == SIZES.matrix(SIZES.n_train, 30)
