import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.nets.tables.layers import forward  # noqa: E402
from rung.nets.tables.shapes import NetworkShape, initial  # noqa: E402


def _random(shape, n_models, seed=0):
    generators = [np.random.default_rng((seed, model)) for model in range(n_models)]
    drawn = initial(shape, generators)
    return {name: torch.tensor(each, dtype=torch.float64) for name, each in drawn.items()}


def test_a_plain_network_is_what_linear_layers_and_relu_make():
    shape = NetworkShape(n_inputs=3, width=8, n_outputs=2, n_blocks=2)
    parameters = _random(shape, 1)
    inputs = torch.tensor(np.random.default_rng(1).normal(size=(5, 3)))

    def linear(name, bias):
        layer = torch.nn.Linear(*parameters[f"{name}.weight"].shape[-2:], dtype=torch.float64)
        layer.weight.data = parameters[f"{name}.weight"].reshape(layer.weight.T.shape).T
        layer.bias.data = parameters[bias].flatten()
        return layer

    hidden = torch.relu(linear("first", "member.shift")(inputs))
    for block in ("block0", "block1"):
        hidden = hidden + torch.relu(linear(block, f"{block}.bias")(hidden))
    wanted = linear("head", "head.bias")(hidden)

    found = forward(parameters, inputs.unsqueeze(0))
    assert torch.allclose(found[0, 0], wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("n_members", [1, 3])
def test_gradients_equal_finite_differences_in_double_precision(n_members):
    shape = NetworkShape(n_inputs=2, width=4, n_outputs=2, n_blocks=1, n_members=n_members)
    # Away from zero biases, as at a bend there is no derivative to agree on.
    parameters = {name: each + 0.05 for name, each in _random(shape, 2).items()}
    inputs = torch.tensor(np.random.default_rng(2).normal(size=(2, 3, 2)))
    names = list(parameters)

    def scores(*values):
        return forward(dict(zip(names, values, strict=True)), inputs)

    leaves = [each.requires_grad_() for each in parameters.values()]
    assert torch.autograd.gradcheck(scores, leaves, eps=1e-7, atol=1e-6)


def test_every_parameter_gets_a_gradient():
    parameters = _random(NetworkShape(3, 8, 1, n_blocks=2, n_members=4), 2)
    for each in parameters.values():
        each.requires_grad_()
    inputs = torch.tensor(np.random.default_rng(3).normal(size=(2, 16, 3)))
    forward(parameters, inputs).square().sum().backward()
    assert all(float(each.grad.abs().sum()) > 0 for each in parameters.values())


def test_models_of_a_population_do_not_see_one_another():
    shape = NetworkShape(3, 16, 1, n_members=4)
    many = _random(shape, 3)
    inputs = torch.tensor(np.random.default_rng(4).normal(size=(3, 7, 3)))
    together = forward(many, inputs)
    for model in range(3):
        alone = {name: each[model : model + 1] for name, each in many.items()}
        found = forward(alone, inputs[model : model + 1])
        assert torch.allclose(found[0], together[model], rtol=1e-12, atol=1e-12)


def test_first_weights_depend_on_the_own_generator_alone():
    shape = NetworkShape(3, 8, 1, n_members=2)
    pair, alone = _random(shape, 2), initial(shape, [np.random.default_rng((0, 1))])
    for name, each in alone.items():
        assert np.array_equal(pair[name][1].numpy().astype(np.float32), each[0])


def test_dropped_units_say_nothing():
    parameters = _random(NetworkShape(3, 8, 1), 1)
    inputs = torch.ones(1, 2, 3, dtype=torch.float64)
    masks = [torch.zeros(1, 2, 8, dtype=torch.float64)] * 2
    found = forward(parameters, inputs, masks=masks)
    assert torch.equal(found[0, 0], parameters["head.bias"][0, 0].expand(2, 1))


def test_watching_hands_back_the_outputs_of_each_hidden_layer():
    watch = []
    forward(
        _random(NetworkShape(3, 8, 1, 2), 1), torch.ones(1, 2, 3, dtype=torch.float64), watch=watch
    )
    assert [tuple(each.shape) for each in watch] == [(1, 2, 8)] * 3
