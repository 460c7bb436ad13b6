import numpy as np
import pytest

from rung.check.identity import find_identities

RNG = np.random.default_rng(3)
X = RNG.normal(size=(800, 6)).round(3)
P = np.exp(RNG.normal(size=(800, 6))).round(3) + 0.5
N = RNG.integers(0, 50, (800, 6)).astype(float)


def found(y: np.ndarray, columns: np.ndarray) -> list[tuple[tuple[int, ...], str]]:
    return [(one.sources, one.formula) for one in find_identities(y, columns)]


CASES = {
    "copy": (X[:, 2].copy(), X, (2,), "{0}"),
    "other unit": ((1.8 * X[:, 2] + 32).round(1), X, (2,), "1.8·{0} + 32"),
    "logarithm": (np.log(P[:, 1]), P, (1,), "log {0}"),
    "exponential": (np.exp(X[:, 1]), X, (1,), "exp({0})"),
    "power": (P[:, 4] ** -2, P, (4,), "{0}^-2"),
    "sum": (N[:, 0] + N[:, 5], N, (0, 5), "{0} + {1}"),
    "mean, rounded": (((X[:, 0] + X[:, 1]) / 2).round(2), X, (0, 1), "0.5·{0} + 0.5·{1}"),
    "ratio, rounded": ((P[:, 0] / P[:, 1]).round(3), P, (0, 1), "{0}·{1}^-1"),
    "body mass index": ((P[:, 0] / P[:, 1] ** 2).round(3), P, (0, 1), "{0}·{1}^-2"),
    "three counts": (N[:, 0] + N[:, 2] + N[:, 3], N, (0, 2, 3), "{0} + {1} + {2}"),
    "volume": (P[:, 0] * P[:, 1] * P[:, 2], P, (0, 1, 2), "{0}·{1}·{2}"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_formula_is_found_with_its_columns(name: str) -> None:
    y, columns, sources, formula = CASES[name]
    assert found(y, columns) == [(sources, formula)]


def test_bad_rows_and_missing_cells_hide_no_formula() -> None:
    y, holey = X[:, 0] - X[:, 3], X.copy()
    y[:6] = 1e6
    assert found(y, X) == [((0, 3), "{0} - {1}")]
    holey[RNG.random(800) < 0.4, 0] = np.nan
    holey[RNG.random(800) < 0.3, 3] = np.nan
    holey[:2, 3] = 1e9
    assert found(X[:, 0] - X[:, 3], holey) == [((0, 3), "{0} - {1}")]


def test_noise_beyond_the_printed_places_makes_no_formula() -> None:
    assert found(X[:, 0] + X[:, 1] + 0.01 * RNG.normal(size=800), X) == []
    assert found((N[:, 0] + N[:, 1] + RNG.normal(size=800)).round(), N) == []
    assert found(RNG.normal(size=800), X) == []
    assert found(RNG.integers(0, 3, 800).astype(float), RNG.integers(0, 3, (800, 4)) * 1.0) == []


def test_a_part_that_moves_nothing_is_no_part() -> None:
    assert found(X[:, 0].copy(), np.column_stack([X[:, 0], 1e-6 * X[:, 1]])) == [((0,), "{0}")]


def test_nothing_is_found_of_a_constant_or_in_few_rows() -> None:
    assert found(np.ones(800), X) == []
    assert found(X[:20, 0].copy(), X[:20]) == []
