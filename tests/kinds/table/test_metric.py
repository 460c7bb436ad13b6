from __future__ import annotations

import numpy as np
import pytest

import rung
from rung.core.task import TargetColumn
from rung.errors import UsageError
from rung.kinds.table.metric import left_out, metric_for
from rung.kinds.table.options import FitOptions

X = np.sin(np.arange(200.0)) + 3.0


def target(y):
    return TargetColumn("regression", np.asarray(y, float))


def test_relative_errors_of_a_target_with_zeros_are_refused_with_their_number():
    options = FitOptions(target="y", metric="mape")
    said = "metric 'mape' divides by the target, and 2 of its 200 values are 0; it takes a target"
    with pytest.raises(UsageError, match=said) as refused:
        metric_for(options, target([0.0, 1e-12, *X[2:]]))
    assert refused.value.remedy == "use --metric mae"
    assert metric_for(options, target(X)).key == "mape"


def test_zeros_beside_another_metric_are_only_remarked():
    y = target([0.0, *X[1:]])
    assert metric_for(FitOptions(target="y"), y).key == "rmse"
    (finding,) = left_out(y)
    assert (finding.severity, finding.message) == (
        "info",
        (
            "MAPE is not shown for rows that hold a target of 0, as it divides by it; "
            "1 of its 200 values is 0"
        ),
    )
    assert left_out(target(X)) == left_out(TargetColumn("binary", np.zeros(3), ("a", "b"))) == ()


def test_no_relative_error_is_shown_of_a_target_with_zeros():
    table = {"x": X, "y": np.where(np.arange(200) % 2, X, 0.0)}
    result = rung.fit(table, target="y", families=["constant"]).result
    assert set(result.entry("constant").scores) == {"rmse", "mae", "r2", "mse"}
    assert set(result.test.scores["constant"]) == {"rmse", "mae", "r2", "mse"}
    assert "metric_undefined" in [finding.code for finding in result.findings]
    plain = rung.fit({"x": X, "y": X}, target="y", families=["constant"]).result
    assert "mape" in plain.entry("constant").scores
    assert "mape" in plain.test.scores["constant"]
