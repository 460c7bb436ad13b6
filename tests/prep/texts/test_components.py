"""Components are the singular vectors of the words of training texts, and of nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import random as random_matrix

from rung.core.dataset import Dataset
from rung.core.family import State
from rung.errors import BadModelFile
from rung.prep.texts.components import TextComponents, fit_components, leading_directions
from rung.testing import example_problem
from rung.testing.problems import with_texts

PROBLEM = with_texts(example_problem("binary"))


def test_directions_are_those_of_a_full_decomposition() -> None:
    scale = np.diag(0.7 ** np.arange(40))
    X = random_matrix(80, 40, density=0.3, rng=np.random.default_rng(0)) @ scale
    found = leading_directions(X.tocsr() if hasattr(X, "tocsr") else X, 5)
    wanted = np.linalg.svd(np.asarray(X), full_matrices=False)[2][:5].T
    assert np.allclose(np.abs((found * wanted).sum(axis=0)), 1.0, atol=1e-5)
    assert np.allclose(found.T @ found, np.eye(5), atol=1e-6)


def test_numbers_stand_in_the_place_of_the_text_and_gaps_stay_gaps() -> None:
    components = fit_components(PROBLEM, np.arange(60))
    assert isinstance(PROBLEM.design, Dataset)
    design = components.design(PROBLEM.design)
    names = [name for name in design.number_names if name.startswith("note.component")]
    assert design.text_columns == ()
    assert len(names) == components.weights[0].shape[1] > 5
    is_gap = PROBLEM.design.values["note"] < 0
    assert is_gap.any()
    assert np.array_equal(np.isnan(design.values["note.component1"]), is_gap)


def test_the_target_and_rows_outside_training_leave_no_trace() -> None:
    design = PROBLEM.design
    assert isinstance(design, Dataset)
    train = np.arange(60)
    codes = design.values["note"].copy()
    codes[60:] = codes[60:][::-1]
    moved = Dataset(design.columns, {**design.values, "note": codes}, design.n_rows)
    other = type(PROBLEM)("binary", moved, 1 - PROBLEM.y, PROBLEM.classes, PROBLEM.loss)
    assert np.array_equal(
        fit_components(PROBLEM, train).weights[0], fit_components(other, train).weights[0]
    )


def test_weights_that_no_direction_has_are_refused() -> None:
    state = fit_components(PROBLEM, np.arange(60)).to_state()
    forged = {**state.arrays, "weights0": 2.0 + state.arrays["weights0"]}
    with pytest.raises(BadModelFile, match="components of texts"):
        TextComponents.from_state(State(state.spec, forged, state.strings))
