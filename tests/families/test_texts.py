"""Every family that takes columns of text keeps the laws with them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rung.compute import one_thread_each
from rung.core.dataset import Dataset
from rung.core.family import CrossFit, Family, Problem, State
from rung.errors import BadModelFile
from rung.families import discover, find, missing_needs
from rung.families.texts import ComponentsMean, load, on_texts, reads_texts
from rung.testing.laws import (
    check_held_out_rows,
    check_prediction,
    check_shapes,
    check_weights,
    check_workers,
    run,
)
from rung.testing.problems import example_folds, example_problem, only, with_texts

N_ROWS, N_FOLDS = 64, 3
OWN = ("linear", "naive_bayes", "svm")
# One that counts words itself in each way, and one that is given components.
LAWFUL = (*((name, "random") for name in (*OWN, "neighbours")), ("linear", "time"))


def texts_alone(task: str = "binary", n_rows: int = N_ROWS) -> Problem:
    problem = with_texts(example_problem(task, n_rows=n_rows))  # type: ignore[arg-type]
    return only(problem)


def accuracy(problem: Problem, fitted: CrossFit, n_folds: int = N_FOLDS) -> float:
    splits = example_folds(problem.design.n_rows, n_folds=n_folds).splits
    right = [
        p.argmax(axis=1) == problem.y[s.test]
        for p, s in zip(fitted.predictions, splits, strict=True)
    ]
    return float(np.concatenate(right).mean())


@pytest.mark.parametrize(("name", "kind"), LAWFUL)
def test_family_keeps_the_laws_with_text_beside_numbers(name: str, kind: str) -> None:
    family = on_texts(find(name))
    task = "binary" if kind == "random" or "regression" not in family.tasks else "regression"
    problem = with_texts(example_problem(task, n_rows=N_ROWS))  # type: ignore[arg-type]
    folds = example_folds(N_ROWS, kind=kind, n_folds=N_FOLDS)
    with one_thread_each():
        fitted = run(family, problem, folds)
        check_shapes(family, problem, folds, fitted)
        check_held_out_rows(family, problem, folds, fitted)
        check_prediction(family, problem, fitted)
        if kind == "random":
            check_workers(family, problem, folds, fitted)
            check_weights(family, problem, folds, fitted)
    state = fitted.model.to_state()
    again = load(family, state)
    assert np.array_equal(again.predict(problem.design), fitted.model.predict(problem.design))


@pytest.mark.parametrize("name", OWN)
def test_words_that_tell_the_class_are_learned_from(name: str) -> None:
    problem = texts_alone()
    with one_thread_each():
        fitted = run(on_texts(find(name)), problem, example_folds(N_ROWS, n_folds=N_FOLDS))
    assert accuracy(problem, fitted) > 0.8


def test_three_classes_and_values_are_learned_from_words() -> None:
    for task in ("multiclass", "regression"):
        problem = texts_alone(task, 120)
        folds = example_folds(120, n_folds=N_FOLDS)
        with one_thread_each():
            fitted = run(on_texts(find("linear")), problem, folds)
            blind = run(find("constant"), problem, folds)
        lost = []
        for one in (fitted, blind):
            said = np.concatenate(one.predictions)
            y = problem.y[np.concatenate([split.test for split in folds.splits])]
            own = said[np.arange(len(y)), y] if problem.classes else -((said[:, 0] - y) ** 2)
            lost.append(-float(np.mean(np.log(own) if problem.classes else own)))
        assert lost[0] < 0.8 * lost[1]


def test_a_family_that_leaves_text_out_says_the_same_with_it_and_without() -> None:
    plain = example_problem("binary", n_rows=N_ROWS)
    folds = example_folds(N_ROWS, n_folds=N_FOLDS)
    for name in ("constant", "one_feature"):
        with_text = run(on_texts(find(name)), with_texts(plain), folds)
        assert np.array_equal(
            np.concatenate(with_text.predictions),
            np.concatenate(run(find(name), plain, folds).predictions),
        )


def test_models_of_texts_claim_no_form_and_no_formula() -> None:
    claims = [(f.form, f.formula) for f in map(on_texts, discover())]
    assert claims == [(None, None)] * len(discover())


def test_the_mean_of_folds_predicts_the_mean_of_its_models() -> None:
    problem = texts_alone()
    if missing_needs(find("boosting")):
        pytest.skip("boosting needs lightgbm")
    with one_thread_each():
        fitted = run(on_texts(find("boosting")), problem, example_folds(N_ROWS, n_folds=N_FOLDS))
    assert isinstance(fitted.model, ComponentsMean)
    each = [model.predict(problem.design) for model in fitted.models]
    assert np.allclose(fitted.model.predict(problem.design), np.mean(each, axis=0), rtol=1e-12)


def test_what_one_model_says_of_a_row_does_not_hang_on_its_neighbours() -> None:
    problem = texts_alone()
    model = run(on_texts(find("linear")), problem, example_folds(N_ROWS, n_folds=N_FOLDS)).model
    design = problem.design
    assert isinstance(design, Dataset)
    column = design.text_columns[0]
    text = column.levels[5]
    alone = Dataset(
        tuple(replace(c, levels=(text,)) if c.name == "note" else c for c in design.columns),
        {
            name: v[:1] if name != "note" else np.array([0], dtype=np.int32)
            for name, v in design.values.items()
        },
        1,
    )
    rows = np.flatnonzero(design.values["note"] == 5)
    assert np.allclose(model.predict(alone), model.predict(design, rows[:1]), rtol=1e-12)


@pytest.mark.parametrize("name", [*OWN, "tree"])
def test_a_state_without_one_of_its_arrays_is_refused(name: str) -> None:
    problem = texts_alone()
    family = on_texts(find(name))
    state = run(family, problem, example_folds(N_ROWS, n_folds=N_FOLDS)).model.to_state()
    for missing in state.arrays:
        fewer = {key: array for key, array in state.arrays.items() if key != missing}
        with pytest.raises((BadModelFile, KeyError)):
            load(family, State(state.spec, fewer, state.strings))
    for missing in state.strings:
        fewer_strings = {key: own for key, own in state.strings.items() if key != missing}
        with pytest.raises((BadModelFile, KeyError)):
            load(family, State(state.spec, state.arrays, fewer_strings))


def test_a_problem_without_columns_of_text_is_none_to_adapt_to() -> None:
    plain = example_problem("binary")
    assert (reads_texts(plain), reads_texts(with_texts(plain)), reads_texts(None)) == (
        False,
        True,
        False,
    )


def test_a_family_given_from_outside_is_adapted_alike() -> None:
    family: Family = replace(find("tree"), name="own_tree")  # type: ignore[type-var]
    fitted = run(on_texts(family), texts_alone(), example_folds(N_ROWS, n_folds=N_FOLDS))
    assert "texts come as" in fitted.notes[-1]
