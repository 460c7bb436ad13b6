"""Groups are found where valleys part them, and none where nothing does."""

import numpy as np
import pytest

from rung.density.gaussians import GaussianMix
from rung.groups import count
from rung.groups.count import _components, _joint_level, _spanning, find_groups
from rung.groups.ridges import ridge_ratios


def _ring(rng, n=300):
    angle = rng.uniform(0, 2 * np.pi, n)
    return np.column_stack([np.cos(angle), np.sin(angle)]) + 0.15 * rng.normal(size=(n, 2))


NONE = {
    "box": lambda rng: rng.random((300, 4)),
    "heavy tails": lambda rng: rng.standard_t(3, size=(300, 3)),
    "skew": lambda rng: np.exp(rng.normal(size=(300, 3))),
    "ring": _ring,
    "bent": lambda rng: np.column_stack(
        [(x := 2 * rng.normal(size=300)), x**2 + rng.normal(size=300)]
    ),
}


def _standard(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)


@pytest.mark.parametrize("shape", NONE)
def test_one_group_of_any_shape_is_no_groups(shape):
    found = find_groups(_standard(NONE[shape](np.random.default_rng(3))))
    assert (found.verdict, found.k, found.low, found.high) == ("none", 1, 1, 1)


def test_a_piece_of_a_ring_is_no_valley_between_its_neighbours():
    """Three pieces of a bend: rows of the middle one are not missing between the others."""
    means = np.array([[0.24, 1.32], [-0.85, 1.15], [-1.24, 0.03]])
    spreads = [(0.24, 0.05), (0.04, 0.04), (0.04, 0.33)]
    covariances = np.array([np.diag(one) for one in spreads])
    mixture = GaussianMix(np.array([0.38, 0.15, 0.47]), means, covariances)
    angle = np.random.default_rng(0).uniform(0.4 * np.pi, 1.1 * np.pi, 400)
    X = 1.35 * np.column_stack([np.cos(angle), np.sin(angle)])
    assert sorted(count._spanning(ridge_ratios(mixture))) == [(0, 1), (1, 2)]
    assert not any(one.level < 0.02 for one in count._valleys(mixture, X).values())


@pytest.mark.parametrize("k", [2, 3, 5])
def test_clear_groups_are_counted_and_their_rows_found(k):
    rng = np.random.default_rng(k)
    truth = rng.integers(0, k, 300)
    X = _standard(
        rng.normal(size=(300, 3)) + 7 * np.eye(5)[truth][:, :3] - 7 * (truth == 4)[:, None]
    )
    if k == 5:
        X[truth == 3] += 4
    found = find_groups(X)
    assert (found.verdict, found.k) == ("groups", k)
    pairs = {
        (a, b)
        for a, b in zip(
            found.labels[found.stability == 1], truth[found.stability == 1], strict=True
        )
    }
    assert len(pairs) <= k + 1
    assert found.sizes == tuple(sorted(found.sizes, reverse=True))
    assert min(found.group_stability) > 0.9


def test_new_rows_are_assigned_or_called_like_none():
    rng = np.random.default_rng(1)
    X = np.concatenate([rng.normal(size=(200, 2)), rng.normal(size=(100, 2)) + 8])
    found = find_groups(X)
    assert found.assign(np.array([[0.0, 0], [8, 8], [30, -30]])).tolist() == [0, 1, -1]
    assert (found.assign(X) == -1).mean() < 0.04


def test_the_same_seed_gives_the_same_groups_and_another_order_of_columns_the_same_number():
    rng = np.random.default_rng(2)
    X = np.concatenate([rng.normal(size=(100, 3)), rng.normal(size=(100, 3)) + 6])
    one, two = find_groups(X, seed=5), find_groups(X, seed=5)
    assert one.labels.tobytes() == two.labels.tobytes()
    assert one.level == two.level
    assert find_groups(X[:, ::-1].copy(), seed=5).k == one.k == 2


def test_rows_that_were_not_searched_are_named_and_assigned(monkeypatch):
    rng = np.random.default_rng(4)
    X = np.concatenate([rng.normal(size=(150, 2)), rng.normal(size=(150, 2)) + 9])
    assert find_groups(X).notes == ()
    monkeypatch.setattr(count, "MOST_FITTED", 60)
    monkeypatch.setattr(count, "MOST_TESTED", 100)
    found = find_groups(X)
    assert (found.k, found.sizes) == (2, (150, 150))
    (note,) = found.notes
    assert note.startswith("groups were looked for in 60 rows of each half and tested on 100 of")
    assert note.endswith("the other; all 300 rows were then assigned")


def test_levels_are_joined_as_fisher_and_bonferroni_do():
    assert _joint_level([0.01]) == pytest.approx(0.02)
    # chi-squared with 6 degrees of freedom beyond -2 * 3 * log(.1), twice
    assert _joint_level([0.1] * 3) == pytest.approx(2 * 0.0317, abs=2e-4)
    assert _joint_level([0.9, 0.9]) == 1.0


def test_the_spanning_edges_are_the_shallowest_and_reach_every_component():
    ratios = np.array([[1, 0.9, 0.1], [0.9, 1, 0.3], [0.1, 0.3, 1]])
    assert _spanning(ratios) == [(0, 1), (1, 2)]
    assert _components(4, [(0, 2), (2, 3)]).tolist() == [0, 1, 0, 0]


def test_an_even_column_is_one_group_though_its_ends_lie_far_apart():
    """Many components stand in a line: its ends are no neighbours, and no valley parts them."""
    X = _standard(np.random.default_rng((5, 2)).random((2000, 1)))
    found = find_groups(X, seed=2)
    assert (found.verdict, found.k, found.level > 0.1) == ("none", 1, True)


def test_a_number_is_not_claimed_where_a_group_is_not_found_again(monkeypatch):
    rng = np.random.default_rng(1)
    groups = ((80, (0, 0)), (60, (6, 0)), (12, (0, 5)), (10, (6, 5)), (8, (3, 9)))
    X = _standard(np.concatenate([rng.normal(size=(n, 2)) + centre for n, centre in groups]))
    found = find_groups(X)
    assert (found.verdict, found.k) == ("groups", 2)
    assert 0.5 < min(found.group_stability) < 0.8
    # were more asked of a group, none would be left: they are shown, and not claimed
    for module in ("stability", "count"):
        monkeypatch.setattr(f"rung.groups.{module}.FOUND_AGAIN", 0.8)
    joined = find_groups(X)
    assert (joined.verdict, joined.k) == ("undecided", 2)
