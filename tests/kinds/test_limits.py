from dataclasses import replace

import numpy as np
import polars as pl
import pytest

import rung
from rung.core.events import ignore
from rung.core.metrics import METRICS
from rung.core.task import TargetColumn
from rung.errors import DataError, RungError, TargetProblem, UsageError
from rung.kinds.limits import check_margin, check_target, check_weight
from rung.kinds.table.judge import beyond_findings, open_test, predict_sealed
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import prepare
from rung.workbench.climb import climb

N_ROWS = 120
ROWS = np.arange(N_ROWS)
BASE = np.linspace(-1, 1, N_ROWS)


@pytest.mark.parametrize(
    ("y", "said"),
    [
        (
            BASE * 1e200,
            r"holds -1e\+200; values from -1e\+60 to 1e\+60 .*divide the target by 1e\+200",
        ),
        (np.where(ROWS == 7, 3e300, BASE), r"holds 3e\+300; .*or mend the value if it is none"),
        (
            BASE * 1e-200,
            r"lie within 1.98319e-200; .*by 1e-60 at least.*divide the target by 1e-200",
        ),
        (BASE * 1e-310, r"lie within 1.98319e-310; .*divide the target by 1e-300"),
        (
            np.where(ROWS == 0, 5.0, 0.0),
            "same value, 0, in all 119 rows to learn from; the 1 sealed",
        ),
    ],
)
def test_a_target_is_refused_with_its_value_and_what_to_divide_it_by(
    y: np.ndarray, said: str
) -> None:
    with pytest.raises(TargetProblem, match=said):
        check_target(TargetColumn("regression", y), ROWS[1:], "y")


@pytest.mark.parametrize("scale", [1e-59, 1e-3, 1.0, 9e59])
def test_a_target_that_can_be_squared_twice_is_accepted(scale: float) -> None:
    check_target(TargetColumn("regression", BASE * scale), ROWS, "y")


def test_classes_of_which_one_is_only_sealed_are_refused() -> None:
    target = TargetColumn("binary", np.where(ROWS == 0, 1, 0), ("no", "yes"))
    with pytest.raises(TargetProblem, match="the same value, no, in all 119 rows to learn from"):
        check_target(target, ROWS[1:], "y")
    check_target(target, ROWS, "y")


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        (np.full(N_ROWS, 1e308), r"is 1e\+308; it must lie between 1e-30 and 1e\+30.*by 1e\+308"),
        (np.full(N_ROWS, 1e-40), "is 1e-40; it must lie between .*divide the weights by 1e-40"),
        (np.where(ROWS == 5, 1.0, 0.0), "above 0 in 1 of 120 rows to learn from; 10 such rows"),
        (np.where(ROWS < 9, 1.0, 0.0), "above 0 in 9 of 120 rows to learn from; 10 such rows"),
    ],
)
def test_weights_are_refused_with_their_value_and_a_remedy(weight: np.ndarray, said: str) -> None:
    with pytest.raises(DataError, match=said):
        check_weight(weight, ROWS, "w")


def test_ten_rows_of_weight_are_enough_and_tiny_weights_among_others_are_none_of_our_business() -> (
    None
):
    check_weight(np.where(ROWS < 10, 1.0, 1e-300), ROWS, "w")
    check_weight(np.full(N_ROWS, 1e30), ROWS, "w")
    check_weight(None, ROWS, None)


@pytest.mark.parametrize(
    ("metric", "largest"),
    [("rmse", 2.0), ("mae", 2.0), ("mse", 4.0), ("r2", 1.0), ("mape", 2 / BASE[60])],
)
def test_a_margin_of_a_quantity_is_at_most_its_spread(metric: str, largest: float) -> None:
    target = TargetColumn("regression", BASE)
    check_margin(largest, METRICS[metric], target)
    for margin in (largest * 1.01, 1e308, np.inf):
        with pytest.raises(UsageError, match=f"larger than any difference .* in {metric}, "):
            check_margin(margin, METRICS[metric], target)


@pytest.mark.parametrize(
    ("metric", "largest"),
    [("log_loss", np.log(2 * N_ROWS)), ("accuracy", 1.0), ("roc_auc", 1.0), ("brier", 1.0)],
)
def test_a_margin_of_classes_is_at_most_the_range_of_the_metric(
    metric: str, largest: float
) -> None:
    target = TargetColumn("binary", ROWS % 2, ("no", "yes"))
    check_margin(largest, METRICS[metric], target)
    with pytest.raises(UsageError, match="every family would be as good as any other"):
        check_margin(largest * 1.01, METRICS[metric], target)


def table(**changes: np.ndarray) -> pl.DataFrame:
    rng = np.random.default_rng(0)
    a = rng.normal(size=200)
    columns = {"a": a, "b": rng.normal(size=200), "y": a + 0.3 * rng.normal(size=200)}
    return pl.DataFrame(columns | changes)


@pytest.mark.parametrize(
    ("changes", "options"),
    [
        ({"y": np.linspace(0, 1e200, 200)}, {}),
        ({"w": np.full(200, 1e308)}, {"weight": "w"}),
        ({}, {"margin": 1e308}),
    ],
)
def test_what_cannot_be_computed_is_said_before_anything_is_trained(
    changes: dict[str, np.ndarray], options: dict[str, object]
) -> None:
    events: list[str] = []
    with pytest.raises(RungError):
        rung.fit(table(**changes), target="y", listener=lambda e: events.append(e.kind), **options)
    assert events == ["stage"]


def test_a_feature_beyond_squares_skips_the_families_that_cannot_and_warns_of_nothing() -> None:
    rng = np.random.default_rng(1)
    wild = np.where(rng.random(200) < 0.5, 1e308, -1e308)
    result = rung.fit(
        table(wild=wild), target="y", families=("linear", "tree", "neighbours")
    ).result
    linear = result.entry("linear")
    assert linear.status == "skipped"
    assert "values that are not finite numbers, or beyond 1e+60" in linear.reason
    assert result.entry("tree").status == "scored"
    assert any(finding.code == "family_failed" for finding in result.findings)


def test_wild_predictions_of_sealed_rows_count_as_the_largest_and_are_shouted() -> None:
    options = FitOptions("y", families=("linear",), threads=1)
    prepared = prepare(table(), options)
    found = climb(prepared, options, ignore, {})
    a = prepared.dataset.values["a"].copy()
    a[prepared.test[:2]] = [1e200, -1e200]
    wild = replace(prepared.dataset, values={**prepared.dataset.values, "a": a})
    said = predict_sealed(replace(prepared, dataset=wild), found)
    assert said.families == {"constant": "constant", "choice": "linear", "leader": "linear"}
    assert said.n_beyond == {"linear": 2}
    np.testing.assert_array_equal(said.of_role["choice"][:2, 0], [1e60, -1e60])
    same = predict_sealed(prepared, found)
    assert same.n_beyond == {}
    np.testing.assert_array_equal(said.of_role["leader"][2:], same.of_role["leader"][2:])
    test = open_test(prepared, said, options)
    assert test.scores is not None
    n_test = len(prepared.test)
    expected = pytest.approx(1e60 * (2 / n_test) ** 0.5, rel=1e-9)
    assert test.scores["choice"]["rmse"].value == expected
    (finding,) = beyond_findings(said.n_beyond)
    assert finding.severity == "alarm"
    assert "linear predicts 2 values of sealed rows" in finding.message


def test_no_row_to_learn_from_is_refused_with_what_to_do():
    with pytest.raises(TargetProblem, match=r"no row is left to learn from.*smaller buffer"):
        check_target(TargetColumn("regression", BASE), ROWS[:0], "y")
