import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from rung.core.blend import blend_weights


def weigh(predictions: list[np.ndarray], y: np.ndarray, task: str = "regression") -> np.ndarray:
    return blend_weights(predictions, y, weight=np.ones(len(y)), task=task)  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.integers(0, 50))
def test_two_quantities_get_what_their_objective_says_and_the_closed_form_from_many_rows(
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    y, a, b = rng.normal(size=(3, 80))

    def objective(w: float) -> float:
        mixed = np.mean((w * a + (1 - w) * b - y) ** 2)
        best = min(np.mean((a - y) ** 2), np.mean((b - y) ** 2))
        divergence = w * np.log(2 * w) + (1 - w) * np.log(2 * (1 - w))
        return float(mixed / (2 * best) + 3 / 80 * divergence)

    expected = minimize_scalar(objective, bounds=(1e-9, 1 - 1e-9), options={"xatol": 1e-9}).x
    if 0.02 < expected < 0.98:
        assert weigh([a[:, None], b[:, None]], y)[0] == pytest.approx(expected, abs=1e-5)
    closed = np.clip(((y - b) @ (a - b)) / ((a - b) @ (a - b)), 0, 1)
    many = [np.tile(each, 1_000) for each in (y, a, b)]
    if 0.02 < closed < 0.98:
        found = weigh([many[1][:, None], many[2][:, None]], many[0])
        assert found[0] == pytest.approx(closed, abs=1e-3)
        assert found.sum() == pytest.approx(1)


@pytest.mark.parametrize("task", ["regression", "binary"])
def test_shares_of_few_rows_stay_near_equal_ones_and_those_of_many_do_not(task: str) -> None:
    def far(n: int) -> float:
        rng = np.random.default_rng(3)
        if task == "regression":
            y = rng.normal(size=n)
            families = [(y + rng.normal(size=n) * scale)[:, None] for scale in (1.0, 1.1, 1.2)]
        else:
            y = rng.integers(0, 2, n)
            own = [np.clip(0.5 + up + rng.normal(size=n) / 9, 0.02, 0.98) for up in (0.2, 0.1, 0)]
            families = [np.where(np.eye(2)[y] == 1, p[:, None], 1 - p[:, None]) for p in own]
        return float(np.abs(weigh(families, y, task) - 1 / 3).max())

    assert far(6) < 0.25 < far(60_000) if task == "binary" else far(6) < 0.3
    assert far(6) != far(60_000)


def test_weights_count_as_rows_do() -> None:
    rng = np.random.default_rng(5)
    y, a, b = rng.normal(size=(3, 40))
    families = [a[:, None], b[:, None]]
    even = blend_weights(families, y, weight=np.full(40, 7.0), task="regression")
    np.testing.assert_allclose(even, weigh(families, y), atol=1e-9)
    # Rows without weight are as if they were not there.
    half = np.repeat([1.0, 0.0], 20)
    some = blend_weights(families, y, weight=half, task="regression")
    np.testing.assert_allclose(some, weigh([each[:20] for each in families], y[:20]), atol=1e-6)


def test_class_shares_lose_no_more_than_any_on_a_grid() -> None:
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 200)
    predictions = [rng.dirichlet(1 + 3 * np.eye(3)[c] * (rng.random() < 0.7)) for c in y]
    first = np.array(predictions)
    second = np.array([rng.dirichlet(1 + 2 * np.eye(3)[c]) for c in y])
    third = np.full((200, 3), 1 / 3)
    found = weigh([first, second, third], y, "multiclass")

    def loss(w: np.ndarray) -> float:
        mixed = w[0] * first + w[1] * second + w[2] * third
        gain = sum(share * np.log(3 * share) for share in w if share)
        return float(3 / 200 * gain - np.mean(np.log(mixed[np.arange(200), y])))

    grid = [(i, j, 20 - i - j) for i in range(21) for j in range(21 - i)]
    assert loss(found) <= min(loss(np.array(w) / 20) for w in grid) + 1e-4


def test_a_perfect_family_gets_everything() -> None:
    y = np.random.default_rng(1).normal(size=50)
    np.testing.assert_allclose(weigh([y[:, None], np.zeros((50, 1))], y), [1, 0], atol=1e-9)


def test_perfect_families_share_evenly_and_huge_errors_do_no_harm() -> None:
    y = np.array([3.0])
    np.testing.assert_array_equal(weigh([y[:, None], y[:, None]], y), [0.5, 0.5])
    assert weigh([y[:, None], y[:, None] + 1e200], y)[0] == pytest.approx(1)


def test_equal_families_share_and_hopeless_ones_get_nothing() -> None:
    y = np.random.default_rng(1).normal(size=50)
    near = y[:, None] + 0.1
    found = weigh([near, near, y[:, None] + 50], y)
    assert found[2] == 0
    assert found.sum() == pytest.approx(1)


@pytest.mark.parametrize("height", [1e9, 1e20, 1e150])
def test_a_family_that_explodes_on_a_row_leaves_the_shares_of_the_others_as_they_are(
    height: float,
) -> None:
    rng = np.random.default_rng(7)
    y = rng.normal(size=300)
    good = [(y + rng.normal(size=300) * scale)[:, None] for scale in (0.5, 0.6)]
    wild = good[0].copy()
    wild[5] += height
    found = weigh([good[0], wild, good[1]], y)
    assert found[1] == 0
    assert found[[0, 2]] == pytest.approx(weigh(good, y), abs=1e-6)
