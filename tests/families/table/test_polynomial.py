import numpy as np
import pytest

from benchmarks.golden.__main__ import by_rung, read
from rung.core.family import State
from rung.core.folds import partition_folds
from rung.errors import BadModelFile, NotApplicable, UsageError
from rung.families.table.polynomial import FAMILY, polynomial_family
from tests.realdata import real_data
from tests.tables import (
    SerialContext,
    assert_refuses_damage,
    assert_round_trip,
    classification,
    mixed_table,
    predict_elsewhere,
    regression,
)


def mixed_problem(n_classes, n_rows=150):
    parts = mixed_table(n_rows, weighted=True)
    signal = parts["numbers"][:, 0] ** 2 + (parts["codes"][:, 0] == 2)
    signal += np.random.default_rng(7).normal(size=n_rows) / 3
    if n_classes == 0:
        return regression(signal, **parts)
    ranks = np.argsort(np.argsort(signal))
    return classification(ranks * n_classes // n_rows, n_classes, **parts)


def cross_fit(problem, family=FAMILY, n_folds=4):
    folds = partition_folds(np.arange(len(problem.y)) % n_folds)
    return family.cross_fit(problem, folds, SerialContext(problem))


@pytest.mark.parametrize("n_classes", [0, 2, 3])
def test_state_gives_back_the_same_bits_and_damage_is_refused(n_classes):
    problem = mixed_problem(n_classes)
    fitted = cross_fit(problem)
    assert_round_trip(FAMILY, fitted.model, problem.design)
    assert_refuses_damage(FAMILY, fitted.model)
    assert all(settings["degree"] >= 2 for settings in fitted.settings)


def test_a_fresh_process_predicts_the_same_bits_with_nothing_heavy():
    problem = mixed_problem(0)
    model = cross_fit(problem).model
    given, heavy = predict_elsewhere("rung.families.table.polynomial", model, problem.design)
    assert heavy == []
    assert given.tobytes() == model.predict(problem.design).tobytes()


def test_predictions_stay_in_the_target_range_made_half_as_wide_again_unless_switched_off():
    x = np.linspace(-1.0, 1.0, 60)
    problem = regression(x**2, numbers=x[:, None])
    far = regression(np.zeros(1), numbers=[[100.0]]).design
    held = cross_fit(problem).model
    assert held.predict(far)[0, 0] == held.bounds[1] == x.max() ** 2 * 1.25 - (x**2).min() / 4
    free = cross_fit(problem, polynomial_family(clip=False)).model
    assert free.predict(far)[0, 0] > 9_000
    assert (held.to_state().spec["clip"], free.to_state().spec["clip"]) == (True, False)


def test_settings_that_are_fixed_are_not_chosen():
    fitted = cross_fit(mixed_problem(0), polynomial_family(degree=3, penalty=0.5))
    assert {(s["degree"], s["penalty"]) for s in fitted.settings} == {(3, 0.5)}
    fitted = cross_fit(mixed_problem(2), polynomial_family(degree=2, penalty=0.5))
    assert {(s["degree"], s["penalty"]) for s in fitted.settings} == {(2, 0.5)}
    with pytest.raises(UsageError, match="degree 7"):
        polynomial_family(degree=7)
    with pytest.raises(UsageError, match="penalty -1"):
        polynomial_family(penalty=-1)


def test_columns_that_cannot_be_told_apart_are_mentioned():
    X = np.random.default_rng(0).normal(size=(80, 2))
    problem = regression(X[:, 0] ** 2, numbers=np.c_[X, X[:, 0]])
    assert "condition number" in cross_fit(problem).notes[0]
    assert cross_fit(regression(X[:, 0] ** 2, numbers=X)).notes == ()


def test_tables_that_no_product_fits_are_refused_with_the_reason():
    codes = np.arange(40)[:, None] % 3
    with pytest.raises(NotApplicable, match="no numbers"):
        cross_fit(regression(np.arange(40.0), codes=codes, levels=[["a", "b", "c"]]))
    for wide in (
        regression(np.arange(40.0), numbers=np.ones((40, 70))),
        classification(np.arange(40) % 2, 2, numbers=np.ones((40, 70))),
    ):
        with pytest.raises(NotApplicable, match="degree 2 would need 2,555 columns"):
            cross_fit(wide)


def test_states_that_do_not_fit_together_are_refused():
    state = cross_fit(mixed_problem(0)).model.to_state()
    turned = {**state.arrays, "bounds": state.arrays["bounds"][::-1].copy()}
    with pytest.raises(BadModelFile, match="wrong order"):
        FAMILY.load(State(state.spec, turned, state.strings))
    turned = {**state.arrays, "terms": state.arrays["terms"][:, ::-1].copy()}
    with pytest.raises(BadModelFile, match="ascending"):
        FAMILY.load(State(state.spec, turned, state.strings))
    with pytest.raises(BadModelFile, match="do not fit together"):
        FAMILY.load(State({**state.spec, "link": "softmax"}, state.arrays, state.strings))


@pytest.mark.parametrize(("degree", "mean", "spread"), [(2, 0.807, 0.050), (3, 0.793, 0.052)])
def test_xgass_is_explained_as_least_squares_solved_well_does(degree, mean, spread):
    """Known for five unshuffled folds: .807 ± .050 and .793 ± .052."""
    table = read(real_data("xgass/xGASS_representative_sample.csv"))
    r2 = by_rung(table, degree, clip=True)
    assert abs(r2.mean() - mean) < 0.0006
    assert abs(r2.std() - spread) < 0.0006
