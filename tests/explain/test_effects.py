"""How predictions change with a column, against formulas and another library."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from rung.explain.effects import effect
from tests.explain.held import of_family, of_formula

RNG = np.random.default_rng(0)
N = 500
X, Z = RNG.normal(size=(2, N))
KIND = RNG.choice(["a", "b", "c"], N)
TABLE = pl.DataFrame({"x": X, "z": Z, "kind": KIND, "y": X**2 + Z})


def square(rows):
    return rows.values["x"] ** 2 + rows.values["z"]


def test_partial_dependence_of_a_sum_is_its_term_plus_the_mean_of_the_others() -> None:
    held = of_formula(TABLE, "y", square)
    found = effect(held, "x", most_rows=10_000)
    places = np.array(found.places)
    assert found.mean[:, 0] == pytest.approx(places**2 + held.design.values["z"].mean())
    assert found.low.shape == found.high.shape == found.mean.shape
    assert (found.low <= found.mean).all()
    assert (found.mean <= found.high).all()


def test_local_effects_follow_the_term_too() -> None:
    held = of_formula(TABLE, "y", square)
    found = effect(held, "x", most_rows=10_000)
    places = np.array(found.places)
    inside = np.abs(places) < 1.5
    expected = places**2 + held.design.values["z"].mean()
    assert np.abs(found.local[:, 0] - expected)[inside].max() < 0.35


def test_local_effects_do_not_leave_the_data_where_columns_go_together() -> None:
    """A product of columns that are equal: dependence by parts is flat, locally it is a square."""
    x = RNG.normal(size=N)
    table = pl.DataFrame({"x": x, "twin": x + RNG.normal(size=N) / 100, "y": x**2})
    held = of_formula(table, "y", lambda rows: rows.values["x"] * rows.values["twin"])
    found = effect(held, "x", most_rows=10_000)
    places = np.array(found.places)
    ends = np.abs(places) > 1
    assert np.abs(found.mean[ends, 0]).max() < 0.5
    slope = np.polyfit(places**2, found.local[:, 0], 1)[0]
    assert slope == pytest.approx(0.5, abs=0.05)


def test_partial_dependence_agrees_with_scikit_learn() -> None:
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.inspection import partial_dependence

    held = of_family(TABLE.select("x", "z", "y"), "y", "tree", test_fraction=0.0)
    model = held.models[0]
    rows = held.design.take(held.splits[0].test)

    class Wrapped(RandomForestRegressor):
        def __sklearn_is_fitted__(self):
            return True

        def predict(self, numbers):
            from tests.explain.held import Dataset

            names = held.design.number_names
            values = dict(rows.values) | {n: numbers[:, j] for j, n in enumerate(names)}
            return model.predict(Dataset(rows.columns, values, len(numbers)))[:, 0]

    one = type(held)(**vars(held) | {"splits": held.splits[:1], "models": held.models[:1]})
    found = effect(one, "x", most_rows=10_000)
    theirs = partial_dependence(
        Wrapped(),
        rows.numbers(),
        [list(held.design.number_names).index("x")],
        custom_values={list(held.design.number_names).index("x"): np.array(found.places)},
        method="brute",
        kind="average",
    )
    assert found.mean[:, 0] == pytest.approx(theirs["average"][0])


def test_levels_of_a_category_are_named_and_counted() -> None:
    held = of_formula(TABLE, "y", square)
    found = effect(held, "kind", most_rows=10_000)
    assert set(found.places) == {"a", "b", "c"}
    counted = dict(zip(found.places, found.density, strict=True))
    kinds = held.design.values["kind"]
    levels = held.design.column("kind").levels
    assert counted == {level: int((kinds == i).sum()) for i, level in enumerate(levels)}
    assert found.local.size == 0


def test_a_column_without_any_value_has_no_places() -> None:
    table = TABLE.with_columns(empty=pl.lit(None, dtype=pl.Float64))
    held = of_formula(table, "y", square, features=("x", "z", "empty"))
    if "empty" in [column.name for column in held.features]:
        assert effect(held, "empty").places == ()
