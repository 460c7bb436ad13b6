"""Formulas: the program gives what the model predicts, in the table's own units."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from rung.core.events import ignore
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import prepare
from rung.prep.formula_python import formula_python
from rung.workbench.climb import climb

RNG = np.random.default_rng(2)
N = 240
A, B = RNG.normal(50, 4, N), RNG.normal(-2, 0.1, N)
KIND = RNG.choice(["red", "green", "o'blue"], N)
SIGNAL = A + 30 * B + 5 * (KIND == "red") + RNG.normal(size=N) + 3 * (A - 50) * (B + 2)
GAPPY = np.where(RNG.uniform(size=N) < 0.1, np.nan, A)
FEATURES = {"a": GAPPY, "b b": B, "kind": [None if i % 17 == 0 else k for i, k in enumerate(KIND)]}
TARGETS = {
    "regression": SIGNAL,
    "binary": np.where(np.median(SIGNAL) < SIGNAL, "yes", "no"),
    "multiclass": np.array(["x", "y", "z"])[np.digitize(SIGNAL, np.quantile(SIGNAL, [0.4, 0.8]))],
}
WITH_FORMULA = {
    "regression": ("constant", "one_feature", "linear", "additive", "polynomial"),
    "binary": ("constant", "one_feature", "linear", "naive_bayes", "additive", "polynomial"),
    "multiclass": ("constant", "one_feature", "linear", "naive_bayes", "additive", "polynomial"),
}


def computed(model, family, target: str, classes, rows) -> np.ndarray:
    names: dict = {}
    exec(formula_python(family.formula(model), target, classes), names)
    made = [names["predict"](row) for row in rows]
    return np.array([[each] if not classes else [each[name] for name in classes] for each in made])


@pytest.mark.parametrize("task", list(TARGETS))
def test_the_program_gives_the_predictions_of_every_model(task: str) -> None:
    table = pl.DataFrame({**FEATURES, "t": TARGETS[task]})
    asked = FitOptions("t", families=WITH_FORMULA[task], ledger=False, folds=4)
    prepared = prepare(table, asked)
    found = climb(prepared, asked, ignore, {})
    design = prepared.problem.design
    rows = [
        {
            name: (design.strings(name)[i] if name == "kind" else design.values[name][i])
            for name in ("a", "b b", "kind")
        }
        for i in range(design.n_rows)
    ]
    rows += [{"a": None, "b b": None, "kind": None}, {"a": 51.0, "b b": -2.0, "kind": "new"}]
    for name in WITH_FORMULA[task]:
        family = found.family(name)
        fitted = found.fitted(name)
        for model in (fitted.model, fitted.models[0]):
            made = computed(model, family, "t", prepared.problem.classes, rows)
            assert made[:-2] == pytest.approx(model.predict(design), rel=1e-12, abs=1e-12), name
        gone = {
            "a": np.array([np.nan, 51.0]),
            "b b": np.array([np.nan, -2.0]),
            "kind": np.array([-1, -2], dtype=np.int32),
        }
        unknown = type(design)(design.features, gone, 2)
        assert computed(fitted.model, family, "t", prepared.problem.classes, rows[-2:]) == (
            pytest.approx(fitted.model.predict(unknown), rel=1e-12, abs=1e-12)
        ), name


def test_a_straight_formula_starts_at_zero_of_every_number() -> None:
    from rung.prep.formula import Formula, Product

    line = Formula(intercept=(7.0,), pieces=(Product(("x",), (2.0,)),), centres={"x": 3.0})
    assert line.coefficients() == {(): (1.0,), ("x",): (2.0,)}
    square = Formula(intercept=(7.0,), pieces=(Product(("x", "x"), (2.0,)),), centres={"x": 3.0})
    assert square.coefficients() == {(): (7.0,), ("x", "x"): (2.0,)}
