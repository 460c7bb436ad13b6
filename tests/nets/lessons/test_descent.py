import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from rung.errors import UsageError
from rung.nets.lessons.descent import DescentPace, batches, bytes_of_step, compare_descents, descend

GENERATOR = np.random.default_rng(4)
X = GENERATOR.normal(size=(40, 3))
Y = X @ [1.0, -2.0, 0.5] + GENERATOR.normal(0, 0.1, 40)


def line(start: np.ndarray) -> nn.Linear:
    found = nn.Linear(3, 1, bias=False).double()
    with torch.no_grad():
        found.weight.copy_(torch.from_numpy(start)[None, :])
    return found


def tensors() -> tuple[torch.Tensor, torch.Tensor]:
    return torch.from_numpy(X), torch.from_numpy(Y)[:, None]


@pytest.mark.parametrize("rate", [0.01, 0.2])
def test_full_batches_on_a_line_walk_the_closed_form(rate: float) -> None:
    start = np.array([3.0, 1.0, -1.0])
    walked = line(start)
    walk = descend(walked, *tensors(), pace=DescentPace(rate, steps=25))
    best = np.linalg.lstsq(X, Y, rcond=None)[0]
    shrink = np.eye(3) - 2 * rate / len(X) * X.T @ X
    expected = [best + np.linalg.matrix_power(shrink, t) @ (start - best) for t in range(26)]
    np.testing.assert_allclose(walked.weight.detach().numpy()[0], expected[-1], rtol=1e-12)
    losses = [np.mean((X @ w - Y) ** 2) for w in expected]
    np.testing.assert_allclose(walk.step_losses, losses[:-1], rtol=1e-12)
    np.testing.assert_allclose(walk.pass_losses, losses, rtol=1e-12)


def test_gradients_are_those_of_finite_differences() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1)).double()
    weights = [each.detach().clone() for each in network.parameters()]
    rate = 1e-3
    descend(network, *tensors(), pace=DescentPace(rate, steps=1))
    stepped = [each.detach().clone() for each in network.parameters()]
    for place, each in enumerate(network.parameters()):
        for i in range(each.numel()):
            sides = []
            for off in (1e-6, -1e-6):
                with torch.no_grad():
                    for own, first in zip(network.parameters(), weights, strict=True):
                        own.copy_(first)
                    each.view(-1)[i] += off
                    sides.append(float(((network(tensors()[0]) - tensors()[1]) ** 2).mean()))
            slope = (sides[0] - sides[1]) / 2e-6
            moved = (weights[place] - stepped[place]).view(-1)[i] / rate
            assert float(moved) == pytest.approx(slope, rel=1e-6, abs=1e-7)


@given(st.integers(1, 60), st.integers(1, 70), st.integers(0, 99))
def test_each_pass_shows_every_row_once(n_rows: int, size: int, seed: int) -> None:
    per_pass = -(-n_rows // min(size, n_rows))
    pace = DescentPace(steps=2 * per_pass, batch_rows=size, seed=seed)
    shown = [torch.arange(n_rows)[rows].tolist() for rows in batches(n_rows, pace)]
    for turn in (shown[:per_pass], shown[per_pass:]):
        assert sorted(row for rows in turn for row in rows) == list(range(n_rows))


def test_a_small_step_holds_a_share_of_the_bytes() -> None:
    network = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 1)).double()
    walks = compare_descents(network, *tensors(), pace=DescentPace(batch_rows=4), passes=3)
    full, small = walks["full batch"], walks["mini-batch"]
    assert full.bytes_held == 10 * small.bytes_held
    # rows (3 + 1), hidden values before and after the bend, and the errors; eight bytes each
    assert 8 * 4 * (3 + 1 + 16) <= small.bytes_held <= 8 * 4 * (3 + 1 + 16 + 16 + 2)
    assert full.steps == small.steps == 30
    assert full.rows_read == 30 * 40
    assert small.rows_read == 3 * 40
    assert len(small.pass_losses) == 4
    assert len(full.pass_losses) == 31


def test_both_start_at_the_same_place_and_small_steps_are_further_after_equal_passes() -> None:
    torch.manual_seed(1)
    network = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 1)).double()
    before = [each.detach().clone() for each in network.parameters()]
    walks = compare_descents(network, *tensors(), pace=DescentPace(0.02, batch_rows=4), passes=3)
    assert all(map(torch.equal, before, network.parameters()))
    full, small = walks["full batch"].pass_losses, walks["mini-batch"].pass_losses
    assert full[0] == small[0]
    assert small[3] < full[3]


def test_weights_are_not_counted() -> None:
    wide = nn.Linear(3, 1000, bias=False).double()
    assert bytes_of_step(wide, torch.zeros(1, 3).double(), torch.zeros(1, 1000).double()) < 24_100


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"learning_rate": -1.0}, "learning_rate=-1.0 is not a positive number"),
        ({"steps": 0}, "steps=0 is not a whole number"),
        ({"batch_rows": 2.5}, "batch_rows=2.5 is not a whole number"),
    ],
)
def test_what_is_not_accepted_is_named(options: dict, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        DescentPace(**options)


def test_two_ways_need_two_sizes() -> None:
    with pytest.raises(UsageError, match="batch_rows=40 is not below the 40 rows"):
        compare_descents(line(np.zeros(3)), *tensors(), pace=DescentPace(batch_rows=40))
