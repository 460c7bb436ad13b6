"""Derivatives by hand of networks that look at a window."""

import pytest

torch = pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

from torch.nn import functional  # noqa: E402

from rung.nets.characters import window_slope  # noqa: E402
from rung.nets.characters.fit_window import first_weights  # noqa: E402
from rung.nets.characters.window import WindowShape, forward  # noqa: E402
from rung.nets.characters.window_slope import (  # noqa: E402
    BUFFERS,
    KEPT,
    WindowSlope,
    kind_of,
    lay_out,
    pieces_of,
)

N_ROWS = 20
SHAPES = [
    WindowShape(9, 1, 9),
    WindowShape(9, 3, 4, hidden=7, fuse=3),
    WindowShape(9, 3, 4, hidden=7, fuse=3, normed=True),
    WindowShape(9, 8, 4, hidden=6, fuse=2),
    WindowShape(9, 8, 4, hidden=6, fuse=2, normed=True),
]


def _weights(shape):
    generator = torch.Generator().manual_seed(1)
    # What begins at zero or one would hide what goes wrong with it.
    return {
        name: each.double() + torch.rand(each.shape, generator=generator).double() / 10
        for name, each in first_weights(shape, 0, "cpu").items()
    }


def _batch(shape):
    generator = torch.Generator().manual_seed(2)
    contexts = torch.randint(0, shape.symbols, (N_ROWS, shape.context), generator=generator)
    return contexts, torch.randint(0, shape.symbols, (N_ROWS,), generator=generator)


def _by_hand(shape, weights):
    _, views = lay_out(shape, weights)
    _, slopes = lay_out(shape, weights)
    own = {**{name: each.clone() for name, each in weights.items()}, **views}
    loss = WindowSlope(shape, own, slopes, N_ROWS).of(*_batch(shape))
    return loss, slopes, own


@pytest.mark.parametrize("shape", SHAPES)
def test_loss_and_derivatives_are_those_of_autograd(shape):
    weights, (contexts, targets) = _weights(shape), _batch(shape)
    leaves = {
        name: each.clone().requires_grad_(kind_of(name) not in BUFFERS)
        for name, each in weights.items()
    }
    seen = {}

    def watch(level, sums):
        seen[level] = sums.mean((0, 1)), sums.var((0, 1), unbiased=False)
        return seen[level]

    wanted = functional.cross_entropy(forward(leaves, contexts, shape, torch, watch), targets)
    wanted.backward()
    loss, slopes, own = _by_hand(shape, weights)
    torch.testing.assert_close(loss, wanted.detach())
    for name, slope in slopes.items():
        torch.testing.assert_close(slope, leaves[name].grad, rtol=1e-9, atol=1e-12)
    for level, moments in seen.items():
        for name, moment in zip(BUFFERS, moments, strict=True):
            kept = KEPT * weights[f"{name}.{level}"] + (1 - KEPT) * moment.detach()
            torch.testing.assert_close(own[f"{name}.{level}"], kept)


def test_it_does_not_matter_whether_equal_neighbours_are_fused_once(monkeypatch):
    shape = SHAPES[-1]
    _, once, _ = _by_hand(shape, _weights(shape))
    assert pieces_of(_batch(shape)[0], shape, once["prior"]).copies is not None
    monkeypatch.setattr(window_slope, "LARGEST_CODE", 1)
    assert pieces_of(_batch(shape)[0], shape, once["prior"]).copies is None
    _, each, _ = _by_hand(shape, _weights(shape))
    for name, slope in once.items():
        torch.testing.assert_close(slope, each[name], rtol=1e-9, atol=1e-12)


def test_a_batch_after_another_leaves_nothing_behind():
    shape = SHAPES[-1]
    weights = _weights(shape)
    _, wanted, _ = _by_hand(shape, weights)
    _, views = lay_out(shape, weights)
    _, slopes = lay_out(shape, weights)
    slope = WindowSlope(shape, {**weights, **views}, slopes, N_ROWS)
    contexts, targets = _batch(shape)
    slope.of(contexts.flip(1), targets)
    slope.of(contexts, targets)
    for name, found in slopes.items():
        torch.testing.assert_close(found, wanted[name], rtol=1e-12, atol=1e-15)


def test_what_decays_lies_first():
    shape = SHAPES[-1]
    flat, views = lay_out(shape, _weights(shape))
    assert sum(each.numel() for each in views.values()) == len(flat)
    assert views["fused.0"].data_ptr() == flat.data_ptr()
    assert not any(kind_of(name) in BUFFERS for name in views)
