import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.core.blend import blend_weights, pair_folds
from rung.core.folds import partition_folds, time_folds
from rung.errors import NotApplicable


def weigh(predictions: list[np.ndarray], y: np.ndarray, task: str = "regression") -> np.ndarray:
    return blend_weights(predictions, y, weight=np.ones(len(y)), task=task)  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.integers(0, 50))
def test_two_quantities_get_the_closed_form(seed: int) -> None:
    rng = np.random.default_rng(seed)
    y, a, b = rng.normal(size=(3, 80))
    expected = np.clip(((y - b) @ (a - b)) / ((a - b) @ (a - b)), 0, 1)
    found = weigh([a[:, None], b[:, None]], y)
    if 0.02 < expected < 0.98:
        assert found[0] == pytest.approx(expected, abs=1e-6)
    assert found.sum() == pytest.approx(1)


def test_class_shares_lose_no_more_than_any_on_a_grid() -> None:
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 200)
    predictions = [rng.dirichlet(1 + 3 * np.eye(3)[c] * (rng.random() < 0.7)) for c in y]
    first = np.array(predictions)
    second = np.array([rng.dirichlet(1 + 2 * np.eye(3)[c]) for c in y])
    third = np.full((200, 3), 1 / 3)
    found = weigh([first, second, third], y, "multiclass")

    def loss(w: np.ndarray) -> float:
        mixed = w[0] * first + w[1] * second + w[2] * third
        return -float(np.mean(np.log(mixed[np.arange(200), y])))

    grid = [(i, j, 20 - i - j) for i in range(21) for j in range(21 - i)]
    assert loss(found) <= min(loss(np.array(w) / 20) for w in grid) + 1e-4


def test_a_perfect_family_gets_everything() -> None:
    y = np.random.default_rng(1).normal(size=50)
    np.testing.assert_allclose(weigh([y[:, None], np.zeros((50, 1))], y), [1, 0], atol=1e-9)


def test_perfect_families_share_evenly_and_huge_errors_do_no_harm() -> None:
    y = np.array([3.0])
    np.testing.assert_array_equal(weigh([y[:, None], y[:, None]], y), [0.5, 0.5])
    assert weigh([y[:, None], y[:, None] + 1e200], y)[0] == pytest.approx(1)


def test_equal_families_share_and_hopeless_ones_get_nothing() -> None:
    y = np.random.default_rng(1).normal(size=50)
    near = y[:, None] + 0.1
    found = weigh([near, near, y[:, None] + 50], y)
    assert found[2] == 0
    assert found.sum() == pytest.approx(1)


@pytest.mark.parametrize("k", [4, 5, 10])
def test_weights_for_a_fold_never_see_its_rows(k: int) -> None:
    folds = partition_folds(np.random.default_rng(0).permutation(60) % k)
    paired = pair_folds(folds)
    for i, outer in enumerate(folds.splits):
        inner = paired.folds.splits[paired.places[i][0]]
        assert len(paired.rows(i)) == len(folds.inner(i)[0].test)
        assert not np.intersect1d(outer.test, paired.rows(i)).size
        assert not np.intersect1d(outer.test, inner.train).size
        assert not np.intersect1d(inner.test, inner.train).size
    for i, split in enumerate(paired.folds.splits):
        for nested in paired.folds.inner(i):
            assert np.isin(nested.train, split.train).all()
            assert np.isin(nested.test, split.train).all()
            assert not np.intersect1d(nested.train, nested.test).size


def test_folds_that_hold_out_each_other_share_one_training_set() -> None:
    paired = pair_folds(partition_folds(np.arange(40) % 5))
    assert [number for number, _ in paired.places] == [0, 0, 1, 1, 2]
    predictions = [split.test[:, None] for split in paired.folds.splits]
    for i in range(5):
        assert paired.of(predictions, i)[:, 0].tolist() == paired.rows(i).tolist()


def test_atoms_add_up_to_paired_training_sets() -> None:
    paired = pair_folds(partition_folds(np.arange(40) % 5)).folds
    for split, mask in zip(paired.splits, paired.in_train, strict=True):
        np.testing.assert_array_equal(paired.atom_rows(mask), split.train)


@pytest.mark.parametrize(
    "folds", [partition_folds(np.arange(30) % 3), time_folds(np.arange(48) // 8)]
)
def test_too_few_folds_are_no_ground_for_a_blend(folds: object) -> None:
    with pytest.raises(NotApplicable, match="four folds"):
        pair_folds(folds)  # type: ignore[arg-type]
