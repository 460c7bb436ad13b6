import pytest

from rung.cli.strict import as_finding, refuse_differences, refuse_worse
from rung.errors import DataError

ONE = {
    "code": "unknown_codes",
    "severity": "warning",
    "columns": ["band"],
    "message": "column 'band': 3 of 9 cells hold categories unknown to training",
    "remedy": "predicted as unknown",
}


def test_a_difference_is_an_error_with_its_count():
    with pytest.raises(DataError, match=r"3 of 9 cells .*\(and 1 more differences\)") as caught:
        refuse_differences([ONE, ONE])
    assert caught.value.exit_code == 3


def test_what_the_user_asked_for_is_no_difference():
    refuse_differences([{**ONE, "code": "where_missing"}, {**ONE, "severity": "info"}])


def test_a_finding_comes_back_from_json():
    assert as_finding(ONE).columns == ("band",)


def test_a_score_that_is_worse_than_promised_is_an_error():
    score = {"value": 2.0, "promised": {"value": 1.0}}
    with pytest.raises(DataError, match=r"rmse is 2, worse than the 1 promised"):
        refuse_worse({"verdict": "worse", "metric": "rmse", "scores": {"rmse": score}})
    refuse_worse({"verdict": "undecided", "metric": "rmse", "scores": {"rmse": score}})
