import numpy as np

from rung.check.zero_inflated import CHECK
from tests.check.made import looked, seen

Y = np.random.default_rng(0).normal(size=1_000)


def test_a_quantity_that_is_often_nothing_is_found() -> None:
    (found,) = looked(CHECK, seen(np.maximum(Y, 0), x=Y))
    n_zero = int((Y <= 0).sum())
    assert found.message == f"y is 0 in {n_zero} of 1000 training rows ({n_zero / 1_000:.0%})"


def test_few_zeros_counts_and_classes_are_not() -> None:
    assert looked(CHECK, seen(np.maximum(Y + 1.5, 0), x=Y)) == ()
    assert looked(CHECK, seen(np.floor(np.abs(Y)), x=Y)) == ()
    assert looked(CHECK, seen((Y > 0).astype(int), ("a", "b"), x=Y)) == ()
