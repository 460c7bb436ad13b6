"""The one column that says most is found inside training rows, and said in one sentence."""

import numpy as np
import pytest

from rung.core.folds import partition_folds
from rung.errors import BadModelFile, DataError
from rung.families.table.one_feature import FAMILY
from tests.families.table.trees_in_common import FOLDS, ROWS, cross_fit, mixed_problems
from tests.realdata import real_data
from tests.tables import (
    assert_refuses_damage,
    assert_round_trip,
    classification,
    predict_elsewhere,
    regression,
    scrambled,
    table,
)

RNG = np.random.default_rng(3)
X = RNG.normal(size=(400, 3))
PARTS = partition_folds(np.arange(400) % 5)


@pytest.mark.parametrize("problem", [*mixed_problems()], ids=lambda problem: problem.task)
def test_held_out_rows_do_not_touch_a_bit_of_a_fold(problem):
    split = FOLDS.splits[1]
    before = cross_fit(FAMILY, problem)
    after = cross_fit(FAMILY, scrambled(problem, split.test[3:]))
    assert after.settings[1] == before.settings[1]
    assert after.predictions[1][:3].tobytes() == before.predictions[1][:3].tobytes()


@pytest.mark.parametrize("form", ["line", "split", "levels"])
@pytest.mark.parametrize("n_classes", [0, 2, 3])
def test_each_form_is_found_where_it_is_the_truth(form, n_classes):
    codes = RNG.integers(0, 6, (400, 1))
    truth = {
        "line": X[:, 1],
        "split": np.where(X[:, 1] > 0.3, 1.0, -1.0),
        "levels": np.array([-1.5, 1.0, -0.5, 1.5, 0.0, -1.0])[codes[:, 0]],
    }[form]
    noisy = truth + 0.3 * RNG.normal(size=400)
    parts = dict(numbers=X, codes=codes, levels=[list("abcdef")])
    if n_classes:
        cuts = [0.0] if n_classes == 2 else [-0.6, 0.6]
        problem = classification(np.digitize(noisy, cuts), n_classes, **parts)
    else:
        problem = regression(noisy, **parts)
    fitted = cross_fit(FAMILY, problem, PARTS)
    column = "c0" if form == "levels" else "x1"
    assert {settings["column"] for settings in fitted.settings} == {column}
    if n_classes == 0:
        assert {settings["form"] for settings in fitted.settings} == {form}
    assert column in fitted.notes[0]
    assert_round_trip(FAMILY, fitted.model, problem.design)
    assert_refuses_damage(FAMILY, fitted.model)


def test_a_straight_line_is_said_with_its_numbers():
    fitted = cross_fit(FAMILY, regression(3.25 + 0.5 * X[:, 2], numbers=X), PARTS)
    assert fitted.notes == ("prediction = 3.25 + 0.5 × x2",)


def test_a_split_says_what_it_predicts_where_the_column_is_missing():
    x = np.where(ROWS % 4 == 0, np.nan, ROWS)
    y = np.where(np.isnan(x), 9.0, np.where(ROWS > 59, 4.0, -4.0))
    fitted = cross_fit(FAMILY, regression(y, numbers=x[:, None]))
    note = fitted.notes[0]
    assert "where x0 ≤ 59" in note or "where x0 ≤ 60" in note
    assert note.endswith("where it is missing")
    given = fitted.model.predict(table(numbers=[[np.nan], [3.0], [99.0]]))[:, 0]
    np.testing.assert_allclose(given, [9.0, -4.0, 4.0], atol=1.0)


def test_an_unseen_level_is_predicted_the_mean_of_all():
    codes = (ROWS % 3)[:, None]
    problem = regression(codes[:, 0] * 10.0, codes=codes, levels=[list("abcd")])
    model = cross_fit(FAMILY, problem).model
    given = model.predict(table(codes=[[-2], [3]], levels=[list("abcd")]))[:, 0]
    np.testing.assert_allclose(given, [10.0, 10.0])


def test_a_fresh_process_predicts_the_same_bits_with_nothing_heavy():
    problem = classification(X[:, 0] > 0, 2, numbers=X)
    model = cross_fit(FAMILY, problem, PARTS).model
    given, heavy = predict_elsewhere("rung.families.table.one_feature", model, problem.design)
    assert heavy == []
    assert given.tobytes() == model.predict(problem.design).tobytes()


def test_a_table_without_the_column_is_refused():
    model = cross_fit(FAMILY, regression(X[:, 2], numbers=X), PARTS).model
    with pytest.raises(DataError, match="'x2' not found"):
        model.predict(table(numbers=X[:, :1]))


def test_a_model_of_another_form_than_its_values_is_refused():
    state = cross_fit(FAMILY, regression(X[:, 2], numbers=X), PARTS).model.to_state()
    state.spec.update(form="split")
    with pytest.raises(BadModelFile, match=r"values of shape \(1, 1\) for the form 'split'"):
        FAMILY.load(state)


def test_colour_says_most_about_the_gas_of_galaxies():
    from rung.data import read_table

    data = read_table(real_data("xgass/xGASS_representative_sample.csv")).dataset
    names = ["model_r", "NUVr", "expAB_r", "petrR50_r", "CINDX", "INCL"]
    known = np.flatnonzero(data.values["NUVr"] > -99)
    numbers = np.stack([data.values[name][known] for name in names], axis=1)
    problem = regression(data.values["lgGF"][known], numbers=numbers)
    fitted = cross_fit(FAMILY, problem, partition_folds(np.arange(len(known)) % 5))
    assert {tuple(settings.values()) for settings in fitted.settings} == {("x1", "line")}
    slope, start = np.polyfit(numbers[:, 1], problem.y, 1)
    assert fitted.notes == (f"prediction = {start:.4g} - {-slope:.4g} × x1",)
