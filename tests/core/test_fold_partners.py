import numpy as np
import pytest

from rung.core.fold_partners import group_folds
from rung.core.folds import partition_folds, time_folds
from rung.errors import NotApplicable


@pytest.mark.parametrize("k", [4, 5, 9, 10, 11])
@pytest.mark.parametrize("n_repeats", [1, 2])
def test_shares_for_a_fold_come_from_models_and_rows_that_know_nothing_of_it(
    k: int, n_repeats: int
) -> None:
    rng = np.random.default_rng(0)
    dealt = np.column_stack([rng.permutation(120) % k for _ in range(n_repeats)])
    folds = partition_folds(dealt)
    grouped = group_folds(folds)
    for i, outer in enumerate(folds.splits):
        inner = grouped.folds.splits[grouped.places[i][0]]
        learning = grouped.rows(i)
        assert np.isin(learning, inner.test).all()
        assert inner.repeat == outer.repeat
        assert len(learning)
        assert not np.intersect1d(outer.test, learning).size
        assert not np.intersect1d(outer.test, inner.train).size
        assert not np.intersect1d(inner.test, inner.train).size
    for i, split in enumerate(grouped.folds.splits):
        for nested in grouped.folds.inner(i):
            assert len(nested.train)
            assert np.isin(nested.train, split.train).all()
            assert np.isin(nested.test, split.train).all()
            assert not np.intersect1d(nested.train, nested.test).size


@pytest.mark.parametrize(("k", "n_models"), [(4, 2), (5, 3), (9, 5), (10, 4), (11, 4)])
def test_folds_taken_out_together_share_their_models(k: int, n_models: int) -> None:
    grouped = group_folds(partition_folds(np.arange(120) % k))
    assert len(grouped.folds.splits) == n_models
    assert {number for number, _ in grouped.places} == set(range(n_models))


def test_what_was_predicted_for_the_rows_of_a_split_is_found_again() -> None:
    grouped = group_folds(partition_folds(np.arange(60) % 5))
    assert [number for number, _ in grouped.places] == [0, 0, 1, 1, 2]
    predictions = [split.test[:, None] for split in grouped.folds.splits]
    for i in range(5):
        assert grouped.of(predictions, i)[:, 0].tolist() == grouped.rows(i).tolist()


def test_two_folds_are_divided_inside_their_training_rows() -> None:
    folds = partition_folds(np.arange(60) % 2, units=np.arange(60) // 2)
    grouped = group_folds(folds)
    assert [number for number, _ in grouped.places] == [0, 1]
    for outer, inner in zip(folds.splits, grouped.folds.splits, strict=True):
        assert np.isin(inner.train, outer.train).all()
        assert np.isin(inner.test, outer.train).all()
        assert not np.intersect1d(inner.train, inner.test).size


@pytest.mark.parametrize("k", [4, 10])
def test_all_rows_are_divided_as_they_were(k: int) -> None:
    folds = partition_folds(np.arange(60) % k)
    grouped = group_folds(folds).folds
    for own, same in zip(grouped.inner(None), folds.inner(None), strict=True):
        assert own.train.tolist() == same.train.tolist()
        assert own.test.tolist() == same.test.tolist()
    assert len(grouped.inner(None)) == k


def test_atoms_add_up_to_the_training_sets_of_groups() -> None:
    folds = group_folds(partition_folds(np.arange(40) % 5)).folds
    for split, mask in zip(folds.splits, folds.in_train, strict=True):
        np.testing.assert_array_equal(folds.atom_rows(mask), split.train)


def test_folds_by_time_are_left_to_themselves() -> None:
    folds = time_folds(np.arange(120) // 10)
    with pytest.raises(NotApplicable, match="four folds"):
        group_folds(folds)


@pytest.mark.parametrize(
    "folds", [partition_folds(np.arange(30) % 3), time_folds(np.arange(48) // 8)]
)
def test_too_few_folds_are_no_ground_for_a_blend(folds: object) -> None:
    with pytest.raises(NotApplicable, match="four folds"):
        group_folds(folds)  # type: ignore[arg-type]
