"""Pieces of any shape are parted where rows of the other half are few, and nowhere else."""

import numpy as np
import pytest
from scipy.stats import binom

from rung.groups.count import GroupCount, _is_better, find_groups
from rung.groups.links import Passage, _labels, link, link_into


def _moons(rng, n):
    truth = np.arange(n) % 2
    angle = rng.uniform(0, np.pi, n)
    X = np.column_stack([np.cos(angle), np.sin(angle)]) * np.where(truth, -1, 1)[:, None]
    X += np.where(truth, 1, 0)[:, None] * [1, 0.5] + 0.1 * rng.normal(size=(n, 2))
    return (X - X.mean(axis=0)) / X.std(axis=0), truth


def _ring(rng, n):
    angle = rng.uniform(0, 2 * np.pi, n)
    return np.column_stack([np.cos(angle), np.sin(angle)]) + 0.15 * rng.normal(size=(n, 2))


def test_two_bent_groups_are_counted_and_their_rows_found():
    X, truth = _moons(np.random.default_rng(0), 400)
    found = find_groups(X)
    assert (found.verdict, found.k) == ("groups", 2)
    right = float((found.labels == truth).mean())
    assert max(right, 1 - right) > 0.98
    assert (found.assign(X) == -1).mean() < 0.04


def test_one_ring_is_not_parted_though_some_half_shows_a_gap():
    """The level is at .05 or below in none of 40 rings; the rate allowed is .05."""
    levels = [
        link(X[::2], X[1::2]).level
        for X in (_ring(np.random.default_rng(seed), 200) for seed in range(40))
    ]
    assert np.mean(np.array(levels) <= 0.05) <= 0.05


@pytest.mark.parametrize(("between", "more"), [(0, 0), (2, 0), (2, 1)])
def test_the_level_of_a_passage_is_binomial(between, more):
    dense = (np.array([[-3.0, 0]]), np.array([[3.0, 0], [6.0, 0]]))
    rows = np.array([[-3.0, 0]] * 9 + [[3.0, 0]] * 8 + [[6.0, 0]] * 7 + [[0.0, 0]] * between)
    found = Passage(np.zeros((1, 2)), dense, 1.0).level(rows, more=more)
    few = between + more
    assert found == pytest.approx(
        max(binom.cdf(few, 9 + few, 1 / 2), binom.cdf(few, 15 + few, 1 / 3))
    )


def test_a_dip_to_more_than_seven_tenths_parts_nothing_however_many_rows_show_it():
    dense = (np.array([[-3.0]]), np.array([[3.0]]))
    rows = np.repeat([-3.0, 3.0, 0.0], [1000, 1000, 750])[:, None]
    assert Passage(np.zeros((1, 1)), dense, 1.0).level(rows) == 1.0
    assert Passage(np.zeros((1, 1)), dense, 1.0).level(rows[:-100]) < 1e-10


def test_cuts_inside_cuts_make_a_group_each_and_other_rows_join_the_nearest():
    X = np.array([0.0, 1, 5, 6, 9, 10, 10.4, 2])[:, None]
    cuts = [
        (np.array([2, 3]), np.array([4, 5])),
        (np.array([0, 1]), np.array([2, 3, 4, 5])),
    ]
    assert _labels(X, cuts).tolist() == [0, 0, 1, 1, 2, 2, 2, 0]


def test_components_of_linked_groups_each_belong_to_one_of_them():
    X, truth = _moons(np.random.default_rng(1), 400)
    found = link_into(X, 2)
    mixture, group = found.mixture(np.random.default_rng(0))
    assert sorted(set(group.tolist())) == [0, 1]
    assert float(mixture.weights.sum()) == pytest.approx(1)
    one = float(mixture.weights[group == 0].sum())
    assert one == pytest.approx(float((found.labels == 0).mean()))
    assert abs(np.corrcoef(found.labels, truth)[0, 1]) > 0.95


def test_two_places_of_many_equal_rows_are_two_groups_and_one_is_none():
    rows = np.repeat(np.eye(2), 60, axis=0)
    found = link(rows[::2], rows[1::2])
    assert found.k == 2
    assert found.level < 1e-6
    assert link(rows[:60:2], rows[1:60:2]).level == 1.0
    assert link(rows[51:70], rows).level == 1.0  # too few for two pieces


def test_links_overrule_gaussians_by_groups_alone_unless_those_deny_any():
    none, open_, groups = (
        GroupCount(verdict, k, 1, k, 0.0)
        for verdict, k in (("none", 1), ("undecided", 2), ("groups", 2))
    )
    assert _is_better(groups, none)
    assert _is_better(groups, groups)
    assert _is_better(open_, none)
    assert not _is_better(open_, open_)
    assert not _is_better(open_, groups)
    assert not _is_better(none, none)
