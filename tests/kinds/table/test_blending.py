from dataclasses import replace
from typing import cast

import numpy as np
import polars as pl
import pytest

import rung
from rung.compute import RunContext
from rung.core.dataset import Dataset
from rung.core.events import ignore
from rung.core.family import Context, CrossFit, Family, Model, Problem
from rung.core.fold_partners import group_folds
from rung.core.fold_searches import choosing_splits
from rung.core.folds import Folds, partition_folds
from rung.families.table.boosting import FAMILY as BOOSTING
from rung.families.table.constant import FAMILY as CONSTANT
from rung.families.table.forest import FAMILY as FOREST
from rung.families.table.linear import FAMILY as LINEAR
from rung.families.table.svm import FAMILY as SVM
from rung.families.table.tree import FAMILY as TREE
from rung.kinds.attempt import attempt
from rung.kinds.table import blending
from rung.kinds.table.blending import at_hand, climb_blend
from rung.kinds.table.memory import make_room
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import PreparedTable, prepare
from rung.workbench import climb as module

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


def test_no_family_learns_again_where_all_rows_together_leave_one_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
        asked.append(len(folds.splits))
        return TREE.cross_fit(problem, folds, context)

    tree = replace(TREE, cross_fit=cross_fit)
    monkeypatch.setattr(module, "select", lambda *asked: (CONSTANT, LINEAR, tree))
    x = np.random.default_rng(0).normal(size=300)
    line = pl.DataFrame({"x": x, "y": 3 * x})
    found = module.climb(prepare(line, OPTIONS), OPTIONS, ignore, {})
    (entry,) = (one for one in found.ladder if one.family == "blend")
    assert entry.reason == "is not better than its best member, linear"
    assert asked == [4]


def test_folds_of_few_rows_are_no_ground_for_shares() -> None:
    entry = rung.fit(table(70), target="y", families=FAMILIES).result.entry("blend")
    assert entry.reason == (
        "the shares for a fold would be learned on 14 rows; a blend learns them on 20 or more"
    )


def test_shares_for_a_fold_do_not_depend_on_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blending, "keep_if_better", lambda blend, *others: blend)
    monkeypatch.setattr(blending, "cannot_win", lambda *asked: "")
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


def shares_of(prepared: PreparedTable) -> list[dict[str, float]]:
    fitted = module.climb(prepared, OPTIONS, ignore, {}).fitted("blend")
    return [one["shares"] for one in fitted.settings]


def test_what_a_family_said_while_it_chose_is_taken_for_shares() -> None:
    """Folds that are taken out in twos are those that choose together; no second pass is made."""
    asked: list[int] = []

    def silent(problem: Problem, folds: Folds, context: Context) -> CrossFit:
        return replace(TREE.cross_fit(problem, folds, context), paired=())

    def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
        asked.append(len(folds.splits))
        fitted = silent(problem, folds, context)
        grouped = group_folds(folds) if len(folds.splits) == 4 else None
        if grouped is None:
            return fitted
        pairs = TREE.cross_fit(problem, grouped.folds, context)
        everywhere = range(len(folds.splits))
        return replace(fitted, paired=tuple(grouped.of(pairs.predictions, i) for i in everywhere))

    def shares(family: Family) -> tuple[dict[str, float], ...]:
        context = RunContext(0, prepared.problem)
        climbed = [
            attempt(
                each, lambda own, e=each: e.cross_fit(prepared.problem, folds, own), context, {}
            )
            for each in (CONSTANT, LINEAR, family)
        ]
        room = make_room(1 << 33, prepared.dataset, prepared.problem, folds, n_families=3)
        blend = climb_blend(climbed, prepared, context, {}, room=room)
        assert blend.fitted is not None
        return tuple(each["shares"] for each in blend.fitted.settings)

    prepared = prepare(table(), OPTIONS)
    folds = prepared.folds
    assert shares(replace(TREE, cross_fit=cross_fit)) == shares(replace(TREE, cross_fit=silent))
    assert asked == [4]


@pytest.mark.parametrize(("n_folds", "n_rows"), [(5, 200), (10, 150)])
def test_families_that_cost_much_hand_over_what_they_said_while_they_chose(
    n_folds: int, n_rows: int
) -> None:
    """Else a blend would train them all again."""
    prepared = prepare(table(n_rows), replace(OPTIONS, folds=n_folds))
    folds, grouped = prepared.folds, group_folds(prepared.folds)
    rows = np.concatenate([grouped.rows(i) for i in range(n_folds)])
    y, places = prepared.problem.y, np.argsort(np.concatenate([s.test for s in folds.splits]))
    for family in (TREE, FOREST, BOOSTING, SVM):
        fitted = family.cross_fit(prepared.problem, folds, RunContext(0, prepared.problem))
        said = np.concatenate(at_hand(fitted, folds, grouped))
        held = np.concatenate(fitted.predictions)[places][rows]
        error, usual = (np.mean((each[:, 0] - y[rows]) ** 2) for each in (said, held))
        assert 0.7 < error / usual < 1.5, family.name


@pytest.mark.parametrize("n_folds", [4, 5, 9, 10, 11])
def test_only_rows_of_the_folds_taken_out_together_are_taken(n_folds: int) -> None:
    folds = partition_folds(np.arange(110) % n_folds)
    grouped = group_folds(folds)
    chosen = choosing_splits(folds)
    paired = tuple(np.zeros((len(own[0].test), 1)) for own in chosen)
    fitted = CrossFit((), (), cast(Model, None), paired=paired)
    assert at_hand(fitted, folds, grouped) == paired
    short = replace(fitted, paired=(paired[0][:-1], *paired[1:]))
    assert at_hand(short, folds, grouped) == ()
    assert at_hand(replace(fitted, paired=()), folds, grouped) == ()


def test_no_family_learns_again_where_shares_of_all_other_folds_do_not_win(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A little of the tree helps on the rows that the shares were learned on, and on no others."""
    asked: list[int] = []

    def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
        asked.append(len(folds.splits))
        return TREE.cross_fit(problem, folds, context)

    tree = replace(TREE, cross_fit=cross_fit)
    monkeypatch.setattr(module, "select", lambda *asked: (CONSTANT, LINEAR, tree))
    monkeypatch.setattr(blending, "_final_shares", lambda *asked: np.array([0.0, 0.9, 0.1]))
    rng = np.random.default_rng(3)
    x = rng.normal(size=300)
    line = pl.DataFrame({"x": x, "y": 3 * x + rng.normal(size=300)})
    found = module.climb(prepare(line, OPTIONS), OPTIONS, ignore, {})
    (entry,) = (one for one in found.ladder if one.family == "blend")
    assert entry.reason == "is not better than its best member, linear"
    assert asked == [4]
