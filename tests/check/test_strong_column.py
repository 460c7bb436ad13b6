import numpy as np

from rung.check.strong_column import CHECK
from tests.check.made import looked, seen

RNG = np.random.default_rng(0)
Y = RNG.normal(size=2_000)


def near(noise: float) -> np.ndarray:
    return Y + noise * np.random.default_rng(int(1_000 * noise)).normal(size=2_000)


def test_just_below_the_cut_is_a_note_and_never_silence() -> None:
    (found,) = looked(CHECK, seen(Y, x=near(0.42), noise=RNG.normal(size=2_000)))
    assert (found.severity, found.columns) == ("info", ("x",))
    assert found.message.startswith("alone, with the skill of each: 'x' 0.8")


def test_good_columns_beside_each_other_are_one_warning() -> None:
    (found,) = looked(CHECK, seen(Y, a=near(0.2), b=near(0.21), c=near(0.22)))
    assert found.severity == "warning"
    assert set(found.columns) == {"a", "b", "c"}
    assert "the table without 'a' has 0.97" in found.message


def test_what_is_an_alarm_already_and_weak_columns_are_not_noted() -> None:
    assert looked(CHECK, seen(Y, copy=near(0.1), weak=near(1.0))) == ()


def test_values_that_settle_what_others_tell_too_are_noted() -> None:
    y = (Y > 0).astype(int)
    sure = np.where(Y > 0.8, "high", "other")
    (found,) = looked(CHECK, seen(y, ("no", "yes"), sure=sure, x=Y, again=near(0.01)))[-1:]
    n_rows = int((Y > 0.8).sum())
    assert f"{n_rows} of {n_rows} rows with 'high' in 'sure' have 'yes'" in found.message
    assert found.severity == "info"
