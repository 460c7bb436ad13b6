import numpy as np
import pytest

from rung.core.family import State
from rung.core.fold_searches import choosing_splits
from rung.core.folds import partition_folds
from rung.errors import BadModelFile, NotApplicable, UsageError
from rung.families.table.additive import FAMILY, MOST_NUMBERS, additive_family, load
from rung.gram.additive import fit_curves
from tests.realdata import real_data
from tests.tables import (
    SerialContext,
    assert_refuses_damage,
    assert_round_trip,
    classification,
    mixed_table,
    predict_elsewhere,
    regression,
    table,
)

N_ROWS = 150


def cross_fit(problem, n_folds=5, pairs=0):
    folds = partition_folds(np.arange(len(problem.y)) % n_folds)
    family = additive_family(pairs=pairs)
    with np.errstate(all="ignore"):
        return family.cross_fit(problem, folds, SerialContext(problem))


def mixed_problem(n_classes):
    parts = mixed_table(N_ROWS, weighted=True)
    signal = parts["numbers"][:, 0] ** 2 + (parts["codes"][:, 0] == 2)
    signal += np.random.default_rng(7).normal(size=N_ROWS)
    if n_classes == 0:
        return regression(signal, **parts)
    ranks = np.argsort(np.argsort(signal))
    return classification(ranks * n_classes // N_ROWS, n_classes, **parts)


@pytest.mark.parametrize("pairs", [0, 2])
@pytest.mark.parametrize("n_classes", [0, 2, 3])
def test_state_gives_back_the_same_bits_and_damage_is_refused(n_classes, pairs):
    problem = mixed_problem(n_classes)
    fitted = cross_fit(problem, 3, pairs)
    assert_round_trip(FAMILY, fitted.model, problem.design)
    assert_refuses_damage(FAMILY, fitted.model)


def test_a_fresh_process_predicts_the_same_bits_with_numpy_alone():
    problem = mixed_problem(2)
    model = cross_fit(problem, 3, 1).model
    found, imported = predict_elsewhere("rung.families.table.additive", model, problem.design)
    assert found.tobytes() == model.predict(problem.design).tobytes()
    assert not {"scipy", "sklearn", "lightgbm", "torch"} & set(imported)


def test_curves_of_other_columns_in_a_file_are_refused():
    one = cross_fit(mixed_problem(0), 3).model
    other = cross_fit(regression(np.arange(12.0), numbers=np.arange(12.0)[:, None]), 3).model
    first, second = one.to_state(), other.to_state()
    arrays = {**{k: v for k, v in first.arrays.items() if not k.startswith("0.")}}
    arrays |= {k: v for k, v in second.arrays.items() if k.startswith("0.")}
    strings = {k: v for k, v in first.strings.items() if not k.startswith("0.")}
    strings |= {k: v for k, v in second.strings.items() if k.startswith("0.")}
    state = State({**first.spec, "0": second.spec["0"]}, arrays, strings)
    with pytest.raises(BadModelFile, match="of other columns"):
        load(state)


def planted(n_rows, noise, seed=0):
    """Return a table of four numbers, and what the first three add to the target."""
    numbers = np.random.default_rng(seed).uniform(-2, 2, size=(n_rows, 4))
    parts = np.stack(
        [np.sin(2 * numbers[:, 0]), np.abs(numbers[:, 1]), 0.5 * numbers[:, 2]], axis=1
    )
    y = 10 + parts.sum(axis=1) + noise * np.random.default_rng(seed + 1).normal(size=n_rows)
    return numbers, parts, y


def test_a_planted_sum_of_curves_is_recovered_within_its_band():
    numbers, parts, y = planted(1_500, 0.5)
    fitted = cross_fit(regression(y, numbers=numbers))
    curves = fitted.model.column_curves()
    assert [curve.name for curve in curves] == ["x0", "x1", "x2", "x3"]
    truths = (np.sin(2 * curves[0].grid), np.abs(curves[1].grid), 0.5 * curves[2].grid)
    for curve, truth, part in zip(curves, truths, parts.T, strict=False):
        off = curve.contribution[:, 0] - (truth - part.mean())
        assert np.sqrt(np.mean(off**2)) < 0.07
        assert np.mean(np.abs(off) <= 3 * curve.error[:, 0] + 0.05) > 0.9
    assert np.abs(curves[3].contribution).max() < 0.06
    held = np.concatenate(fitted.predictions)[:, 0]
    truth = np.concatenate([(10 + parts.sum(axis=1))[k::5] for k in range(5)])
    assert np.sqrt(np.mean((held - truth) ** 2)) < 0.1


def test_a_pure_interaction_is_not_found_by_curves_and_is_by_a_pair():
    numbers = np.random.default_rng(0).uniform(-1, 1, size=(600, 2))
    y = 3 * numbers[:, 0] * numbers[:, 1] + 0.1 * np.random.default_rng(1).normal(size=600)
    problem = regression(y, numbers=numbers)
    order = np.concatenate([np.arange(600)[k::5] for k in range(5)])
    r2 = [
        1
        - np.mean(
            (np.concatenate(cross_fit(problem, pairs=pairs).predictions)[:, 0] - y[order]) ** 2
        )
        / np.var(y)
        for pairs in (0, 1)
    ]
    assert r2[0] < 0.05
    assert r2[1] > 0.95


def test_log_odds_of_a_planted_curve_are_recovered():
    numbers, _, _ = planted(6_000, 0.0)
    odds = 2 * np.sin(2 * numbers[:, 0])
    y = (np.random.default_rng(3).uniform(size=6_000) < 1 / (1 + np.exp(-odds))).astype(int)
    curve = cross_fit(classification(y, 2, numbers=numbers), 3).model.column_curves()[0]
    truth = 2 * np.sin(2 * curve.grid) - odds.mean()
    assert np.sqrt(np.mean((curve.contribution[:, 0] - truth) ** 2)) < 0.2


def test_contributions_add_up_to_the_prediction():
    problem = mixed_problem(0)
    model = cross_fit(problem, 3, 2).model
    found = model.contributions(problem.design)
    assert list(found)[:2] == ["", "x0"]
    np.testing.assert_allclose(
        sum(found.values())[:, 0], model.predict(problem.design)[:, 0], rtol=1e-10
    )


def test_a_class_without_a_training_row_gets_half_a_rows_share():
    numbers = np.random.default_rng(0).normal(size=(60, 1))
    y = np.arange(60) % 2
    y[::5] = 2  # one fold holds all of them
    problem = classification(y, 3, numbers=numbers)
    said = cross_fit(problem, 5).predictions[0]
    assert 0.0 < said[:, 2].max() < 0.05
    np.testing.assert_allclose(said.sum(axis=1), 1.0)


def test_a_blend_learns_from_models_without_both_parts():
    problem = mixed_problem(0)
    folds = partition_folds(np.arange(N_ROWS) % 5)
    fitted = FAMILY.cross_fit(problem, folds, SerialContext(problem))
    for own, said in zip(choosing_splits(folds), fitted.paired, strict=True):
        fit = fit_curves(problem, own[0].train)
        alone = fit.encoder.combine(problem.design, own[0].test, fit.coefficients, fit.intercept)
        np.testing.assert_array_equal(said, alone)


ODD_NUMBERS = {
    "all missing": np.full((24, 2), np.nan),
    "constant": np.full((24, 1), 1e9 + 0.1),
    "twice the same": np.repeat(np.arange(24.0)[:, None], 2, axis=1),
    "huge": 1.7e308 * np.linspace(-1.0, 1.0, 24)[:, None],
    "tiny": np.linspace(-1e-300, 1e-300, 24)[:, None],
    "half missing": np.where(np.arange(24) % 2, np.nan, np.arange(24.0))[:, None],
}
ODD_TARGETS = {
    "constant": (0, np.full(24, 0.1)),
    "far": (0, 1e12 + np.arange(24.0)),
    "huge": (0, np.linspace(-1e300, 1e300, 24)),
    "one class": (3, np.ones(24)),
    "every sixth row a class": (4, np.arange(24) // 6),
    "parted": (2, np.arange(24) // 12),
}


@pytest.mark.parametrize("numbers", ODD_NUMBERS)
@pytest.mark.parametrize("target", ODD_TARGETS)
def test_odd_tables_give_finite_predictions(numbers, target):
    n_classes, y = ODD_TARGETS[target]
    parts = {"numbers": ODD_NUMBERS[numbers]}
    problem = classification(y, n_classes, **parts) if n_classes else regression(y, **parts)
    for prediction in cross_fit(problem, 3, 1).predictions:
        assert prediction.shape[1] == problem.n_outputs
        assert np.isfinite(prediction).all()


def test_what_has_no_curves_is_refused_with_the_reason():
    with pytest.raises(NotApplicable, match="no features"):
        cross_fit(regression(np.arange(9.0), codes=np.zeros((9, 0)), levels=()))
    wide = np.random.default_rng(0).normal(size=(9, MOST_NUMBERS + 1))
    with pytest.raises(NotApplicable, match=f"{MOST_NUMBERS} are the most"):
        cross_fit(regression(np.arange(9.0), numbers=wide))
    many = classification(np.arange(202) // 2, 101, numbers=np.arange(202.0)[:, None])
    with pytest.raises(NotApplicable, match="101 classes, too many"):
        cross_fit(many)


@pytest.mark.parametrize("pairs", [-1, 1.5, True, 101])
def test_a_number_of_pairs_out_of_range_is_refused(pairs):
    with pytest.raises(UsageError, match="pairs"):
        additive_family(pairs=pairs)


def test_a_missing_cell_and_an_unseen_level_have_answers():
    problem = mixed_problem(0)
    model = cross_fit(problem, 3).model
    numbers = np.full((2, 4), np.nan)
    strange = table(
        numbers=numbers, codes=np.array([[-1, -1], [-2, -2]]), levels=mixed_table(9)["levels"]
    )
    assert np.isfinite(model.predict(strange)).all()


def test_concrete_is_as_well_predicted_as_by_boosted_curves():
    rows = np.genfromtxt(real_data("concrete/concrete.csv"), delimiter=",", skip_header=1)
    problem = regression(rows[:, -1], numbers=rows[:, :-1])
    fold = np.random.default_rng((12, len(rows))).permutation(len(rows)) % 5
    folds = partition_folds(fold)
    with np.errstate(all="ignore"):
        fitted = FAMILY.cross_fit(problem, folds, SerialContext(problem))
    off = np.concatenate(
        [
            said[:, 0] - rows[split.test, -1]
            for said, split in zip(fitted.predictions, folds.splits, strict=True)
        ]
    )
    assert np.sqrt(np.mean(off**2)) == pytest.approx(5.06, abs=0.05)
