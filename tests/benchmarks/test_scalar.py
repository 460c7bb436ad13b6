"""What is published about scalars holds, and the engines train the same thing."""

import json
import random

import pytest

from benchmarks.scalar import __main__ as command
from benchmarks.scalar import worker
from benchmarks.scalar.agreement import compare_with_torch


def test_published_ratios_are_those_promised():
    found = json.loads(command.RESULTS.read_text(encoding="utf-8"))
    assert (found["points"], found["steps"], len(found["runs"])) == (100, 100, 2)
    for rows in found["runs"]:
        for row in rows:
            assert row["cpu_ratio"] >= {"micrograd": 1, "eager": 2, "compiled": 100}[row["engine"]]
            assert row["curve_difference"] <= command.TOLERANCE
    assert found["agreement"]["graphs"] == 10_000
    assert found["agreement"]["worst"] <= 1e-12
    assert command.table(found) in command.RESULTS.with_name("README.md").read_text("utf-8")


def test_both_engines_train_the_same_network():
    X, y = command.moons(10)
    job = {"X": X, "y": y, "sizes": [4, 1], "seed": 3, "steps": 4, "pause": True}
    state = random.getstate()
    try:
        eager, compiled = (worker.train({"engine": e, **job}) for e in ("eager", "compiled"))
    finally:
        random.setstate(state)
    assert eager["curve"] == pytest.approx(compiled["curve"], rel=1e-12)
    assert len(set(eager["curve"])) == 4


def test_torch_agrees_on_a_few_graphs():
    found = compare_with_torch(20)
    assert found["numbers"] == 100
    assert found["worst"] <= 1e-12
