"""Shares of a blend against another search, and what is done where the search fails."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import optimize

from rung.core.blend import blend_weights

MANY = 4_000


def weigh(columns, y, task="regression", weight=None):
    weight = np.ones(len(y)) if weight is None else weight
    return blend_weights(columns, y, weight=weight, task=task)


def searched(loss, n, pull):
    """Minimise over the logarithms of shares, which need no bounds."""

    def of(z):
        shares = np.exp(z - z.max())
        shares /= shares.sum()
        gain = shares @ np.log(np.maximum(n * shares, 1e-300))
        return loss(shares) + pull * gain

    found = optimize.minimize(of, np.zeros(n), method="Nelder-Mead", options=EXACT)
    shares = np.exp(found.x - found.x.max())
    shares = np.where(shares / shares.sum() < 0.01, 0, shares)
    return shares / shares.sum()


EXACT = {"xatol": 1e-9, "fatol": 1e-14, "maxiter": 20_000, "maxfev": 20_000}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("far", [1.0, 30.0])
def test_shares_of_quantities_are_those_of_another_search(seed, far):
    rng = np.random.default_rng(seed)
    y = rng.normal(size=60)
    weight = rng.integers(1, 4, size=60).astype(float)
    shared = rng.normal(size=60)
    families = [y + shared + rng.normal(size=60), y - shared, y + far * (1 + 0.1 * shared)]
    errors = np.column_stack(families) - y[:, None]
    products = (errors * weight[:, None]).T @ errors / weight.sum()
    pull = 3 * (weight**2).sum() / weight.sum() ** 2
    wanted = searched(lambda w: w @ products @ w / (2 * np.diag(products).min()), 3, pull)
    found = weigh([one[:, None] for one in families], y, weight=weight)
    np.testing.assert_allclose(found, wanted, atol=2e-4)


def test_shares_of_classes_are_those_of_another_search_where_a_family_was_sure_and_wrong():
    """A probability of 0 counts as one part in twice the rows."""
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, 40)
    first = np.where(np.arange(40) == 3, 0.0, 0.9)
    second = rng.uniform(0.4, 0.9, size=40)
    families = [
        np.column_stack([np.where(y == c, p, 1 - p) for c in (0, 1)]) for p in (first, second)
    ]
    clipped = np.column_stack([np.maximum(first, 1 / 80), second])
    wanted = searched(lambda w: -np.mean(np.log(clipped @ w)), 2, 3 / 40)
    assert 0.1 < wanted[0] < 0.97
    np.testing.assert_allclose(weigh(families, y, "binary"), wanted, atol=2e-4)


@pytest.mark.parametrize(("share", "kept"), [(0.0095, False), (0.0105, True)])
def test_a_share_below_one_per_cent_is_none(share, kept):
    """Errors that are orthogonal: with no pull the shares are as one over the squared errors."""

    def objective(w, ratio):
        gain = w * np.log(2 * w) + (1 - w) * np.log(2 * (1 - w))
        return ((1 - w) ** 2 + w**2 * ratio) / 2 + 3 / MANY * gain

    def slope(ratio):
        near = (share * (1 - 1e-5), share * (1 + 1e-5))
        return objective(near[1], ratio) - objective(near[0], ratio)

    ratio = optimize.brentq(slope, 10, 1_000)
    sign = np.tile([1.0, -1.0], MANY // 2)
    families = [sign[:, None], np.sqrt(ratio) * np.abs(sign)[:, None]]
    found = weigh(families, np.zeros(MANY))
    assert found[1] == pytest.approx(share if kept else 0.0, abs=2e-5)
    assert found.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    "end", [[np.nan, np.nan, np.nan], [0.2, np.nan, 0.4], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
)
def test_the_best_family_alone_is_taken_where_the_search_fails_or_ends_worse(monkeypatch, end):
    monkeypatch.setattr(optimize, "minimize", lambda *_, **__: SimpleNamespace(x=np.array(end)))
    y = np.random.default_rng(0).normal(size=500)
    families = [(y + size)[:, None] for size in (2.0, 0.1, 3.0)]
    np.testing.assert_allclose(weigh(families, y), [0, 1, 0], atol=1e-5)


def test_what_the_search_finds_is_taken_where_it_is_no_worse_than_a_family_alone(monkeypatch):
    end = SimpleNamespace(x=np.array([0.55, 0.45]))
    monkeypatch.setattr(optimize, "minimize", lambda *_, **__: end)
    y = np.zeros(100)
    np.testing.assert_allclose(weigh([y[:, None] + 1, y[:, None] - 1], y), [0.55, 0.45])
