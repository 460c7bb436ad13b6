from dataclasses import replace

import numpy as np
import polars as pl
import pytest

import rung
from rung.core.dataset import Dataset
from rung.core.events import ignore
from rung.workbench import climb as module
from rung.workbench.options import FitOptions
from rung.workbench.prepare import Prepared, prepare

FAMILIES = ("linear", "tree", "blend")
OPTIONS = FitOptions("y", families=FAMILIES, folds=4, test_fraction=0.0, choose="leader")


def table(n_rows: int = 400, seed: int = 0) -> pl.DataFrame:
    """Return a line plus steps: neither a line nor a tree alone is enough."""
    rng = np.random.default_rng(seed)
    x, z = rng.uniform(-3, 3, size=(2, n_rows))
    y = 2 * x + 3 * (z > 0) * (x > 0) + 0.5 * rng.normal(size=n_rows)
    return pl.DataFrame({"x": x, "z": z, "y": y})


def test_a_blend_leads_where_families_know_different_things() -> None:
    run = rung.fit(table(), target="y", families=FAMILIES, folds=4, choose="leader")
    assert run.verdict.family == "blend"
    assert run.model.predict(table(5)).shape == (5,)
    entry = run.result.entry("blend")
    assert {"linear", "tree"} <= set(entry.settings[0]["shares"])


def test_a_blend_that_is_no_better_leaves_itself_out() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=300)
    line = pl.DataFrame({"x": x, "y": 3 * x + rng.normal(size=300)})
    entry = rung.fit(line, target="y", families=FAMILIES).result.entry("blend")
    if entry.status == "skipped":
        assert entry.reason == "is not better than its best member, linear"
    else:
        assert entry.scores is not None


def test_folds_of_few_rows_are_no_ground_for_shares() -> None:
    entry = rung.fit(table(70), target="y", families=FAMILIES).result.entry("blend")
    assert entry.reason == (
        "the shares for a fold would be learned on 14 rows; a blend learns them on 20 or more"
    )


def test_shares_for_a_fold_do_not_depend_on_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_keep_if_better", lambda blend, *others: blend)
    prepared = prepare(table(), OPTIONS)
    held = prepared.folds.splits[2].test
    y = prepared.problem.y.copy()
    y[held] = np.random.default_rng(1).normal(scale=100, size=len(held))
    values = dict(prepared.problem.design.values)
    values["x"] = values["x"].copy()
    values["x"][held] *= -50
    design = Dataset(prepared.problem.design.columns, values, len(y))
    changed = replace(prepared, problem=replace(prepared.problem, y=y, design=design))
    first, second = shares_of(prepared), shares_of(changed)
    assert first[2] == second[2]
    assert first[0] != second[0]
    assert first[3] != second[3]


def shares_of(prepared: Prepared) -> list[dict[str, float]]:
    fitted = module.climb(prepared, OPTIONS, ignore, {}).fitted("blend")
    return [one["shares"] for one in fitted.settings]
