"""What a network says of a column depends on the columns before it alone."""

import numpy as np
import pytest

from rung.core.family import State
from rung.density.ordered_network import draw_network, load_network
from rung.errors import BadModelFile


@pytest.fixture
def network():
    found = draw_network([3, 2], 3, (4, 24, 5), np.random.default_rng(0))
    rng = np.random.default_rng(1)
    for name, each in found.weights.items():
        found.weights[name] = each + 0.5 * rng.normal(size=each.shape)
    return found


def _rows(n=6):
    rng = np.random.default_rng(2)
    codes = np.column_stack([rng.integers(0, 3, n), rng.integers(0, 2, n)])
    return rng.normal(size=(n, 3)), rng.normal(size=(n, 3)), codes


def test_no_column_is_told_of_itself_or_of_a_later_one(network):
    scores, residuals, codes = _rows()
    for order, columns in enumerate(network.orders):
        before = network.outputs(order, network.inputs(scores, residuals, codes))
        for place, column in enumerate(columns):
            changed = scores.copy(), residuals.copy(), codes.copy()
            if column < 3:
                changed[0][:, column] += 1
                changed[1][:, column] -= 2
            else:
                changed[2][:, column - 3] = -1
            moved = np.abs(network.outputs(order, network.inputs(*changed)) - before).max(axis=0)
            later = np.isin(network.of_outputs, columns[place + 1 :])
            assert moved[~later].max() == 0
            assert all(moved[network.of_outputs == one].max() > 0 for one in columns[place + 1 :])


def test_every_second_order_is_the_one_before_backwards(network):
    assert (network.orders[1] == network.orders[0][::-1]).all()
    assert (network.orders[2] != network.orders[0]).any()


def test_before_training_numbers_are_nearly_normal_and_levels_alike():
    network = draw_network([4], 1, (2, 16, 8), np.random.default_rng(0))
    z = np.linspace(-2, 2, 9)[:, None]
    codes = np.zeros((9, 1), int)
    outputs = network.outputs(0, network.inputs(z, z, codes))
    normal = -0.5 * z**2 - 0.5 * np.log(2 * np.pi)
    assert network.number_logs(outputs, z) == pytest.approx(normal, abs=0.15)
    assert network.level_logs(outputs)[0] == pytest.approx(np.log(0.25), abs=0.2)


def test_the_density_of_a_number_integrates_to_one(network):
    z = np.linspace(-60, 60, 24_001)
    rows = [np.repeat(one[:1], len(z), axis=0) for one in _rows()]
    outputs = network.outputs(0, network.inputs(*rows))
    logs = network.number_logs(outputs, np.repeat(z[:, None], 3, axis=1))
    assert np.exp(logs).sum(axis=0) * (z[1] - z[0]) == pytest.approx(1, abs=1e-2)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("orders", np.zeros_like, "orders"),
        ("orders", lambda one: one[:0], "orders"),
        ("degrees", lambda one: one + 9, "degrees"),
        ("head.weight", lambda one: one[:, :-1], "head.weight"),
        ("first.bias", lambda one: one * np.inf, "first.bias"),
        ("second.weight", lambda one: one + 1e9, "second.weight"),
    ],
)
def test_a_state_that_is_no_network_is_refused(network, name, change, said):
    state = network.to_state()
    with np.errstate(invalid="ignore"):
        forged = State(state.spec, state.arrays | {name: change(state.arrays[name])})
    with pytest.raises(BadModelFile, match=said):
        load_network(forged, 3, [3, 2])


def test_components_without_number_are_refused(network):
    state = network.to_state()
    with pytest.raises(BadModelFile, match="components"):
        load_network(State({"components": 0}, state.arrays), 3, [3, 2])
