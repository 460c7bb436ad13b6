"""Held-out rows: differences are paired, and absurd predictions do no harm."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from rung.explain.held_out import difference
from tests.explain.held import of_formula

RNG = np.random.default_rng(1)
TABLE = pl.DataFrame({"x": RNG.normal(size=120), "y": RNG.normal(size=120)})


def test_losses_are_means_over_draws() -> None:
    held = of_formula(TABLE, "y", lambda rows: rows.values["x"])
    whole = held.predict(lambda rows, split: rows)
    zero = tuple(np.zeros_like(each) for each in whole)
    losses = held.losses({"mixed": [whole, zero], "zero": [zero, zero]})
    alone = held.losses({"whole": [whole]}), held.losses({"zero": [zero]})
    expected = (alone[0].means[0] + alone[1].means[0]) / 2
    assert losses.means[0] == pytest.approx(expected)


def test_a_difference_has_the_sign_of_the_first() -> None:
    held = of_formula(TABLE, "y", lambda rows: rows.values["x"])
    whole = held.predict(lambda rows, split: rows)
    zero = tuple(np.zeros_like(each) for each in whole)
    losses = held.losses({"x": [whole], "zero": [zero]})
    found, back = difference(losses, 0, 1), difference(losses, 1, 0)
    assert found.mean == pytest.approx(losses.means[0] - losses.means[1])
    assert (back.low, back.high) == pytest.approx((-found.high, -found.low))
    assert found.low < found.mean < found.high
