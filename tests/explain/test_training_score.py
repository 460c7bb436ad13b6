"""Training scores: what a family learned by heart is seen."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import rung
from rung.explain.training_score import training_score
from tests.explain.held import of_family, of_formula

RNG = np.random.default_rng(7)
X = RNG.normal(size=(200, 3))
TABLE = pl.DataFrame({"a": X[:, 0], "b": X[:, 1], "c": X[:, 2], "y": RNG.normal(size=200)})


def test_a_formula_scores_the_same_on_training_rows_as_its_errors_say() -> None:
    held = of_formula(TABLE, "y", lambda rows: rows.values["a"])
    y, a = held.problem.y, held.design.values["a"]
    mean, per_fold = training_score(held, most_rows=10_000)
    expected = [np.sqrt(np.mean((y - a)[split.train] ** 2)) for split in held.splits]
    assert per_fold == pytest.approx(expected)
    assert mean == pytest.approx(np.sqrt(np.mean(np.square(expected))), rel=1e-3)


def test_few_training_rows_are_drawn_from_every_fold() -> None:
    held = of_family(TABLE, "y", "linear")
    mean, per_fold = training_score(held, most_rows=50)
    assert len(per_fold) == len(held.splits)
    assert mean > 0


def test_a_forest_of_noise_is_far_better_on_its_training_rows() -> None:
    run = rung.fit(TABLE, "y", families=["linear", "forest"], ledger=False)
    found = {one["family"]: one for one in run.result.sections["training_score"]}
    assert list(found) == ["constant", "linear", "forest"]
    gap = {name: one["held_out"]["mean"] - one["training"]["mean"] for name, one in found.items()}
    assert gap["forest"] > 0.15 > gap["constant"]
    score = run.result.entry("forest").scores["rmse"]
    assert found["forest"]["held_out"]["mean"] == pytest.approx(score.mean, rel=1e-5)
    assert found["forest"]["held_out"]["low"] == pytest.approx(min(score.per_fold), rel=1e-5)
