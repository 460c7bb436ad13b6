import numpy as np
import pytest

from rung.check.formula import half_unit, linear_share, share_of, share_within, written

RNG = np.random.default_rng(2)
A, B = np.exp(RNG.normal(size=(2, 400))).round(3) + 1


@pytest.mark.parametrize(("decimals", "half"), [(0, 0.5), (2, 0.005), (6, 5e-7)])
def test_half_the_last_printed_place_is_found(decimals: int, half: float) -> None:
    assert half_unit(RNG.normal(size=300).round(decimals) * 1.0) == pytest.approx(half)
    assert half_unit(RNG.normal(size=300)) == 0


def test_a_formula_counts_rows_within_rounding_only() -> None:
    y = (2 * A - B).round(2)
    assert share_within(y, np.stack([A, B], axis=1), (0.005, 0.0005, 0.0005))[0] == 1
    y[:20] += 0.1
    assert share_within(y, np.stack([A, B], axis=1), (0.005, 0.0005, 0.0005))[0] == 0.95


def test_absurd_cells_do_not_move_the_formula() -> None:
    x = A.copy()
    x[:3] = 1e12
    share, at = share_within(2 * A, x[:, None], (0, 0))
    assert share == pytest.approx(397 / 400)
    assert at[0] == pytest.approx(2)


def test_coarse_rounding_is_no_excuse_for_a_small_target() -> None:
    counts = RNG.integers(0, 4, 400).astype(float)
    near = counts + RNG.integers(-1, 2, 400)
    assert share_within(near, counts[:, None], (0.5, 0.5))[0] < 0.5


def test_powers_are_found_in_spite_of_rounding() -> None:
    y = (70 * A / B**2).round(3)
    share, at = share_of(y, np.stack([A, B], axis=1), (True, True), (0.0005, 0.0005, 0.0005))
    assert share > 0.99
    assert at[:2].tolist() == [1, -2]
    assert np.exp(at[2]) == pytest.approx(70, rel=1e-3)
    assert written(at, True, True) == "70·{0}·{1}^-2"


def test_a_straight_line_is_one_in_any_unit() -> None:
    assert linear_share(A, 1e-9 * A + 5e-9) == 1
    assert linear_share(A, A + 1e-3 * B) < 0.5
    assert linear_share(A, np.ones(400)) == 0
