import json

import numpy as np
import pytest

from benchmarks.additive.__main__ import RESULTS, write_table
from benchmarks.additive.showing import write_readme
from benchmarks.additive.sources import DISTINCT, SOURCES, fold_numbers
from benchmarks.additive.with_rung import cross_fit, read_problem
from rung.families.table.additive import FAMILY


def test_the_readme_shows_the_results(tmp_path):
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    write_readme(results, tmp_path / "README.md")
    shown = (RESULTS.parent / "README.md").read_text(encoding="utf-8")
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == shown


def test_the_rung_is_never_worse_by_a_twentieth_and_takes_a_tenth_of_the_time():
    results = json.loads(RESULTS.read_text(encoding="utf-8"))["curves"]
    for found in results.values():
        scores, seconds = found["scores"], found["processor_s"]
        assert scores["additive"][0] <= 1.05 * scores["ebm"][0]
        assert seconds["additive"] <= 0.1 * seconds["ebm"]


def test_the_rung_is_worse_than_ebm_only_where_copies_stand_on_both_sides_of_folds():
    results = json.loads(RESULTS.read_text(encoding="utf-8"))["curves"]
    assert [name for name, one in results.items() if one["additive_is"] == "worse"] == [
        "wine white"
    ]
    copies, distinct = results["wine white"], results[DISTINCT]
    assert distinct["rows"] == copies["rows"] - 937
    assert distinct["scores"]["additive"][0] < distinct["scores"]["ebm"][0]


def test_a_table_comes_back_as_it_was_written(tmp_path):
    pytest.importorskip("sklearn")
    source = next(one for one in SOURCES if one.name == "diabetes")
    write_table(source, tmp_path)
    problem, folds = read_problem(tmp_path)
    assert problem.design.numbers().shape == (442, 10)
    assert len(folds.splits) == 5
    np.testing.assert_array_equal(folds.splits[2].test, np.flatnonzero(fold_numbers(442) == 2))
    outputs, seconds = cross_fit(FAMILY, problem, folds)
    rmse = np.sqrt(np.mean((outputs[:, 0] - problem.y) ** 2))
    assert rmse == pytest.approx(54.5, abs=0.1)
    assert seconds > 0
