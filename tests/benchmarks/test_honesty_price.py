import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.honesty_price import loop, plain
from benchmarks.honesty_price.__main__ import RESULTS, measure
from benchmarks.honesty_price.showing import SHOWN, floor, least, price
from rung.compute import RunContext
from rung.families import discover
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import prepare

FOUND = json.loads(RESULTS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def prepared():
    generator = np.random.default_rng(0)
    x, z = generator.normal(size=(2, 60))
    table = {"x": x, "z": z, "y": x + z * z + generator.normal(0, 0.1, 60)}
    return prepare(table, FitOptions("y", folds=5, test_fraction=0.0))


@pytest.mark.parametrize("shown", SHOWN)
def test_the_tables_of_the_readme_are_those_of_the_results(shown) -> None:
    text = Path(RESULTS).with_name("README.md").read_text(encoding="utf-8")
    assert shown(FOUND) in text


def test_every_family_with_a_counterpart_was_measured() -> None:
    measured = {name for table in FOUND["tables"].values() for name in table["families"]}
    assert measured == {family.name for family in discover()} & {*plain.KNOWN}


def test_the_price_is_the_ladder_over_the_plain_fits() -> None:
    table = {
        "families": {
            "a": {"cross_fitted": 4.0, "plain": 1.0, "predicting": 1.0},
            "b": {"cross_fitted": 2.0, "plain": 1.0, "predicting": 0.0},
        }
    }
    assert (price(table), price(table, predicts=True)) == (3.0, 2.0)


def test_the_floor_of_a_ladder_weighs_its_families_by_their_plain_fits() -> None:
    families = {"forest": {"plain": 3.0}, "boosting": {"plain": 1.0}, "linear": {"plain": 1.0}}
    assert least({"task": "regression", "families": families}) == (3.0 + 4.0 + 1.0) / 5.0
    assert least({"task": "binary", "families": families}) == (3.0 + 4.0 + 5.0) / 5.0
    assert floor("constant", "binary") == 1.0


@pytest.mark.parametrize("name", ["linear", "tree", "neighbours"])
def test_the_plain_fit_predicts_as_well_as_the_family_it_stands_for(prepared, name: str) -> None:
    family = next(family for family in discover() if family.name == name)
    context = RunContext(0, prepared.problem)
    fitted = family.cross_fit(prepared.problem, prepared.folds, context)
    predict = plain.fit(name, prepared.problem, context, fitted.settings[0])
    own = fitted.model.predict(prepared.problem.design)[:, 0]
    assert np.corrcoef(predict(), own)[0, 1] > 0.9


def test_the_loop_searches_the_penalties_of_the_line(prepared) -> None:
    context = RunContext(0, prepared.problem)
    size = loop.cross_fit("linear", prepared.problem, context, {"penalty": 0.1})
    assert size == len(loop.PENALTIES)


def test_measuring_tells_each_family_apart(prepared, monkeypatch) -> None:
    few = tuple(family for family in discover() if family.name in ("constant", "linear"))
    monkeypatch.setattr("benchmarks.honesty_price.__main__.discover", lambda: few)
    measured = measure(prepared, loops=True)
    assert set(measured["families"]) == {"constant", "linear"}
    assert measured["families"]["linear"]["grid"] == len(loop.PENALTIES)
