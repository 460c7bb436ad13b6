import dataclasses
import json
import math
from dataclasses import dataclass

import numpy as np
import pytest

from rung.core.findings import Finding
from rung.core.result import (
    Choice,
    ColumnSummary,
    DatasetSummary,
    FoldsSummary,
    LadderEntry,
    Result,
    Score,
    TestResult,
    TestScore,
    TextSummary,
    plain,
)


def result() -> Result:
    column = ColumnSummary("mass", "number", "target", missing=0, distinct=9)
    score = Score(1.5, 1.0, math.inf, (1.0, 2.0))
    return Result(
        dataset=DatasetSummary("a.csv", 9, 1, (column,), "abc"),
        task="regression",
        target="mass",
        metric="rmse",
        loss="squared_error",
        classes=(),
        positive=None,
        findings=(Finding("constant", "warning", ("x",), "x is 1 in all rows"),),
        folds=FoldsSummary("random", 5, 1, 9, 9, 9, "rows", "def"),
        ladder=(
            LadderEntry("constant", "constant", 0, "scored", scores={"rmse": score}),
            LadderEntry("linear", "linear", 20, "skipped", reason="too few rows"),
        ),
        choice=Choice(
            "constant", "constant", "undecided", False, "simplest", "rmse", 0.1, 0.2, "default",
            "undecided: only constant was scored",
        ),
        test=TestResult(opened=False, n=0),
        options={"folds": 5},
        seed=3,
        versions={"rung": "0.1.0"},
    )  # fmt: skip


def test_the_dictionary_of_a_table_has_schema_one_and_no_sections() -> None:
    found = result().to_dict()
    assert list(found)[:3] == ["schema", "dataset", "task"]
    assert found["schema"] == 1
    assert "sections" not in found
    assert (found["seed"], found["options"]) == (3, {"folds": 5})
    assert found["ladder"][0]["scores"]["rmse"] == {
        "mean": 1.5, "low": 1.0, "high": None, "per_fold": [1.0, 2.0],
    }  # fmt: skip
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_the_dictionary_of_a_text_has_its_summary() -> None:
    text = TextSummary("lines", "lines", 100, 10, 9, 27, 8, {}, {}, ())
    found = dataclasses.replace(result(), sections={"text": text}).to_dict()
    assert found["sections"]["text"]["n_tokens"] == 27
    assert found["schema"] == 1


def test_scores_of_the_sealed_rows_stand_by_role_and_metric() -> None:
    score = TestScore(1.5, 1.0, 2.0, 0.95, "bootstrap")
    opened = TestResult(True, 9, families={"choice": "linear"}, scores={"choice": {"mae": score}})
    found = dataclasses.replace(result(), test=opened).to_dict()["test"]
    assert found["scores"]["choice"]["mae"]["level"] == 0.95
    assert (found["opened"], found["n"], found["confusion"]) == (True, 9, None)


def test_an_entry_is_found_by_its_family() -> None:
    assert result().entry("linear").reason == "too few rows"
    assert result().entry("constant").status == "scored"


def test_a_choice_reads_as_its_sentence() -> None:
    assert str(result().choice) == "undecided: only constant was scored"


@dataclass(frozen=True)
class Pair:
    first: object
    second: object


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Pair(1, (2, [3])), {"first": 1, "second": [2, [3]]}),
        ({1: Pair("a", None), "b": True}, {"1": {"first": "a", "second": None}, "b": True}),
        (np.array([[1.0, np.nan], [np.inf, 2.0]]), [[1.0, None], [None, 2.0]]),
        (np.float64(0.5), 0.5),
        (np.float32(-np.inf), None),
        (np.int64(7), 7),
        (np.bool_(True), True),
        (math.nan, None),
        ("text", "text"),
        (10**30, 10**30),
    ],
)
def test_values_become_what_json_knows(value: object, expected: object) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)


def test_a_class_is_no_record() -> None:
    assert plain(Pair) is Pair
