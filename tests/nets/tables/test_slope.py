import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.nets.tables.flat import FlatLayout  # noqa: E402
from rung.nets.tables.layers import forward  # noqa: E402
from rung.nets.tables.losses import Loss  # noqa: E402
from rung.nets.tables.shapes import NetworkShape, initial  # noqa: E402
from rung.nets.tables.slope import Batch, Buffers, Slope, parts  # noqa: E402

N_MODELS, N_ROWS = 3, 20
SHAPES = (
    NetworkShape(4, 8, 1, n_blocks=1),
    NetworkShape(4, 8, 1, n_blocks=0),
    NetworkShape(5, 6, 1, n_blocks=2, n_members=4),
    NetworkShape(5, 6, 3, n_blocks=1, n_members=2),
    NetworkShape(5, 6, 3, n_blocks=1),
)


def _parameters(shape):
    generators = [np.random.default_rng((3, model)) for model in range(N_MODELS)]
    drawn = initial(shape, generators)
    # Biases that begin at zero would hide what goes wrong with them.
    return {
        name: each.astype(float) + 0.1 * (np.prod(each.shape) % 7) for name, each in drawn.items()
    }


def _batch(shape, *, weighed):
    generator = np.random.default_rng(4)
    inputs = torch.tensor(generator.normal(size=(N_MODELS, N_ROWS, shape.n_inputs)))
    size = (N_MODELS, N_ROWS)
    if shape.n_outputs > 1:
        target = torch.tensor(generator.integers(shape.n_outputs, size=size))
    else:
        target = torch.tensor(generator.normal(size=size))
    weight = torch.tensor(generator.uniform(0.5, 2.0, size=size)) if weighed else None
    return Batch(inputs, target, weight)


def _masks(shape, dropped):
    if not dropped:
        return []
    size = (N_MODELS, shape.n_members * N_ROWS, shape.width)
    generator = np.random.default_rng(5)
    return [torch.tensor((generator.random(size) < 0.7) / 0.7) for _ in range(shape.n_blocks + 1)]


def _expected(parameters, batch, loss, *, scale, masks):
    leaves = {name: torch.tensor(each, requires_grad=True) for name, each in parameters.items()}
    used = dict(leaves)
    if scale is not None:
        used["first.weight"] = leaves["first.weight"] * scale
    scores = forward(used, batch.inputs, masks=masks)
    losses = loss.of_rows(scores, batch.target).mean(dim=1)
    if batch.weight is not None:
        losses = losses * batch.weight
    losses = losses.mean(dim=1)
    slopes = torch.autograd.grad(losses.sum(), list(leaves.values()))
    return losses.detach(), dict(zip(leaves, slopes, strict=True))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("dropped", [False, True])
@pytest.mark.parametrize("weighed", [False, True])
def test_the_slope_by_hand_is_that_of_autograd(shape, scaled, dropped, weighed):
    loss = Loss("cross_entropy", 0.1) if shape.n_outputs > 1 else Loss("squared")
    parameters, batch = _parameters(shape), _batch(shape, weighed=weighed)
    masks = _masks(shape, dropped)
    generator = np.random.default_rng(6)
    scale = torch.tensor(generator.random((N_MODELS, shape.n_inputs, 1))) if scaled else None
    losses, wanted = _expected(parameters, batch, loss, scale=scale, masks=masks)
    # Parameters of a model lie side by side, so neighbours of one kind are not contiguous.
    layout = FlatLayout.of(shape)
    flat = torch.full((2, N_MODELS, layout.size), torch.nan, dtype=torch.float64)
    slopes = layout.views(flat[1])
    parameters = layout.views(layout.fill(flat[0], parameters))
    room = Buffers(N_MODELS + 1, shape, N_ROWS, batch.inputs)
    found = Slope(shape, parameters, slopes, scale, room).of(batch, loss, masks)
    assert torch.allclose(found, losses, rtol=1e-13, atol=0)
    for name, each in wanted.items():
        assert torch.allclose(slopes[name], each, rtol=1e-11, atol=1e-13), name


@pytest.mark.parametrize("n_models", [1, 2, 7, 40])
def test_every_model_lies_in_one_part(n_models):
    found = parts(n_models, NetworkShape(10, 128, 1, n_members=4), 256)
    assert np.concatenate([np.arange(n_models)[part] for part in found]).tolist() == list(
        range(n_models)
    )
