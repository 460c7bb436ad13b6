"""A result that was written can be read again."""

import json
import math
from dataclasses import replace

import pytest

from rung.core.reading_results import result_from
from rung.core.result import Score
from rung.errors import DataError
from tests.report.example import EXAMPLES, regression


def written(result):
    return json.loads(json.dumps(result.to_dict()))


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_read_is_written_the_same_again(name):
    result = EXAMPLES[name]()
    again = result_from(written(result))
    assert again.to_dict() == result.to_dict()
    assert again.ladder[1].scores["rmse" if name == "regression" else result.metric] is not None
    assert again.findings == result.findings


def test_numbers_that_were_not_finite_are_nan_or_none():
    base = regression()
    entry = replace(
        base.ladder[0], scores={"rmse": Score(math.inf, 1.0, 2.0)}, settle_units=math.inf
    )
    again = result_from(written(replace(base, ladder=(entry, *base.ladder[1:]))))
    assert math.isnan(again.ladder[0].scores["rmse"].mean)
    assert again.ladder[0].settle_units is None


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"schema": 2}, "schema 2; 1 can be read"),
        ([], "schema None"),
        ({"schema": 1}, "not whole"),
    ],
)
def test_what_is_no_result_is_refused(found, said):
    with pytest.raises(DataError, match=said):
        result_from(found)


def test_a_verdict_that_does_not_exist_is_refused():
    found = written(regression())
    found["choice"]["verdict"] = "best"
    with pytest.raises(DataError, match="'best' is none of 'as good'"):
        result_from(found)
