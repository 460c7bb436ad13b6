from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from sklearn.model_selection import KFold, RepeatedKFold

import rung
from rung.core.events import Event
from rung.errors import UsageError
from rung.flags import in_python
from rung.report.headline import headline
from tests.realdata import real_data
from tests.workbench.frames import frame

SIMPLE = ("constant", "linear", "tree")


def test_a_line_is_chosen_where_the_truth_is_a_line() -> None:
    run = rung.fit(frame(600), target="mass", families=SIMPLE, drop=("weight", "kind"))
    assert run.verdict.family == "linear"
    assert run.verdict.sentence.startswith("linear")
    assert run.result.entry("constant").verdict == "worse"


def test_the_result_is_the_same_as_its_dictionary() -> None:
    result = rung.fit(frame(), target="mass", families=SIMPLE).result
    record = result.to_dict()
    assert record["schema"] == 1
    assert record["choice"]["family"] == result.choice.family
    assert [entry["family"] for entry in record["ladder"]] == list(SIMPLE)
    assert set(record["ladder"][1]["scores"]) == {"rmse", "mae", "r2", "mse", "mape"}
    assert set(record) >= {"dataset", "task", "findings", "folds", "choice", "test", "seed"}
    assert "seconds" not in str(record)


def test_the_leaderboard_has_a_row_a_family() -> None:
    board = rung.fit(frame(), target="mass", families=SIMPLE).leaderboard
    assert board["family"].to_list() == list(SIMPLE)
    assert board.columns[:4] == ["family", "step", "status", "rmse"]


def test_families_may_come_in_any_order() -> None:
    table = frame()
    first = rung.fit(table, target="kind", families=("tree", "linear"))
    second = rung.fit(table, target="kind", families=("linear", "tree"))
    assert first.result.to_dict() == second.result.to_dict()
    assert first.model.to_bytes() == second.model.to_bytes()


@pytest.mark.parametrize("target", ["mass", "kind", "three"])
def test_workers_and_the_order_of_rows_change_no_byte(target: str) -> None:
    table = frame()
    first = rung.fit(table, target=target, threads=1)
    shuffled = table.sample(fraction=1.0, shuffle=True, seed=5)
    second = rung.fit(shuffled, target=target, threads=4)
    assert first.result.to_dict() == second.result.to_dict()
    assert first.model.to_bytes() == second.model.to_bytes()


def test_the_test_is_opened_for_three_roles() -> None:
    test = rung.fit(frame(600), target="kind", families=SIMPLE).result.test
    assert (test.opened, set(test.scores or {})) == (1, {"constant", "choice", "leader"})
    assert test.scores is not None
    accuracy = test.scores["choice"]["accuracy"]
    assert accuracy.level == pytest.approx(1 - 0.05 / 3)
    assert accuracy.method.startswith("Clopper-Pearson")


def test_nothing_is_sealed_when_asked() -> None:
    test = rung.fit(frame(), target="mass", families=SIMPLE, test_fraction=0.0).result.test
    assert (test.opened, test.n) == (0, 0)
    assert "switched off" in test.reason


def test_weights_change_the_scores() -> None:
    table = frame()
    plain = rung.fit(table, target="mass", families=SIMPLE, drop=("weight",))
    weighted = rung.fit(table, target="mass", families=SIMPLE, weight="weight")
    first, second = plain.result.ladder[1].scores, weighted.result.ladder[1].scores
    assert first is not None
    assert second is not None
    assert first["rmse"].mean != second["rmse"].mean


def test_time_folds_leave_the_first_window_out_of_the_matrix() -> None:
    run = rung.fit(frame(600), target="mass", families=SIMPLE, time="night")
    folds = run.result.folds
    assert folds.kind == "time"
    assert folds.n_scored < folds.n_rows
    assert len(run.out_of_fold["row"]) == folds.n_scored


def test_repeats_are_averaged_over_losses() -> None:
    table = frame()
    run = rung.fit(table, target="mass", families=SIMPLE, repeats=2, folds=4)
    assert (run.result.folds.n_folds, run.result.folds.n_repeats) == (4, 2)
    given = rung.fit(
        table, target="mass", families=SIMPLE, folds=RepeatedKFold(n_splits=4, n_repeats=2)
    )
    assert given.result.folds.n_repeats == 2


