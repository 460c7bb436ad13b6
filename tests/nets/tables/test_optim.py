import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.nets.tables.flat import FlatLayout  # noqa: E402
from rung.nets.tables.optim import Optimiser, StepPace, clip  # noqa: E402
from rung.nets.tables.shapes import NetworkShape  # noqa: E402
from rung.nets.training.orthogonal import orthogonalise  # noqa: E402

LAYOUT = FlatLayout.of(NetworkShape(3, 4, 1, n_blocks=1, n_members=2))
N_DECAYING, REST = LAYOUT.n_decaying, LAYOUT.size - LAYOUT.n_decaying


def _values(seed, n_models=3):
    return torch.tensor(np.random.default_rng(seed).normal(size=(n_models, LAYOUT.size)))


def test_each_model_steps_as_torch_would_step_it_alone():
    rates, decays = (1e-2, 1e-2, 3e-3), (0.1, 0.1, 0.0)
    values, slopes = _values(0), _values(1)
    alone = [
        [part.clone().requires_grad_() for part in row.split([N_DECAYING, REST])] for row in values
    ]
    peers = [
        torch.optim.AdamW(
            [
                {"params": [own[0]], "weight_decay": decay},
                {"params": [own[1]], "weight_decay": 0.0},
            ],
            lr=rate,
        )
        for own, rate, decay in zip(alone, rates, decays, strict=True)
    ]
    optimiser = Optimiser(values, slopes, LAYOUT)
    for step in range(5):
        slopes.copy_(_values(step + 1))
        optimiser.step(
            [StepPace(rate, decay, step) for rate, decay in zip(rates, decays, strict=True)]
        )
        for own, row, peer in zip(alone, slopes, peers, strict=True):
            for part, slope in zip(own, row.split([N_DECAYING, REST]), strict=True):
                part.grad = slope.clone()
            peer.step()
    for own, row in zip(alone, values, strict=True):
        assert torch.allclose(row, torch.cat(own), rtol=1e-12, atol=1e-14)


def test_a_long_slope_is_shortened_and_a_short_one_is_not():
    slopes = _values(1)
    slopes[0] *= 1e-3
    before = slopes.clone()
    clip(slopes, 1.0)
    assert torch.equal(slopes[0], before[0])
    assert torch.allclose(slopes[1:].norm(dim=1), torch.ones(2, dtype=torch.float64))


def test_keeping_models_keeps_their_running_means():
    optimiser = Optimiser(_values(0), _values(1), LAYOUT)
    optimiser.step([StepPace(1e-2, 0.0, 0)] * 3)
    second = optimiser.second[2].clone()
    optimiser.keep(torch.tensor([2]), _values(0, 1), _values(1, 1))
    assert torch.equal(optimiser.second[0], second)


def test_muon_moves_large_directions_of_a_matrix_alike_and_small_ones_less():
    values, slopes = torch.zeros(2, LAYOUT.size), _values(1, 2).float()
    Optimiser(values, slopes.clone(), LAYOUT).step(
        [StepPace(0.1, 0.0, 0, orthogonal=2), StepPace(0.1, 0.0, 0)]
    )
    for place, shape in LAYOUT.matrices:
        step = values[0, place].view(shape)
        sizes = torch.linalg.svdvals(step)
        # Two iterations bring singular values from .15 of the length on between .7 and 1.2.
        wanted = 0.1 * 0.2 * max(shape) ** 0.5
        down = -slopes[0, place].view(shape)
        before = torch.linalg.svdvals(down)
        is_large = before > 0.15 * torch.linalg.vector_norm(before)
        assert bool((sizes > 0.6 * wanted).sum() >= is_large.sum())
        assert bool((sizes < 1.25 * wanted).all())
        theirs = torch.linalg.svd(down)
        k = min(shape)
        polar = theirs[0][:, :k] @ theirs[2][:k]
        assert float((step * polar).sum()) > 0.7 * wanted * k
    # Heads and shifts of both models step as AdamW does: by the rate at first.
    others = values[:, LAYOUT.n_matrices :]
    assert torch.allclose(others.abs(), torch.full_like(others, 0.1), rtol=1e-3)


def test_steps_of_muon_are_those_written_out():
    """Nesterov's momentum, decay apart from the slope, and the size of AdamW's steps."""
    rate, decay, momentum = 0.03, 0.4, 0.95
    values = _values(0, 1)
    wanted, means = values.clone(), torch.zeros_like(values)
    slopes = torch.empty_like(values)
    optimiser = Optimiser(values, slopes, LAYOUT)
    for step in range(4):
        slopes.copy_(_values(step + 1, 1))
        means = momentum * means + (1 - momentum) * slopes
        for place, shape in LAYOUT.matrices:
            ahead = (1 - momentum) * slopes[0, place] + momentum * means[0, place]
            matrix = ahead.view(1, *shape)
            is_tall = shape[0] > shape[1]
            turned = orthogonalise(matrix.mT, 2).mT if is_tall else orthogonalise(matrix, 2)
            moved = rate * 0.2 * max(shape) ** 0.5 * turned.flatten()
            wanted[0, place] = (1 - rate * decay) * wanted[0, place] - moved
        optimiser.step([StepPace(rate, decay, step, orthogonal=2)])
    matrices = slice(LAYOUT.n_matrices)
    assert torch.allclose(values[:, matrices], wanted[:, matrices], rtol=1e-9)


def test_models_of_different_iterations_step_as_if_alone():
    paces = [StepPace(0.1, 0.2, 0, orthogonal=count) for count in (2, 5, 2, 0)]
    together = _values(0, 4)
    Optimiser(together, _values(1, 4), LAYOUT).step(paces)
    for model, pace in enumerate(paces):
        alone = _values(0, 4)[model : model + 1].clone()
        Optimiser(alone, _values(1, 4)[model : model + 1].clone(), LAYOUT).step([pace])
        assert torch.allclose(together[model], alone[0], rtol=1e-12)
    apart = _values(0, 1)
    Optimiser(apart, _values(1, 1), LAYOUT).step([StepPace(0.1, 0.2, 0, orthogonal=5)])
    same = _values(0, 1)
    Optimiser(same, _values(1, 1), LAYOUT).step([StepPace(0.1, 0.2, 0, orthogonal=2)])
    assert not torch.equal(apart, same)


def test_a_model_stepped_by_muon_changes_nothing_for_its_neighbour():
    paces = [StepPace(0.1, 0.2, 0), StepPace(0.3, 0.1, 0, orthogonal=2)]
    together, alone = _values(0, 2), _values(0, 2)[:1].clone()
    Optimiser(together, _values(1, 2), LAYOUT).step(paces)
    Optimiser(alone, _values(1, 2)[:1].clone(), LAYOUT).step(paces[:1])
    assert torch.equal(together[:1], alone)


def test_the_size_of_a_step_by_muon_is_that_of_the_step():
    values = _values(0, 2)
    before, optimiser = values.clone(), Optimiser(values, _values(1, 2), LAYOUT)
    paces = [StepPace(0.01, 0.0, 0, orthogonal=2)] * 2
    optimiser.step(paces)
    weights = slice(N_DECAYING)
    moved = (values - before)[:, weights].norm(dim=1) / values[:, weights].norm(dim=1)
    said = torch.tensor(optimiser.step_sizes([StepPace(0.01, 0.0, 1, orthogonal=2)] * 2))
    assert torch.allclose(said.double(), moved, rtol=0.3)
