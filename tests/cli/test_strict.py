import numpy as np
import pytest

import rung
from rung.cli.app import app
from rung.cli.guard import guarded
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
    refuse_differences([{**ONE, "code": "where_missing"}, {**ONE, "code": "derived"}])


def test_a_finding_comes_back_from_json():
    assert as_finding(ONE).columns == ("band",)


def test_a_score_that_is_worse_than_promised_is_an_error():
    score = {"value": 2.0, "promised": {"value": 1.0}}
    with pytest.raises(DataError, match=r"rmse is 2, worse than the 1 promised"):
        refuse_worse({"verdict": "worse", "metric": "rmse", "scores": {"rmse": score}})
    refuse_worse({"verdict": "undecided", "metric": "rmse", "scores": {"rmse": score}})


def test_strict_predictions_of_other_rows_write_nothing_and_end_with_3(tmp_path, capsys):
    table = {"x": np.arange(100.0), "y": np.arange(100.0) ** 2}
    run = rung.fit(table, "y", families=["linear"], folds=3, explain=False)
    model, out = str(run.model.save(tmp_path / "m.rung")), tmp_path / "out.csv"
    rows = tmp_path / "rows.csv"
    rows.write_text("x\n1\n2\n900\n")
    words = ["predict", model, str(rows), "--out", str(out)]
    assert main([*words, "--strict"]) == 3
    assert not out.exists()
    assert "1 of 3 numbers, such as 900, lie far outside the 0 to 99" in capsys.readouterr().err
    assert main(words) == 0
    rows.write_text("x\n1\n2\n90\n")
    assert main([*words, "--strict", "--force"]) == 0


def main(words):
    return guarded(lambda: app(words, standalone_mode=False), words)
