import numpy as np
import polars as pl
import pytest

import rung
from rung.core.losses import unit_losses
from rung.core.metrics import METRICS
from rung.kinds.table.asked import make_options
from rung.kinds.table.half_labelled import missing_target
from rung.kinds.table.prepare import prepare

NAMES = ("self_training", "label_spreading")


def frame(n=200, n_labelled=60, seed=0, **more):
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    X = rng.normal(size=(n, 2)) + 2.0 * y[:, None]
    labels = [f"k{label}" if i < n_labelled else None for i, label in enumerate(y)]
    return pl.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": labels, **more})


def prepared(table, **options):
    return prepare(table, make_options("y", options))


def test_rows_without_a_target_are_kept_where_they_are_half_or_more():
    found = prepared(frame(n_labelled=100))
    assert found.problem.unlabelled.n_rows == 100
    assert prepared(frame(n_labelled=101)).problem.unlabelled is None
    finding = next(one for one in found.findings if one.code == "missing_target")
    assert finding.message == (
        "100 of 200 rows have no target: used by self_training and label_spreading alone"
    )


def test_folds_and_seal_divide_rows_with_a_target_alone():
    found = prepared(frame())
    assert found.folds.n_rows + len(found.test) == 60
    assert len(found.problem.y) == found.folds.n_rows


@pytest.mark.parametrize(
    ("column", "options"),
    [
        ("star", {"groups": "star"}),
        ("day", {"time": "day"}),
    ],
)
def test_dependent_rows_without_a_target_are_left_out(column, options):
    table = frame(
        **{column: [f"g{i % 20}" for i in range(200)] if column == "star" else range(200)}
    )
    found = prepared(table, **options)
    assert found.problem.unlabelled is None
    finding = next(one for one in found.findings if one.code == "missing_target")
    assert finding.message == "140 of 200 rows have no target and are left out"


def test_a_quantity_is_learned_from_rows_that_have_it():
    rng = np.random.default_rng(0)
    table = frame().with_columns(y=pl.when(pl.col("y").is_not_null()).then(rng.normal(size=200)))
    assert prepared(table).problem.unlabelled is None


def test_order_of_the_file_changes_nothing_and_other_features_change_the_fingerprint():
    table = frame()
    shuffled = table.sample(fraction=1.0, shuffle=True, seed=3)
    one, other = prepared(table), prepared(shuffled)
    assert one.fingerprint == other.fingerprint
    assert (
        one.problem.unlabelled.numbers().tobytes() == other.problem.unlabelled.numbers().tobytes()
    )
    changed = table.with_columns(a=pl.when(pl.col("y").is_null()).then(0.5).otherwise(pl.col("a")))
    assert prepared(changed).fingerprint != one.fingerprint


def test_sentinels_are_missing_in_rows_without_a_target_too():
    table = frame()
    table = table.with_columns(
        a=pl.when(pl.int_range(pl.len()) % 9 == 0).then(-999.0).otherwise(pl.col("a"))
    )
    found = prepared(table)
    assert np.isnan(found.problem.unlabelled.numbers()[:, 0]).sum() == sum(
        i % 9 == 0 for i in range(60, 200)
    )


def test_both_rungs_stand_on_the_ladder_and_the_finding_says_whether_the_rows_helped():
    run = rung.fit(
        frame(),
        "y",
        families=("linear", "neighbours", *NAMES),
        folds=4,
        test_fraction=0,
        ledger=False,
    )
    scored = {one.family for one in run.result.ladder if one.status == "scored"}
    assert scored >= set(NAMES)
    said = next(one for one in run.result.findings if one.code == "unlabelled_rows").message
    for name, twin in (("self_training", "linear"), ("label_spreading", "neighbours")):
        assert f"the loss of {name} less that of {twin}" in said


def test_neither_stands_on_the_ladder_of_a_table_whose_rows_have_targets(monkeypatch):
    from rung.families import discover
    from rung.workbench import climb

    kept = [one for one in discover("table") if one.name in ("constant", "linear", *NAMES)]
    monkeypatch.setattr(climb, "select", lambda asked, inputs: tuple(kept))
    options = {"folds": 4, "test_fraction": 0, "ledger": False}
    whole = rung.fit(frame(n_labelled=200), "y", **options).result
    assert not {one.family for one in whole.ladder} & set(NAMES)
    half = rung.fit(frame(), "y", **options).result
    assert {one.family for one in half.ladder} >= set(NAMES)


@pytest.mark.parametrize(
    ("shift", "word"), [(-1.0, "helped"), (1.0, "hurt"), (0.0, "are not shown")]
)
def test_the_word_follows_the_interval_of_the_paired_difference(shift, word):
    from rung.core.folds import partition_folds
    from rung.core.judge_predictions import OutOfFold
    from rung.kinds.table.half_labelled import unlabelled_helped

    rng = np.random.default_rng(0)
    y, splits = np.arange(200) % 2, partition_folds(np.arange(200) % 5).splits
    score = np.where(y == 1, 1.0, -1.0) + rng.normal(size=200)

    def chances(moved):
        good = 1 / (1 + np.exp(-(score - moved * np.where(y == 1, 1.0, -1.0))))
        shares = np.column_stack([1 - good, good])
        return tuple(shares[split.test] for split in splits)

    noise = rng.normal(scale=0.01, size=200)
    predictions = {
        "constant": tuple(np.full((len(s.test), 2), 0.5) for s in splits),
        "linear": chances(noise),
        "self_training": chances(shift),
    }
    oof = OutOfFold(
        task="binary",
        y=y,
        splits=splits,
        predictions=predictions,
        unit=np.arange(200),
        classes=("a", "b"),
        own=METRICS["log_loss"],
    )
    losses = unit_losses(oof, "log_loss")
    (finding,) = unlabelled_helped(losses, METRICS["log_loss"], is_used=True)
    assert finding.message.startswith(f"rows without a target {word}")
    assert finding.severity == ("warning" if word == "hurt" else "info")
    (unused,) = unlabelled_helped(losses, METRICS["log_loss"], is_used=False)
    assert unused.message.startswith("no row without a target was learned from: self_training saw")


def test_nothing_is_said_where_all_rows_have_a_target():
    assert missing_target(10, 0, is_used=False) == ()
