import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.nets.orthogonal import orthogonalise  # noqa: E402


def test_singular_vectors_stay_and_singular_values_come_near_one():
    stack = torch.tensor(np.random.default_rng(0).normal(size=(3, 5, 9)))
    found = orthogonalise(stack)
    for before, after in zip(stack, found, strict=True):
        left, _, right = torch.linalg.svd(before, full_matrices=False)
        turned = left.mT @ after @ right.mT
        off = turned - torch.diag(turned.diag())
        assert float(off.abs().max()) < 1e-6
        assert float(turned.diag().min()) > 0.6
        assert float(turned.diag().max()) < 1.3


def test_the_size_of_a_slope_does_not_matter():
    stack = torch.tensor(np.random.default_rng(1).normal(size=(1, 4, 6)))
    assert torch.allclose(orthogonalise(stack), orthogonalise(1e3 * stack), rtol=1e-5)
