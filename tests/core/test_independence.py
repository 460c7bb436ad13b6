import polars as pl
import pytest

import rung
from rung.core.independence import heed_dependence
from tests.check.drawn import subjects

GROUP, X, Y = subjects(30, 300)
TABLE = pl.DataFrame({"subject": GROUP, **X, "y": Y})
OPTIONS = {"families": ["constant", "one_feature"], "ledger": False}


def test_an_alarm_that_is_not_answered_leaves_no_claim() -> None:
    result = rung.fit(TABLE, target="y", **OPTIONS).result
    assert not result.choice.is_claim
    assert result.choice.sentence.startswith(
        "no claim: rows are not independent, and random folds flatter by "
    )
    assert "use --groups subject, or --independent to declare it; as it stands, " in (
        result.choice.sentence
    )


@pytest.mark.parametrize("answer", [{"independent": True}, {"groups": "subject"}])
def test_an_answer_gives_the_claim_back(answer: dict[str, object]) -> None:
    result = rung.fit(TABLE, target="y", **OPTIONS, **answer).result
    assert not result.choice.sentence.startswith("no claim")
    assert result.choice.is_claim == (result.choice.verdict == "as good")
    assert result.options.get("independent", False) is ("independent" in answer)
    declared = "rows were declared independent, against 1 alarm (random folds flatter by "
    assert (declared in result.choice.sentence) is ("independent" in answer)


def test_independent_rows_are_not_spoken_of() -> None:
    result = rung.fit(TABLE.drop("subject"), target="y", **OPTIONS).result
    assert heed_dependence(result) is result
