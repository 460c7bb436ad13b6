import numpy as np
import pytest

import rung
from rung.core.result import TestScore as Scored
from rung.data import ReadOptions
from rung.errors import DataError
from rung.kinds.table.scoring import _difference, judge_promise

rng = np.random.default_rng(5)


def rows(n, noise=1.0):
    x = rng.normal(size=n)
    return {"x": x, "y": 2 * x + noise * rng.normal(size=n)}


TABLE = rows(600)
QUICK = {"families": ["linear"], "folds": 3, "explain": False}


@pytest.fixture(scope="module")
def model():
    return rung.fit(TABLE, "y", **QUICK).model


def test_a_score_is_what_a_person_computes(model):
    new = rows(500)
    error = new["y"] - model.predict({"x": new["x"]})
    found = model.score(new)["scores"]
    assert found["mae"]["value"] == pytest.approx(np.abs(error).mean(), rel=1e-12)
    assert found["rmse"]["low"] < np.sqrt((error**2).mean()) < found["rmse"]["high"]


def test_the_promise_is_that_of_the_sealed_rows_in_the_model_file(model):
    found = model.score(rows(500))
    assert found["promised_by"] == "sealed test"
    assert found["scores"]["rmse"]["promised"]["value"] == model.about["test"]["rmse"]["value"]


def test_without_sealed_rows_cross_validation_promises():
    unsealed = rung.fit(TABLE, "y", test_fraction=0, **QUICK).model
    assert unsealed.score(rows(500))["promised_by"] == "cross-validation"


@pytest.mark.parametrize(
    ("n", "noise", "verdict"),
    [
        (4_000, 1.0, "as promised"),
        (500, 1.6, "worse"),
        (500, 0.5, "better"),
        (40, 1.0, "undecided"),
    ],
)
def test_the_verdict_follows_what_new_rows_are_like(n, noise, verdict):
    table = {"x": np.linspace(-2, 2, 4_000)}
    table["y"] = 2 * table["x"] + np.random.default_rng(1).normal(size=4_000)
    fitted = rung.fit(table, "y", **QUICK).model
    own = np.random.default_rng(2)
    x = own.normal(size=n)
    new = {"x": x, "y": 2 * x + noise * own.normal(size=n)}
    assert fitted.score(new)["verdict"] == verdict


def test_equal_worlds_are_called_worse_about_as_seldom_as_promised():
    """At most 2.5 % by chance; 400 draws show more than 5.5 % in one of a thousand tests."""
    own, n_worse = np.random.default_rng(7), 0
    for _ in range(400):
        a, b = own.normal(size=200) ** 2, own.normal(size=300) ** 2
        here, promised = (
            Scored(one.mean(), one.mean() - 1.96 * se, one.mean() + 1.96 * se, 0.95, "")
            for one, se in ((a, a.std() / 200**0.5), (b, b.std() / 300**0.5))
        )
        _, low, high = _difference(here, promised, is_gain=False)
        n_worse += judge_promise(low, high, 0.1) == "worse"
    assert n_worse <= 22


def test_a_gain_and_a_loss_are_judged_alike():
    loss = _difference(
        Scored(0.3, 0.2, 0.45, 0.95, ""), Scored(0.1, 0.05, 0.2, 0.95, ""), is_gain=False
    )
    gain = _difference(
        Scored(0.7, 0.55, 0.8, 0.95, ""), Scored(0.9, 0.8, 0.95, 0.95, ""), is_gain=True
    )
    assert gain == pytest.approx(loss)
    assert loss == pytest.approx((0.2, 0.2 - np.hypot(0.1, 0.1), 0.2 + np.hypot(0.15, 0.05)))


def test_the_rows_that_a_model_was_made_with_are_recognised_in_any_order(model):
    back = {name: values[::-1] for name, values in TABLE.items()}
    assert model.score(back)["is_training_table"]
    assert "it learned from" in model.score(back)["note"]
    other = {name: values[:-1] for name, values in TABLE.items()}
    assert not model.score(other)["is_training_table"]


