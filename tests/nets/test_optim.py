import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.nets.optim import AdamW, Pace, clip  # noqa: E402


def _values(seed, n_models=3):
    generator = np.random.default_rng(seed)
    return {
        "first.weight": torch.tensor(generator.normal(size=(n_models, 4, 5))),
        "first.bias": torch.tensor(generator.normal(size=(n_models, 1, 5))),
    }


def test_each_model_steps_as_torch_would_step_it_alone():
    rates, decays = (1e-2, 1e-2, 3e-3), (0.1, 0.1, 0.0)
    parameters = _values(0)
    alone = [
        {name: each[model].clone().requires_grad_() for name, each in parameters.items()}
        for model in range(3)
    ]
    peers = [
        torch.optim.AdamW(
            [
                {"params": [own["first.weight"]], "weight_decay": decay},
                {"params": [own["first.bias"]], "weight_decay": 0.0},
            ],
            lr=rate,
        )
        for own, rate, decay in zip(alone, rates, decays, strict=True)
    ]
    optimiser = AdamW.start(parameters)
    for step in range(5):
        gradients = _values(step + 1)
        paces = [Pace(rate, decay, step) for rate, decay in zip(rates, decays, strict=True)]
        optimiser.step(parameters, gradients, paces)
        for model, peer in enumerate(peers):
            for name, each in alone[model].items():
                each.grad = gradients[name][model].clone()
            peer.step()
    for model, own in enumerate(alone):
        for name, each in own.items():
            assert torch.allclose(parameters[name][model], each, rtol=1e-12, atol=1e-14)


def test_a_long_gradient_is_shortened_and_a_short_one_is_not():
    gradients = _values(1)
    for each in gradients.values():
        each[0] *= 1e-3
    before = {name: each.clone() for name, each in gradients.items()}
    clip(gradients, 1.0)
    lengths = torch.cat([each.flatten(1) for each in gradients.values()], dim=1).norm(dim=1)
    assert all(torch.equal(gradients[name][0], each[0]) for name, each in before.items())
    assert torch.allclose(lengths[1:], torch.ones(2, dtype=torch.float64))


def test_keeping_models_keeps_their_running_means():
    optimiser = AdamW.start(_values(0))
    optimiser.step(_values(0), _values(1), [Pace(1e-2, 0.0, 0)] * 3)
    second = optimiser.second["first.weight"][2].clone()
    optimiser.keep(torch.tensor([2]))
    assert torch.equal(optimiser.second["first.weight"][0], second)