def test_out_of_fold_rows_lead_back_to_the_file() -> None:
    table = frame()
    found = rung.fit(table, target="mass", families=SIMPLE).out_of_fold
    np.testing.assert_array_equal(table["mass"].to_numpy()[found["row"]], found["target"])
    assert np.all(np.diff(found["row"]) > 0)


def test_every_step_is_told() -> None:
    events: list[Event] = []
    rung.fit(frame(), target="mass", families=SIMPLE, listener=events.append)
    told = [event.family for event in events if event.kind == "scored"]
    assert told == list(SIMPLE)


def test_a_family_that_does_not_apply_is_skipped_with_the_reason() -> None:
    entry = rung.fit(frame(), target="mass", families=("naive_bayes",)).result.ladder[1]
    assert entry.status == "skipped"
    assert entry.reason


def test_an_unknown_family_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"unknown family 'linaer'.*did you mean 'linear'"):
        rung.fit(frame(), target="mass", families=("linaer",))


def test_a_metric_of_another_task_is_refused() -> None:
    with pytest.raises(UsageError, match="metric 'rmse' is not one for binary"):
        rung.fit(frame(), target="kind", metric="rmse")


def test_a_leak_is_shouted_and_not_removed() -> None:
    table = frame().with_columns(twice=2 * pl.col("mass"))
    result = rung.fit(table, target="mass", families=SIMPLE).result
    assert ("leak", ("twice",)) in [(one.code, one.columns) for one in result.findings]
    assert next(c.role for c in result.dataset.columns if c.name == "twice") == "feature"


def test_an_absent_class_does_not_stop_the_run() -> None:
    table = frame().with_columns(
        kind=pl.when(pl.int_range(pl.len()) == 5).then(pl.lit("rare")).otherwise(pl.col("kind"))
    )
    result = rung.fit(table, target="kind").result
    assert result.classes == ("galaxy", "rare", "star")
    assert all(entry.status == "scored" for entry in result.ladder if entry.family != "blend")


def test_xgass_gives_the_golden_line() -> None:
    path = real_data("xgass/xGASS_representative_sample.csv")
    features = ["model_r", "NUVr", "expAB_r", "petrR50_r", "CINDX", "INCL"]
    table = pl.read_csv(path, infer_schema_length=None).filter(pl.col("NUVr") > -90)
    run = rung.fit(
        table.select(*features, "lgGF"),
        target="lgGF",
        folds=KFold(5),
        test_fraction=0,
        families=["constant", "linear"],
    )
    scores = run.result.entry("linear").scores
    assert scores is not None
    assert np.mean(scores["r2"].per_fold) == pytest.approx(0.768, abs=0.003)
    assert scores["r2"].mean == pytest.approx(0.784, abs=0.001)  # over all rows together
    assert np.mean(scores["rmse"].per_fold) == pytest.approx(0.309, abs=0.002)


def test_a_run_says_what_to_use_in_a_line_and_lists_its_findings_the_gravest_first():
    run = rung.fit(frame(150), "mass", families=["linear"], folds=3, ledger=False)
    assert repr(run) == f"Run({headline(run.result).use})"
    assert len(repr(run)) < 200
    order = ["alarm", "warning", "info"]
    ranks = [order.index(one.severity) for one in run.findings]
    assert ranks == sorted(ranks)
    told = {replace(one, remedy=in_python(one.remedy)) for one in run.result.findings}
    assert set(run.findings) == told


def test_the_leaderboard_comes_in_the_frames_of_the_user_with_differences_in_the_metrics_unit():
    import pandas as pd

    table = pd.DataFrame(frame(150).to_dict(as_series=False))
    run = rung.fit(table, "mass", families=["linear", "tree"], folds=3, ledger=False)
    board = run.leaderboard
    assert isinstance(board, pd.DataFrame)
    assert list(board["family"]) == ["constant", "linear", "tree"]
    scores = dict(zip(board["family"], board["rmse"], strict=True))
    worst = board.set_index("family")["difference"]["constant"]
    assert worst == pytest.approx(scores["constant"] - scores[run.verdict.leader], rel=1e-6)


def test_kept_columns_stand_beside_the_predictions_of_their_rows() -> None:
    table = frame(60).with_columns(pl.Series("id", [f"object {i}" for i in range(60)]))
    run = rung.fit(table, target="mass", families=["linear"], keep="id", drop="id", explain=False)
    rows = run.predictions
    assert rows["id"].to_list() == [f"object {row}" for row in rows["row"]]
    assert rows.columns[:4] == ["row", "id", "fold", "target"]
