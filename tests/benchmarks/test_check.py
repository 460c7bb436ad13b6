import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.check.__main__ import RESULTS
from benchmarks.check.score import (
    OF_DEPENDENCE,
    VERDICTS,
    alarm_table,
    cost_table,
    false_alarms,
    judgements,
    planted_table,
    precision,
    precision_table,
    recall,
    recall_table,
)
from benchmarks.check.simulated import PLANTED, clean_table
from benchmarks.check.tables import Checked, find_column
from rung.core.dataset import Column, Dataset
from rung.core.findings import Finding
from rung.workbench import check_table

FOUND = json.loads(RESULTS.read_text(encoding="utf-8"))


def test_the_tables_of_the_readme_are_those_of_the_results() -> None:
    text = Path(RESULTS).with_name("README.md").read_text(encoding="utf-8")
    assert recall_table(FOUND["recall"]) in text
    assert precision_table(FOUND["precision"]) in text
    assert alarm_table(FOUND["alarms"]) in text
    assert planted_table(FOUND["planted"]) in text
    assert cost_table(FOUND["cost"]) in text
    assert f"{FOUND['tables']} of the {FOUND['tables'] + len(FOUND['refused'])} entries" in text


def test_every_published_finding_is_judged_and_none_is_wrong() -> None:
    assert {row["verdict"] for row in FOUND["findings"]} <= {"right", "neutral"}
    assert all(verdict in VERDICTS and reason for verdict, reason in judgements().values())


@pytest.mark.parametrize("kind", sorted(set(FOUND["recall"]) - set(OF_DEPENDENCE)))
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


def test_the_published_rates_are_those_asked_for() -> None:
    known = [one for kind, one in FOUND["recall"].items() if kind not in OF_DEPENDENCE]
    assert sum(one["found"] for one in known) >= 0.95 * sum(one["known"] for one in known)
    assert FOUND["alarms"]["false"] <= FOUND["tables"] / 10
    assert FOUND["clean"]["tables"] >= 200
    assert FOUND["clean"]["with_alarm"] <= 0.02 * FOUND["clean"]["tables"]
    assert all(one["found"] >= 0.95 * one["tables"] for one in FOUND["planted"].values())


def test_only_alarms_that_nobody_defends_are_false() -> None:
    rows = [
        {"code": "leak", "severity": severity, "verdict": verdict}
        for severity, verdict in (
            ("alarm", "right"),
            ("alarm", "neutral"),
            ("alarm", "wrong"),
            ("warning", "wrong"),
        )
    ]
    assert false_alarms(rows, 10) == {
        "by_code": {"leak": {"alarms": 3, "false": 1}},
        "false": 1,
        "tables": 10,
    }


def test_columns_named_by_their_place_are_found_under_their_name() -> None:
    table = Checked(
        "t", "y", findings=(Finding("redundant", "info", ("column_5", "column_4"), ""),)
    )
    problems = [{"file": "t", "column": "column 5", "kind": "redundant"}]
    assert recall([table], problems)["redundant"]["found"] == 1


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_problem_is_found(name: str) -> None:
    code, make = PLANTED[name]
    table, columns = make(3)
    findings = check_table(pl.DataFrame(table), target="y")
    assert any(one.code == code and set(columns) <= set(one.columns) for one in findings)


def test_clean_tables_are_alike_for_one_seed_and_raise_no_alarm() -> None:
    table, target = clean_table(5)
    again, _ = clean_table(5)
    assert all((np.asarray(table[name]) == np.asarray(again[name])).all() for name in ("y",))
    for seed in range(5):
        table, target = clean_table(seed)
        findings = check_table(pl.DataFrame(table), target=target)
        assert "alarm" not in {one.severity for one in findings}
