import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.nets.optim import AdamW, Pace, clip  # noqa: E402

N_DECAYING = 20


def _values(seed, n_models=3):
    return torch.tensor(np.random.default_rng(seed).normal(size=(n_models, 25)))


def test_each_model_steps_as_torch_would_step_it_alone():
    rates, decays = (1e-2, 1e-2, 3e-3), (0.1, 0.1, 0.0)
    values, slopes = _values(0), _values(1)
    alone = [
        [part.clone().requires_grad_() for part in row.split([N_DECAYING, 5])] for row in values
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
    optimiser = AdamW(values, slopes, N_DECAYING)
    for step in range(5):
        slopes.copy_(_values(step + 1))
        optimiser.step([Pace(rate, decay, step) for rate, decay in zip(rates, decays, strict=True)])
        for own, row, peer in zip(alone, slopes, peers, strict=True):
            for part, slope in zip(own, row.split([N_DECAYING, 5]), strict=True):
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
    optimiser = AdamW(_values(0), _values(1), N_DECAYING)
    optimiser.step([Pace(1e-2, 0.0, 0)] * 3)
    second = optimiser.second[2].clone()
    optimiser.keep(torch.tensor([2]), _values(0, 1), _values(1, 1))
    assert torch.equal(optimiser.second[0], second)
