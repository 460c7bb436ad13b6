import numpy as np
import pytest

from rung.check.heavy_tail import CHECK, share_of_few
from tests.check.made import looked, seen

Y = np.random.default_rng(0).normal(size=2_000)


@pytest.mark.parametrize("unit", [1.0, 1e-9, -1e9])
def test_the_share_of_the_few_has_no_unit(unit: float) -> None:
    assert share_of_few(unit * Y + 3 * unit) == pytest.approx(share_of_few(Y), rel=1e-6)


def test_one_per_cent_of_a_bell_carries_a_twelfth_and_of_a_heavy_tail_most() -> None:
    assert share_of_few(Y) == pytest.approx(0.084, abs=0.015)
    assert share_of_few(np.exp(2 * Y)) > 0.5
    assert share_of_few(np.ones(200)) == 0


def test_only_heavy_tails_of_quantities_are_told() -> None:
    (found,) = looked(CHECK, seen(np.exp(2 * Y), x=Y))
    assert found.message.startswith("1 % of the training rows carry ")
    assert looked(CHECK, seen(Y, x=Y)) == ()
    assert looked(CHECK, seen(np.exp(2 * Y[:90]), x=Y[:90])) == ()
