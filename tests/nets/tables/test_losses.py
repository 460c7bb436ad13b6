import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.nets.tables.losses import KINDS, Loss  # noqa: E402


def _scores(n_outputs, seed=0):
    return torch.tensor(np.random.default_rng(seed).normal(size=(2, 3, 5, n_outputs)))


VALUES = torch.tensor(np.random.default_rng(1).normal(size=(2, 5)))
CLASSES = torch.tensor(np.random.default_rng(1).integers(0, 4, size=(2, 5)))
LEVELS = {"quantile": 0.9, "huber": 0.7, "cross_entropy": 0.1}


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_cross_entropy_equals_torch_with_the_same_smoothing(smoothing):
    scores = _scores(4)
    found = Loss("cross_entropy", smoothing).of_rows(scores, CLASSES)
    wanted = torch.nn.functional.cross_entropy(
        scores.reshape(-1, 4),
        CLASSES.unsqueeze(1).expand(2, 3, 5).reshape(-1),
        label_smoothing=smoothing,
        reduction="none",
    )
    assert torch.allclose(found.flatten(), wanted)


def test_losses_of_values_equal_their_formulas():
    scores = _scores(1)
    off = VALUES.unsqueeze(1) - scores[..., 0]
    assert torch.equal(Loss("squared").of_rows(scores, VALUES), off**2)
    assert torch.equal(Loss("absolute").of_rows(scores, VALUES), off.abs())
    bent = torch.where(off.abs() < 0.7, 0.5 * off**2, 0.7 * (off.abs() - 0.35))
    assert torch.allclose(Loss("huber", 0.7).of_rows(scores, VALUES), bent)
    pinball = torch.where(off > 0, 0.9 * off, -0.1 * off)
    assert torch.allclose(Loss("quantile", 0.9).of_rows(scores, VALUES), pinball)


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_the_quantile_loss_is_least_at_the_quantile(level):
    values = torch.linspace(0.0, 1.0, 1001, dtype=torch.float64).unsqueeze(0)
    tried = torch.linspace(0.0, 1.0, 101, dtype=torch.float64)
    losses = [
        float(Loss("quantile", level).of_rows(c.expand(1, 1, 1001, 1), values).mean())
        for c in tried
    ]
    assert abs(float(tried[int(np.argmin(losses))]) - level) <= 0.011


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_equal_finite_differences(kind):
    target = CLASSES if kind == "cross_entropy" else VALUES
    scores = _scores(4 if kind == "cross_entropy" else 1).requires_grad_()
    loss = Loss(kind, LEVELS.get(kind, 0.0))
    assert torch.autograd.gradcheck(lambda s: loss.of_rows(s, target), (scores,), eps=1e-7)


@pytest.mark.parametrize(
    ("kind", "level"), [*LEVELS.items(), ("squared", 0.0), ("absolute", 0.0), ("cross_entropy", 0)]
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_slopes_by_hand_are_those_of_autograd(kind, level, dtype):
    target = CLASSES if kind == "cross_entropy" else VALUES.to(dtype)
    scores = _scores(4 if kind == "cross_entropy" else 1).to(dtype).requires_grad_()
    loss = Loss(kind, level)
    wanted = loss.of_rows(scores, target)
    (slopes,) = torch.autograd.grad(wanted.sum(), scores)
    found = loss.with_slope(scores.detach(), target)
    close = {"rtol": 1e-5, "atol": 1e-6} if dtype == torch.float32 else {}
    assert found[0].dtype == found[1].dtype == dtype
    assert found[0].shape == wanted.shape
    assert torch.allclose(found[0], wanted, **close)
    assert found[1].shape == scores.shape
    assert torch.allclose(found[1], slopes, **close)


@pytest.mark.parametrize("kind", ["absolute", "huber", "quantile", "squared"])
def test_a_loss_that_is_met_exactly_pulls_nowhere_or_within_its_bounds(kind):
    scores = VALUES.reshape(2, 1, 5, 1).clone()
    losses, slopes = Loss(kind, LEVELS.get(kind, 0.0)).with_slope(scores, VALUES)
    assert not losses.any()
    low, high = (-0.9, 0.1) if kind == "quantile" else (0.0, 0.0)
    assert bool(((low <= slopes) & (slopes <= high)).all())


def test_members_with_one_voice_lose_no_more_than_their_mean():
    for kind, n_outputs, target in (("squared", 1, VALUES), ("cross_entropy", 4, CLASSES)):
        scores, loss = _scores(n_outputs), Loss(kind)
        assert (loss.of_mean(scores, target) <= loss.of_rows(scores, target).mean(1) + 1e-12).all()
