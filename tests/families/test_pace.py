import pytest

from rung.families import discover, find
from rung.families.pace import (
    EARLY,
    LEAST_DONE,
    QUICK,
    SHARES,
    early_first,
    quick_families,
    seconds_of,
    whole_ladder_seconds,
)


def test_the_order_of_training_holds_every_family_once():
    families = discover("table")
    ordered = early_first(families)
    assert sorted(one.name for one in ordered) == sorted(one.name for one in families)
    assert [one.name for one in ordered[:3]] == ["constant", *EARLY]


def test_every_named_family_exists():
    known = {family.name for family in discover("density")}
    assert [name for name in (*SHARES, *EARLY) if not find(name) and name not in known] == []
    assert set(quick_families()) <= set(QUICK["table"])
    assert set(quick_families("density")) == set(QUICK["density"]) < known


def test_an_estimate_scales_with_what_was_spent():
    once = seconds_of(["svm", "tree"], ["boosting"], 1.0)
    assert once == pytest.approx((SHARES["svm"] + SHARES["tree"]) / SHARES["boosting"])
    assert seconds_of(["svm", "tree"], ["boosting"], 3.0) == pytest.approx(3 * once)


def test_too_little_is_no_ground_for_an_estimate():
    assert SHARES["constant"] < LEAST_DONE * SHARES["mlp"]
    assert seconds_of(["mlp"], ["constant"], 0.1) is None


def test_the_whole_ladder_takes_longer_than_a_quick_one_and_grows_with_the_folds():
    one = whole_ladder_seconds(quick_families(), 2.0, "regression", folds=1.0)
    assert one > 2.0
    assert whole_ladder_seconds(quick_families(), 2.0, "regression", folds=2.0) == 2 * one


def test_a_network_on_few_rows_is_expected_to_take_less():
    few, many, more = (
        seconds_of(["mlp"], ["boosting"], 1.0, n_rows=n_rows) for n_rows in (117, 1_000, 50_000)
    )
    assert few < many / 3
    assert many == more == pytest.approx(SHARES["mlp"] / SHARES["boosting"])
    trees = [seconds_of(["tree"], ["boosting"], 1.0, n_rows=n_rows) for n_rows in (117, 1_000)]
    assert trees[0] == trees[1]


# Processor seconds of the families of whole runs, one thread; networks last, as they are trained.
MEASURED = {
    "iris": (
        117,
        {"linear": 0.06, "boosting": 0.28, "one_feature": 0.12, "naive_bayes": 0.01, "svm": 0.22}
        | {"perceptron": 0.09, "additive": 0.3, "neighbours": 0.04, "polynomial": 0.13}
        | {"tree": 0.1, "forest": 0.32, "mlp": 0.19, "blend": 0.02},
    ),
    "diabetes": (
        354,
        {"linear": 0.08, "boosting": 0.8, "one_feature": 0.06, "additive": 0.42}
        | {"neighbours": 0.07, "polynomial": 0.72, "svm": 0.25, "tree": 0.29, "forest": 1.14}
        | {"mlp": 0.92, "blend": 0.01},
    ),
    "insurance": (
        1_064,
        {"linear": 0.08, "boosting": 0.91, "one_feature": 0.03, "additive": 0.11}
        | {"neighbours": 0.21, "polynomial": 0.14, "svm": 0.34, "tree": 0.24, "forest": 0.96}
        | {"mlp": 2.38, "blend": 0.02},
    ),
    "concrete": (
        846,
        {"linear": 0.07, "boosting": 2.2, "one_feature": 0.06, "additive": 1.2}
        | {"neighbours": 0.13, "polynomial": 0.64, "svm": 0.47, "tree": 0.35, "forest": 1.49}
        | {"mlp": 2.81, "blend": 0.55},
    ),
}


@pytest.mark.parametrize("table", sorted(MEASURED))
def test_what_is_left_is_estimated_within_half_as_much_again(table):
    n_rows, seconds = MEASURED[table]
    order = list(seconds)
    for n_done in range(order.index("boosting") + 1, order.index("mlp") + 1):
        done, rest = order[:n_done], order[n_done:]
        told = seconds_of(rest, done, sum(seconds[name] for name in done), n_rows=n_rows)
        assert 1 / 1.5 < told / sum(seconds[name] for name in rest) < 1.5, (n_done, told)
