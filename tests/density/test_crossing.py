"""Densities climb: on held-out rows those that see what is there are more probable."""

import numpy as np
import pytest

from rung.compute import RunContext
from rung.core.family import Problem
from rung.core.folds import partition_folds
from rung.data import read_table
from rung.families import baseline, discover, find, missing_needs


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Train networks for 40 steps, not 600: the laws know no number."""
    if find("flow", "density") in _trained():
        monkeypatch.setattr("rung.nets.densities.train.STEPS", 40)
        monkeypatch.setattr("rung.nets.densities.train.WIDTH", 32)


def _trained():
    """Return the families that can be trained here."""
    return [one for one in discover("density") if not missing_needs(one)]


def _crossed(columns, n, name, seed=0):
    table = read_table(columns).dataset
    problem = Problem("density", table, np.zeros(n))
    folds = partition_folds(np.arange(n) % 4)
    family = find(name, "density")
    if family not in _trained():
        pytest.skip("pip install 'rung[deep]' adds the networks")
    return family.cross_fit(problem, folds, RunContext(seed, problem, 1)), table, folds


def _mean(columns, n, name):
    fitted, _, _ = _crossed(columns, n, name)
    return np.concatenate(fitted.predictions).mean()


@pytest.fixture(scope="module")
def two_clouds():
    rng = np.random.default_rng(0)
    kind = rng.integers(0, 2, 200)
    x, y = rng.normal(size=(2, 200)) + 6 * np.array([kind, 1 - kind])
    return {"x": x, "y": y}


def test_the_ladder_begins_with_its_baseline():
    families = discover("density")
    assert families[0].name == baseline("density") == "independent"
    assert [one.step for one in families] == sorted(one.step for one in families)


def test_a_mixture_is_likeliest_where_rows_form_two_clouds(two_clouds):
    means = {one.name: _mean(two_clouds, 200, one.name) for one in _trained()}
    assert max(means, key=means.get) == "mixture"
    # of two equal clouds at unit variance: -log 2 - (1 + log 2 pi)
    assert means["mixture"] == pytest.approx(-np.log(2) - 1 - np.log(2 * np.pi), abs=0.25)


@pytest.mark.parametrize(
    "name", ["independent", "gaussian", "dependence_tree", "mixture", "kernel", "flow"]
)
def test_held_out_rows_change_nothing_of_their_models(two_clouds, name):
    one, _, folds = _crossed(two_clouds, 200, name)
    changed = {key: column.copy() for key, column in two_clouds.items()}
    held = folds.splits[0].test
    changed["x"][held] = np.linspace(50, 60, len(held))
    two, _, _ = _crossed(changed, 200, name)
    before, after = one.models[0].to_state(), two.models[0].to_state()
    assert before.spec == after.spec
    assert all(before.arrays[key].tobytes() == after.arrays[key].tobytes() for key in before.arrays)
    assert one.settings[0] == two.settings[0]


@pytest.mark.parametrize(
    "name", ["independent", "gaussian", "dependence_tree", "mixture", "kernel", "flow"]
)
def test_other_units_move_the_log_density_of_every_row_by_one_number(two_clouds, name):
    one, _, _ = _crossed(two_clouds, 200, name)
    other, _, _ = _crossed(two_clouds | {"y": 1000 * two_clouds["y"] + 7}, 200, name)
    moved = np.concatenate(one.predictions) - np.concatenate(other.predictions)
    assert moved == pytest.approx(np.log(1000), abs=1e-6)


def test_a_row_far_from_all_others_costs_a_bounded_number_of_nats(two_clouds):
    far = {name: np.append(column, 1e6) for name, column in two_clouds.items()}
    for name in (one.name for one in _trained()):
        fitted, _, folds = _crossed(far, 201, name)
        held = np.concatenate([split.test for split in folds.splits])
        lost = np.concatenate(fitted.predictions)[held == 200]
        # the log of a share of 1 in 152, and of two Cauchy densities at a million deviations
        assert -80 < lost[0, 0] < -40
