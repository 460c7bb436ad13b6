import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.check.__main__ import RESULTS
from benchmarks.check.score import (
    VERDICTS,
    judgements,
    precision,
    precision_table,
    recall,
    recall_table,
)
from benchmarks.check.tables import Checked, find_column
from rung.core.dataset import Column, Dataset
from rung.core.findings import Finding

FOUND = json.loads(RESULTS.read_text(encoding="utf-8"))


def test_the_tables_of_the_readme_are_those_of_the_results() -> None:
    text = Path(RESULTS).with_name("README.md").read_text(encoding="utf-8")
    assert recall_table(FOUND["recall"]) in text
    assert precision_table(FOUND["precision"]) in text
    assert f"{FOUND['tables']} of the {FOUND['tables'] + len(FOUND['refused'])} entries" in text


def test_every_published_finding_is_judged_and_none_is_wrong() -> None:
    assert {row["verdict"] for row in FOUND["findings"]} <= {"right", "neutral"}
    assert all(verdict in VERDICTS and reason for verdict, reason in judgements().values())


@pytest.mark.parametrize("kind", FOUND["recall"])
def test_every_known_problem_is_found(kind: str) -> None:
    assert FOUND["recall"][kind]["missed"] == []


def test_a_problem_counts_as_found_only_under_its_code_and_column() -> None:
    table = Checked("t", "y", findings=(Finding("leak", "alarm", ("a", "b"), ""),))
    problems = [
        {"file": "t", "column": "b", "kind": "leak"},
        {"file": "t", "column": "c", "kind": "leak"},
        {"file": "t", "column": "a", "kind": "constant"},
    ]
    counted = recall([table], problems)
    assert (counted["leak"]["known"], counted["leak"]["found"]) == (2, 1)
    assert counted["leak"]["missed"] == ["t: c"]
    assert counted["constant"]["found"] == 0


def test_findings_without_a_judgement_are_counted_apart() -> None:
    rows = [{"code": "leak", "verdict": "unjudged"}, {"code": "leak", "verdict": "wrong"}]
    assert precision(rows)["leak"] == {"right": 0, "neutral": 0, "wrong": 1, "unjudged": 1}


def test_targets_are_found_by_name_place_or_as_the_last() -> None:
    names = ("a", "b ", "c")
    table = Dataset(tuple(Column(n, "number") for n in names), dict.fromkeys(names, np.ones(1)), 1)
    assert [find_column(table, written) for written in ("last", "col 2", "column 1", "b", "z")] == [
        "c",
        "b ",
        "a",
        "b ",
        "",
    ]
