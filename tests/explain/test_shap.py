"""SHAP values of models on rows that they have not seen: they add up, and are those worked by hand."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest

from rung.explain.held_out import HeldOut
from rung.explain.shap import ShapValues, encoded_columns, feature_owners, shap_values
from rung.families import whole_ladder
from tests.explain.held import of_family

FORMS = {family.name: family.form for family in whole_ladder("table")}
N = 160


@cache
def table() -> tuple[pl.DataFrame, np.ndarray]:
    """Two numbers that go together, gaps, few and many levels, weights; and what they give."""
    rng = np.random.default_rng(5)
    x, z, w = rng.normal(size=(3, N))
    many, few = rng.choice(list("abcdefghijkl"), N), rng.choice(["p", "q", "r"], N)
    score = x * w + 2 * z + (many == "a") - (few == "p") + 0.3 * rng.normal(size=N)
    rows = pl.DataFrame({"x": x, "z": z, "near z": z + 0.1 * w, "many": many, "few": few})
    gaps = pl.when(pl.int_range(N) % 9 == 0).then(None).otherwise(pl.col("x"))
    return rows.with_columns(x=gaps, weight=pl.Series(rng.integers(1, 4, N).astype(float))), score


def held_out(family: str, task: str) -> HeldOut:
    rows, score = table()
    labels = {
        "regression": score,
        "binary": np.where(score > 0, "yes", "no"),
        "multiclass": np.where(score > 1, "high", np.where(score > -0.5, "middle", "low")),
    }
    made = rows.with_columns(y=pl.Series(labels[task]))
    return of_family(made, "y", family, weight="weight", folds=3)


def explained_outputs(held: HeldOut, found: ShapValues) -> np.ndarray:
    """Return what the values must add up to, from what the models predict."""
    predicted = np.concatenate(held.predict(lambda rows, split: rows))
    if found.unit == "log odds":
        return np.log(predicted[:, [1]] / predicted[:, [0]])
    if found.unit == "score":
        logs = np.log(predicted)
        return logs - logs.mean(axis=1, keepdims=True)
    return (
        predicted[:, [1]] if found.unit == "probability" and len(found.outputs) == 1 else predicted
    )


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass"])
@pytest.mark.parametrize("family", ["linear", "additive", "tree", "forest", "boosting"])
def test_values_and_base_add_up_to_what_the_model_predicts(family: str, task: str) -> None:
    held = held_out(family, task).thinned(60)
    found = shap_values(held, FORMS[family])
    total = found.values.sum(axis=1) + found.base
    np.testing.assert_allclose(total, explained_outputs(held, found), atol=1e-9)
    assert {"x", "many", "few"} <= {one.column for one in found.columns}


def test_the_base_is_the_weighted_mean_over_the_training_rows_of_each_fold() -> None:
    for family in ("linear", "tree", "forest"):
        held = held_out(family, "regression")
        found = shap_values(held, FORMS[family], most_rows=30)
        for i, (model, split) in enumerate(zip(held.models, held.splits, strict=True)):
            predicted = model.predict(held.design, split.train)[:, 0]
            mean = np.average(predicted, weights=held.problem.weights(split.train))
            assert found.base[found.split == i, 0] == pytest.approx(mean)


def test_a_column_of_a_line_adds_its_slope_times_its_distance_from_the_mean() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(5.0, 2.0, size=(2, 120))
    held = of_family(pl.DataFrame({"a": a, "b": b, "y": 3 * a - b}), "y", "linear")
    found = shap_values(held, FORMS["linear"])
    assert [one.column for one in found.columns] == ["a", "b"]
    trained = held.splits[0].train
    own = found.rows[found.split == 0]
    values = held.design.values["a"]
    by_hand = 3 * (values[own] - values[trained].mean())
    np.testing.assert_allclose(found.values[found.split == 0, 0, 0], by_hand, rtol=0.01, atol=0.02)
    sizes = np.abs(found.values[:, 0, 0])
    assert found.columns[0].mean.mean == pytest.approx(sizes.mean())
    # The spread of rows, widened for models that share training rows.
    width = 1.98 * np.sqrt(1 + 10 / 9) * sizes.std() / np.sqrt(len(sizes))
    assert found.columns[0].mean.high - found.columns[0].mean.mean == pytest.approx(width, rel=0.05)


def test_values_of_a_useless_column_are_nothing_to_a_tree() -> None:
    rng = np.random.default_rng(2)
    a = rng.normal(size=200)
    made = pl.DataFrame({"a": a, "noise": rng.normal(size=200), "y": np.sign(a)})
    found = shap_values(of_family(made, "y", "tree"), FORMS["tree"])
    sizes = {one.column: one.mean.mean for one in found.columns}
    assert sizes["noise"] < 0.01 * sizes["a"]


def test_the_positive_class_is_the_one_explained() -> None:
    held = held_out("linear", "binary")
    turned = HeldOut(**vars(held) | {"positive": 0})
    found, other = (shap_values(one, FORMS["linear"]) for one in (held, turned))
    assert (found.outputs, other.outputs) == (("yes",), ("no",))
    np.testing.assert_allclose(found.values, -other.values, atol=1e-12)


def test_levels_and_gaps_of_a_column_are_the_column() -> None:
    held = held_out("linear", "regression")
    places = encoded_columns(held.models[0].encoder, {})  # type: ignore[attr-defined]
    assert {name: len(own) for name, own in places.items()}["x"] == 2
    assert len(places["few"]) >= 3
    every = np.concatenate(list(places.values()))
    assert sorted(every) == list(range(held.models[0].encoder.width))  # type: ignore[attr-defined]
    tree = held_out("tree", "multiclass").models[0].encoder  # type: ignore[attr-defined]
    assert len(feature_owners(tree, {})) == tree.n_features
    assert feature_owners(tree, {}).count("few") == 3


@pytest.mark.parametrize("family", ["linear", "additive", "tree"])
def test_the_parts_of_a_date_are_one_column(family: str) -> None:
    days = np.arange(90)
    dates = np.datetime64("2020-01-01", "D") + days * 9
    made = pl.DataFrame({"day": dates, "a": np.cos(days), "y": days / 30 + np.cos(days)})
    held = of_family(made, "y", family, folds=3)
    found = shap_values(held, FORMS[family])
    assert {"day", "a"} <= {one.column for one in found.columns}
    assert not any("." in one.column for one in found.columns if " " not in one.column)
    total = found.values.sum(axis=1) + found.base
    np.testing.assert_allclose(total, explained_outputs(held, found), atol=1e-9)
