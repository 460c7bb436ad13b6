import numpy as np

from rung.check.conflicting_rows import CHECK
from tests.check.made import looked, seen

RNG = np.random.default_rng(0)
X = np.tile(RNG.normal(size=(200, 3)), (2, 1))
COLUMNS = {f"x{j}": X[:, j] for j in range(3)}


def test_equal_rows_of_two_classes_bound_the_accuracy() -> None:
    y = np.concatenate([np.zeros(200, int), (np.arange(200) < 30).astype(int)])
    (found,) = looked(CHECK, seen(y, ("no", "yes"), **COLUMNS))
    assert found.severity == "warning"
    assert found.message.startswith("30 of 400 training rows have another y")
    assert found.message.endswith("no model can be right in more than 92.5%")


def test_equal_rows_that_differ_bound_the_explained_variance() -> None:
    y = np.concatenate([np.ones(200), -np.ones(200)]) + 3 * X[:, 0]
    (found,) = looked(CHECK, seen(y, **COLUMNS))
    share = 1 - 400 / ((y - y.mean()) ** 2).sum()
    assert f"no model can explain more than {share:.1%}" in found.message


def test_copies_that_agree_and_distinct_rows_are_silent() -> None:
    assert looked(CHECK, seen(X[:, 0].copy(), **COLUMNS)) == ()
    distinct = {name: one[:200] for name, one in COLUMNS.items()}
    assert looked(CHECK, seen(RNG.normal(size=200), **distinct)) == ()


def test_few_kinds_that_meet_by_chance_make_a_note_only() -> None:
    dice = {f"d{j}": RNG.integers(0, 3, 400).astype(float) for j in range(2)}
    (found,) = looked(CHECK, seen(RNG.integers(0, 2, 400), ("a", "b"), **dice))
    assert found.severity == "info"
