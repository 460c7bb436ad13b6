import numpy as np

from rung.check.coded_number import CHECK
from tests.check.made import looked, seen

RNG = np.random.default_rng(0)
CODE = RNG.integers(1, 30, 3_000).astype(float)
NOISE = RNG.normal(size=3_000)
JUMPS = RNG.normal(size=30)[CODE.astype(int)]


def test_a_target_that_jumps_from_number_to_number_shows_a_code() -> None:
    (found,) = looked(CHECK, seen(2 * JUMPS + NOISE, agency=CODE, x=NOISE.round()))
    assert found.columns == ("agency",)
    assert "29 whole numbers and has a target that jumps between neighbours" in found.message


def test_a_name_shows_it_too() -> None:
    (found,) = looked(CHECK, seen(NOISE, zip_code=CODE, age=CODE))
    assert found.columns == ("zip_code",)


def test_counts_that_the_target_follows_are_numbers() -> None:
    line, curve = 0.1 * CODE + NOISE, np.sin(CODE / 6) * 2 + NOISE
    assert looked(CHECK, seen(line, age=CODE)) == ()
    assert looked(CHECK, seen(curve, month=CODE)) == ()
    assert looked(CHECK, seen(2 * JUMPS + NOISE, depth=CODE + 0.5)) == ()


def test_few_numbers_and_nearly_unique_ones_are_left_alone() -> None:
    rare = np.arange(3_000.0)
    assert looked(CHECK, seen(NOISE, code=CODE % 4, state=rare)) == ()
