"""The mean of fold models: what it predicts, saves and refuses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.prep.mean import FoldMean, load_mean, mean_prediction


@dataclass(frozen=True)
class Constant:
    value: float

    def predict(self, design, rows=None):
        return np.full((3 if rows is None else len(rows), 1), self.value)

    def to_state(self):
        return State({}, {"value": np.array([self.value])})


def load_fold(state, n_outputs):
    return Constant(float(state.arrays["value"][0]))


MEAN = FoldMean("regression", 1, (Constant(1.0), Constant(2.0), Constant(6.0)), "n_groves")


def test_every_model_counts_the_same_and_their_first_prediction_is_left_alone():
    first = Constant(1.0).predict(None)
    assert MEAN.predict(None, np.arange(2)).tolist() == [[3.0], [3.0]]
    assert first.tolist() == [[1.0]] * 3


def test_members_count_by_their_shares():
    found = mean_prediction(MEAN.models, None, np.arange(1), shares=(0.5, 0.25, 0.25))
    assert found.tolist() == [[2.5]]


def test_a_file_gives_back_every_model_under_the_name_it_counts_them_by():
    state = MEAN.to_state()
    assert state.spec["n_groves"] == 3
    assert load_mean(state, load_fold, "n_groves") == MEAN


def test_the_model_of_each_fold_predicts_alone():
    alone = MEAN.of_each_fold()
    assert [each.predict(None)[0, 0] for each in alone] == [1.0, 2.0, 6.0]


@pytest.mark.parametrize(
    "forged",
    [
        {"n_groves": 0},
        {"n_groves": 4},
        {"n_outputs": 2},
        {"task": "binary"},
        {"task": "multiclass"},
        {"task": "ranking"},
    ],
)
def test_a_forged_state_is_refused(forged):
    state = MEAN.to_state()
    with pytest.raises(BadModelFile):
        load_mean(State({**state.spec, **forged}, state.arrays), load_fold, "n_groves")
