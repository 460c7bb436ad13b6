"""Coefficients with intervals: the truth of a made-up line lies in them as often as promised."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import rung
from rung.explain.formula import interval


def table(seed: int, n: int = 100) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    x, z = rng.normal(10, 2, n), rng.normal(0, 1, n)
    return pl.DataFrame({"x": x, "z": z, "y": 1.5 * x - 0.5 * z + 4 + rng.normal(size=n)})


def coefficients(seed: int) -> dict[tuple[str, ...], dict]:
    run = rung.fit(table(seed), "y", families=["linear"], ledger=False, test_fraction=0.0)
    (found,) = run.result.sections["formula"]
    return {tuple(one["what"]): one for one in found["coefficients"]}


def test_slopes_are_in_the_units_of_the_table_and_their_intervals_hold_the_truth() -> None:
    """Nominal .95 over 40 tables; 33 or fewer of 40 happen in less than 1 of 1,000 at .95."""
    covered = 0
    for seed in range(40):
        found = coefficients(seed)
        covered += found["x",]["low"] <= 1.5 <= found["x",]["high"]
    assert covered >= 34
    assert found["x",]["value"] == pytest.approx(1.5, abs=0.3)


def test_the_jackknife_of_a_mean_is_its_standard_error() -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(size=50)
    left_out = np.array([[np.delete(y, i).mean()] for i in range(50)])
    low, high = interval(np.array([y.mean()]), left_out, is_jackknife=True)
    from scipy import stats

    half = stats.t.ppf(0.975, 49) * y.std(ddof=1) / np.sqrt(50)
    assert (high - low)[0] / 2 == pytest.approx(half)


def test_folds_in_time_give_a_range_and_say_so() -> None:
    timed = table(1).with_columns(when=pl.Series(range(100)))
    run = rung.fit(timed, "y", time="when", families=["linear"], ledger=False)
    (found,) = run.result.sections["formula"]
    assert found["intervals"] == "smallest and largest of the folds"
    for one in found["coefficients"]:
        assert one["low"] <= one["value"] <= one["high"]


def test_the_choice_and_the_leader_have_a_formula_if_they_are_one() -> None:
    run = rung.fit(table(2), "y", families=["linear", "polynomial", "tree"], ledger=False)
    families = [one["family"] for one in run.result.sections["formula"]]
    assert "linear" in families
    assert "tree" not in families
    for one in run.result.sections["formula"]:
        names: dict = {}
        exec(one["python"], names)
        assert np.isfinite(names["predict"]({"x": 10.0, "z": 0.0}))