def test_they_are_recognised_through_a_condition_and_a_made_column_too():
    made = rung.fit(TABLE, "y", where="x > 0", derive="z = x * x", **QUICK).model
    assert made.score(TABLE)["is_training_table"]


def test_rows_without_a_target_are_left_out_and_counted(model):
    new = rows(100)
    new["y"][:7] = np.nan
    found = model.score(new)
    assert (found["n_rows"], found["n_left_out"]) == (93, 7)


def test_rows_of_a_group_count_once(model):
    new = {name: np.repeat(values, 8) for name, values in rows(60).items()}
    new["night"] = np.repeat(np.arange(60), 8)
    plain, grouped = model.score(new), model.score(new, groups="night")
    width = [
        one["scores"]["rmse"]["high"] - one["scores"]["rmse"]["low"] for one in (plain, grouped)
    ]
    assert grouped["n_groups"] == 60
    assert width[1] > 2 * width[0]


def test_classes_are_scored_with_every_metric():
    table = rows(600)
    table["y"] = np.where(table["y"] > 0, "yes", "no")
    found = rung.fit(table, "y", **QUICK).model.score(table)
    assert {"log_loss", "accuracy", "roc_auc", "brier"} <= set(found["scores"])
    assert found["metric"] == "log_loss"


def test_a_condition_leaves_rows_out(model):
    assert (
        model.score(TABLE, options=ReadOptions(where="x > 0"))["n_rows"] == (TABLE["x"] > 0).sum()
    )


def test_too_few_rows_are_refused(model):
    with pytest.raises(DataError, match=r"9 rows have a target .* at least 10"):
        model.score(rows(9))


def weighted(n):
    table = rows(n)
    table["w"] = rng.integers(0, 5, n).astype(float) + 0.5
    return table


def test_weights_of_training_are_those_of_a_score_and_others_may_be_named():
    fitted = rung.fit(weighted(600), "y", weight="w", **QUICK).model
    new = weighted(400)
    new["other"] = new["w"][::-1]
    error = np.abs(new["y"] - fitted.predict({"x": new["x"]}))
    assert fitted.score(new)["scores"]["mae"]["value"] == pytest.approx(
        np.average(error, weights=new["w"]), rel=1e-9
    )
    named = fitted.score(new, weight="other")["scores"]["mae"]["value"]
    assert named == pytest.approx(np.average(error, weights=new["other"]), rel=1e-9)
    found = fitted.score({"x": new["x"], "y": new["y"]})
    assert found["scores"]["mae"]["value"] == pytest.approx(error.mean(), rel=1e-9)
    assert [one["code"] for one in found["findings"]] == ["no_weight"]


def test_weights_that_are_none_are_refused(model):
    for values in (np.r_[-1.0, np.ones(399)], np.r_[np.nan, np.ones(399)], np.array(["a"] * 400)):
        with pytest.raises(DataError, match="'w'"):
            model.score({**rows(400), "w": values}, weight="w")


def test_the_positive_class_is_that_of_training_unless_another_is_named():
    x = rng.normal(size=600)
    y = np.where(x + rng.normal(size=600) > 0.5, "yes", "no")
    fitted = rung.fit({"x": x, "y": y}, "y", positive="no", **QUICK).model
    new = {"x": rng.normal(size=300)}
    new["y"] = np.where(new["x"] + rng.normal(size=300) > 0.5, "yes", "no")
    said = np.array(fitted.predict({"x": new["x"]}))
    for positive in ("no", "yes"):
        found = fitted.score(new, positive=positive)["scores"]["recall"]["value"]
        assert found == pytest.approx((said == positive)[new["y"] == positive].mean())
    assert fitted.score(new)["scores"]["recall"]["value"] == pytest.approx(
        (said == "no")[new["y"] == "no"].mean()
    )
