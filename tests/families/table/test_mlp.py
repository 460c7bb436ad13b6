import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from rung.compute import RunContext, one_thread_each
from rung.core.family import State
from rung.core.folds import given_folds, partition_folds, time_folds
from rung.errors import BadModelFile
from rung.families.table.mlp import FAMILY, load
from rung.nets.tables import budget
from rung.store.codec import decode, encode
from rung.testing import example_folds, example_problem
from rung.testing.laws import check_held_out_rows, check_workers, same_bits
from rung.testing.problems import replace_rows
from tests.realdata import real_data

pytest.importorskip("torch")

N_ROWS = 150


@pytest.fixture(autouse=True, scope="module")
def _search_early():
    """Choose settings on few rows already, so that the search is tested and quick."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(budget, "FEWEST_TO_CHOOSE", 90)
        yield


def _fit(problem, folds, **context):
    with one_thread_each():
        return FAMILY.cross_fit(problem, folds, RunContext(0, problem, **context))


@pytest.fixture(scope="module")
def chosen():
    problem = example_problem("regression", n_rows=N_ROWS)
    folds = example_folds(N_ROWS, n_folds=3)
    return problem, folds, _fit(problem, folds)


def test_held_out_rows_choose_nothing_where_settings_are_searched(chosen):
    problem, folds, fitted = chosen
    assert all(
        settings["epochs"] < settings["of_epochs"] or settings for settings in fitted.settings
    )
    assert ["range_test" in record for record in fitted.training] == [True, False, False]
    with one_thread_each():
        check_held_out_rows(FAMILY, problem, folds, fitted)


def test_what_a_fold_chooses_and_its_network_of_the_pair_do_not_know_its_rows():
    """Folds 0 and 1 share a search; rows of each judge it for the other alone."""
    problem = example_problem("regression", n_rows=N_ROWS)
    folds = example_folds(N_ROWS, n_folds=4)
    before = _fit(problem, folds)
    for fold, partner in ((0, 1), (3, 2)):
        held = folds.splits[fold].test
        changed = replace_rows(
            problem, held, keep=held[:0], generator=np.random.default_rng((5, fold))
        )
        after = _fit(changed, folds)
        assert after.settings[fold] == before.settings[fold]
        assert after.training[fold] == before.training[fold]
        assert same_bits(after.paired[fold], before.paired[fold])
        curves = [each.training[partner]["inner_held_loss"] for each in (before, after)]
        assert curves[0] != curves[1]


def test_pairs_speak_of_the_rows_that_judged_them():
    problem, folds = example_problem("regression", n_rows=N_ROWS), example_folds(N_ROWS, n_folds=3)
    fitted = _fit(problem, folds)
    assert len(fitted.paired) == len(folds.splits)
    for i, (said, record) in enumerate(zip(fitted.paired, fitted.training, strict=True)):
        judged = folds.inner(i)[0].test
        assert said.shape == (len(judged), 1)
        learned = folds.inner(i)[0].train
        weight = problem.weights(learned)
        mean = np.average(problem.y[learned], weights=weight)
        unit = np.average((problem.y[learned] - mean) ** 2, weights=weight)
        off = (said[:, 0] - problem.y[judged]) ** 2
        loss = np.average(off, weights=problem.weights(judged)) / unit
        assert loss == pytest.approx(min(record["inner_held_loss"]), rel=1e-3)


def test_searches_are_shared_and_a_run_that_goes_on_does_none_again(monkeypatch):
    from rung.nets.tables import search

    problem = example_problem("binary", n_rows=N_ROWS)
    folds = example_folds(N_ROWS, n_folds=4)
    made, seek = [], search.search
    monkeypatch.setattr(search, "search", lambda *given: made.append(given) or seek(*given))
    kept = {}
    first = _fit(problem, folds, family="mlp", journal=_Kept(kept))
    assert len(made) == 2
    again = _fit(problem, folds, family="mlp", journal=_Kept(kept))
    assert len(made) == 2
    assert again.settings == first.settings
    assert all(map(same_bits, again.predictions, first.predictions))
    assert all(map(same_bits, again.paired, first.paired))


class _Kept:
    """A journal in memory that keeps bytes, as that of a run does."""

    def __init__(self, kept):
        self.kept = kept

    def find(self, key):
        return (decode(self.kept[key]),) if key in self.kept else None

    def add(self, key, value):
        self.kept[key] = encode(value)

    def sync(self):
        pass


@pytest.mark.parametrize("kind", ["time", "repeats", "given", "halves"])
def test_held_out_rows_choose_nothing_for_other_folds(kind):
    n_rows = 200 if kind == "halves" else N_ROWS
    problem, rows = example_problem("regression", n_rows=n_rows), np.arange(n_rows)
    if kind == "time":
        folds = time_folds(rows * 6 // n_rows)
    elif kind == "repeats":
        folds = partition_folds(np.stack([rows % 3, rows // 7 % 3], axis=1))
    elif kind == "halves":
        folds = partition_folds(rows % 2)
    else:
        pairs = [(rows[:100], rows[100:120]), (rows[20:], rows[:20])]
        folds = given_folds(pairs, n_rows, rows)
    fitted = _fit(problem, folds)
    assert fitted.training[-1]["inner_held_loss"]
    last = len(folds.splits) - 1
    held = folds.splits[last].test
    changed = replace_rows(problem, held, keep=held[:3], generator=np.random.default_rng(6))
    again = _fit(changed, folds)
    assert again.settings[last] == fitted.settings[last]
    assert same_bits(again.predictions[last][:3], fitted.predictions[last][:3])


def test_rows_without_weight_choose_nothing():
    problem = example_problem("regression", n_rows=N_ROWS)
    folds = example_folds(N_ROWS, n_folds=4)
    names = [column.name for column in problem.design.columns if column.role == "weight"]
    weight = problem.design.weight.copy()
    weight[40:] = 0.0
    design = replace(problem.design, values={**problem.design.values, names[0]: weight})
    fitted = _fit(replace(problem, design=design), folds)
    assert all(not record.get("inner_held_loss") for record in fitted.training)
    assert all(not len(said) for said in fitted.paired)


def test_workers_change_no_bit_where_settings_are_searched(chosen):
    problem, folds, fitted = chosen
    with one_thread_each():
        check_workers(FAMILY, problem, folds, fitted)
    again = _fit(problem, folds, threads=2)
    assert again.training == fitted.training


def test_the_final_model_is_the_mean_of_the_folds(chosen):
    problem, _, fitted = chosen
    whole = fitted.model.predict(problem.design)
    parts = [model.predict(problem.design, None) for model in fitted.model.models]
    assert np.allclose(whole, np.mean(parts, axis=0), rtol=1e-12)


def test_other_units_of_the_target_change_the_units_of_predictions_alone(chosen):
    problem, folds, fitted = chosen
    scaled = replace(problem, y=1e6 * problem.y - 3e5)
    again = _fit(scaled, folds)
    for one, two in zip(fitted.predictions, again.predictions, strict=True):
        assert np.allclose(1e6 * one - 3e5, two, rtol=1e-2, atol=1e-2 * 1e6)


def test_absolute_errors_are_lowered_when_they_are_judged():
    problem = example_problem("regression", n_rows=N_ROWS)
    problem.y[:8] += 100.0
    folds = example_folds(N_ROWS, n_folds=3)
    by_loss = {
        loss: _fit(replace(problem, loss=loss), folds)
        for loss in ("squared_error", "absolute_error")
    }
    typical = {
        loss: np.median(
            [
                np.abs(p[:, 0] - problem.y[s.test]).mean()
                for p, s in zip(fitted.predictions, folds.splits, strict=True)
            ]
        )
        for loss, fitted in by_loss.items()
    }
    assert typical["absolute_error"] < typical["squared_error"]


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_classes_are_learned(task):
    problem = example_problem(task, n_rows=N_ROWS)
    folds = example_folds(N_ROWS, n_folds=3)
    fitted = _fit(problem, folds)
    rows = np.concatenate([split.test for split in folds.splits])
    found = np.concatenate(fitted.predictions).argmax(axis=1)
    share = np.mean(found == problem.y[rows])
    assert share > (0.75 if task == "binary" else 0.6)


def test_a_forged_model_is_refused(chosen):
    state = chosen[2].model.to_state()
    name = "0.network.first.weight"
    arrays = {**state.arrays, name: state.arrays[name][:-1]}
    with pytest.raises(BadModelFile, match=r"first\.weight"):
        load(State(state.spec, arrays, state.strings))
    with pytest.raises(BadModelFile, match="task"):
        load(State({**state.spec, "task": "guessing"}, state.arrays, state.strings))


def test_a_loaded_model_predicts_the_same_bits(chosen):
    problem, _, fitted = chosen
    again = load(fitted.model.to_state())
    assert same_bits(again.predict(problem.design), fitted.model.predict(problem.design))


def test_loading_and_predicting_need_no_torch():
    script = (
        "import sys; from rung.families.table.mlp import load; import rung.nets.tables.forward; "
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


@pytest.mark.slow
def test_gas_fractions_of_galaxies_are_predicted_as_well_as_the_course_does():
    import polars as pl

    from rung.kinds.table.asked import make_options
    from rung.kinds.table.prepare import prepare

    names = ("model_r", "NUVr", "expAB_r", "petrR50_r", "CINDX", "INCL")
    path = real_data("xgass/xGASS_representative_sample.csv")
    frame = pl.read_csv(path, infer_schema_length=None).select(*names, "lgGF")
    frame = frame.filter(pl.col("NUVr") > -99)
    prepared = prepare(frame, make_options("lgGF", {"test_fraction": 0, "folds": 5}))
    fitted = _fit(prepared.problem, prepared.folds, threads=2)
    rows = np.concatenate([split.test for split in prepared.folds.splits])
    off = np.concatenate(fitted.predictions)[:, 0] - prepared.problem.y[rows]
    assert len(rows) == 1_157
    assert 1 - np.mean(off**2) / prepared.problem.y.var() >= 0.795  # the course: .797
