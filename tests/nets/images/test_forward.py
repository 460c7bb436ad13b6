"""Networks of images compute what their definition says."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.nets.images.forward import EPSILON, scores  # noqa: E402
from rung.nets.images.shape import ImageNetShape, fused  # noqa: E402
from tests.nets.images.made import RESIDUAL, SMALL, convolved, relu, trained  # noqa: E402


def of_tensors(arrays: dict[str, np.ndarray]) -> dict:
    return {name: torch.from_numpy(each) for name, each in arrays.items()}


def test_the_small_network_is_two_convolutions_pooled_and_a_hidden_layer() -> None:
    weights = fused(trained(SMALL), EPSILON)
    images = np.random.default_rng(1).normal(size=(2, 2, 16, 16))
    x = images
    for name in ("first", "second"):
        x = relu(convolved(x, weights[f"{name}.weight"], weights[f"{name}.bias"]))
        x = x.reshape(*x.shape[:2], x.shape[2] // 2, 2, x.shape[3] // 2, 2).max(axis=(3, 5))
    hidden = relu(x.reshape(2, -1) @ weights["hidden.weight"].T + weights["hidden.bias"])
    wanted = hidden @ weights["head.weight"].T + weights["head.bias"]
    found = scores(SMALL, of_tensors(weights), torch.tensor(images, dtype=torch.float32))
    np.testing.assert_allclose(found.numpy(), wanted, rtol=1e-4, atol=1e-5)


def test_the_residual_network_adds_its_branch_to_a_shortcut() -> None:
    weights = fused(trained(RESIDUAL), EPSILON)
    images = np.random.default_rng(1).normal(size=(2, 2, 8, 8))

    def conv(name: str, x: np.ndarray) -> np.ndarray:
        return convolved(x, weights[f"{name}.weight"], weights[f"{name}.bias"])

    def halved(x: np.ndarray) -> np.ndarray:
        return x.reshape(*x.shape[:2], x.shape[2] // 2, 2, x.shape[3] // 2, 2).mean(axis=(3, 5))

    x = relu(conv("stem", images))[:, :, ::2, ::2]
    for stage in range(2):
        x = halved(x) if stage else x
        name = f"stage{stage}.block0"
        branch = conv(f"{name}.second", relu(conv(f"{name}.first", x)))
        x = relu(branch + (conv(f"{name}.shortcut", x) if stage else x))
    wanted = x.mean(axis=(2, 3)) @ weights["head.weight"].T + weights["head.bias"]
    found = scores(RESIDUAL, of_tensors(weights), torch.tensor(images, dtype=torch.float32))
    np.testing.assert_allclose(found.numpy(), wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("shape", [SMALL, RESIDUAL], ids=["small", "residual"])
@pytest.mark.parametrize("size", [(1, 1), (5, 7), (16, 16)])
def test_images_of_any_size_are_read(shape: ImageNetShape, size: tuple[int, int]) -> None:
    weights = of_tensors(fused(trained(shape), EPSILON))
    found = scores(shape, weights, torch.zeros(2, 2, *size))
    assert found.shape == (2, 3)
    assert torch.isfinite(found).all()
