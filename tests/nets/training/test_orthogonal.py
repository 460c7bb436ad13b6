import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.nets.training.orthogonal import N_ITERATIONS, QUINTIC, orthogonalise  # noqa: E402


@pytest.mark.parametrize("n_iterations", [1, 2, N_ITERATIONS])
def test_singular_vectors_stay_and_singular_values_go_through_the_quintic(n_iterations):
    stack = torch.tensor(np.random.default_rng(0).normal(size=(3, 5, 9)))
    found = orthogonalise(stack, n_iterations)
    first, second, third = QUINTIC
    for before, after in zip(stack, found, strict=True):
        left, size, right = torch.linalg.svd(before, full_matrices=False)
        turned = left.mT @ after @ right.mT
        off = turned - torch.diag(turned.diag())
        assert float(off.abs().max()) < 1e-6
        size = size / torch.linalg.vector_norm(size)
        for _ in range(n_iterations):
            size = first * size + second * size**3 + third * size**5
        assert torch.allclose(turned.diag(), size, atol=1e-6)
        assert n_iterations < N_ITERATIONS or 0.6 < float(size.min()) <= float(size.max()) < 1.3


def test_two_iterations_leave_small_directions_small():
    sizes = torch.tensor([1.0, 0.5, 0.1, 0.01], dtype=torch.float64)
    vectors = torch.linalg.qr(torch.tensor(np.random.default_rng(2).normal(size=(9, 4))))[0]
    found = torch.linalg.svdvals(orthogonalise((torch.diag(sizes) @ vectors.mT)[None], 2))[0]
    assert float(found.max()) < 1.25
    assert 0.09 < float(found.min()) < 0.12


def test_the_size_of_a_slope_does_not_matter():
    stack = torch.tensor(np.random.default_rng(1).normal(size=(1, 4, 6)))
    assert torch.allclose(orthogonalise(stack), orthogonalise(1e3 * stack), rtol=1e-5)
