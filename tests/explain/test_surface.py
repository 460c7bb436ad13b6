"""Surfaces of two columns, and which pair is more than the sum of its curves."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from rung.errors import UsageError
from rung.explain.surface import interactions, of_fold, surface, surface_places
from tests.explain.held import of_formula

RNG = np.random.default_rng(3)
N = 200
A, B, C = RNG.normal(size=(3, N))
TABLE = pl.DataFrame({"a": A, "b": B, "c": C, "kind": RNG.choice(["u", "v"], N), "y": A + B})


def product(rows):
    return rows.values["a"] * rows.values["b"] + 5 * rows.values["c"]


def total(rows):
    return rows.values["a"] ** 2 + np.exp(rows.values["b"]) - 3 * rows.values["c"]


def test_the_surface_of_a_product_is_the_product_plus_the_mean_of_the_rest() -> None:
    one = of_fold(of_formula(TABLE, "y", product), 1)
    places = [np.array([-1.0, 0.5, 2.0]), np.array([-2.0, 3.0])]
    found = surface(one, ("a", "b"), places=places)[:, :, 0]
    rest = 5 * one.design.values["c"][one.splits[0].test].mean()
    assert found == pytest.approx(np.outer(*places) + rest)


def test_a_sum_of_curves_has_no_interaction_and_a_planted_product_comes_first() -> None:
    few = of_fold(of_formula(TABLE, "y", total), 0).thinned(20)
    assert max(one.share for one in interactions(few, ["a", "b", "c"])) < 1e-12
    best, *others = interactions(
        of_fold(of_formula(TABLE, "y", product), 0).thinned(20), ["a", "b", "c"]
    )
    assert best.columns == ("a", "b")
    assert best.share > 0.5
    assert max(one.size for one in others) < 1e-12


def test_the_size_of_an_interaction_is_that_of_the_centred_product() -> None:
    """What a b is beside its curves is (a - mean a)(b - mean b), here over the rows themselves."""
    few = of_fold(of_formula(TABLE, "y", product), 0).thinned(20)
    a, b = (few.design.values[name][few.splits[0].test] for name in "ab")
    apart = a * b.mean() + b * a.mean()
    beside = a * b - apart
    (best, *_) = interactions(few, ["a", "b", "c"])
    # Each of the three is centred, so that the rest has the mean 0 too.
    assert best.size == pytest.approx((beside - beside.mean()).std())


def test_places_leave_out_the_ends_of_numbers_and_take_every_value_of_few() -> None:
    held = of_formula(TABLE, "y", total)
    places = surface_places(held.design.column("a"), A, 5)
    assert places[0] == pytest.approx(np.quantile(A, 0.01, method="nearest"))
    assert np.diff(places) == pytest.approx(np.diff(places)[0])
    assert surface_places(held.design.column("a"), np.array([1.0, 2, 2, np.nan]), 5).tolist() == [
        1.0,
        2.0,
    ]
    codes = held.design.values["kind"]
    assert surface_places(held.design.column("kind"), codes).tolist() == [0, 1]


def test_a_fold_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="fold 10 is none of this run; its 10 folds are 0 to 9"):
        of_fold(of_formula(TABLE, "y", total), 10)
