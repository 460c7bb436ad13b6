"""The GPT rung."""

from dataclasses import replace

import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile, NotApplicable
from rung.families.text.gpt import FAMILY
from tests.families.text.laws import (
    cross_fitted,
    lines_problem,
    random_lines,
)

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")


@pytest.fixture(scope="module")
def state():
    return cross_fitted(FAMILY, lines_problem(60)).model.to_state()


def test_it_expects_text_better_than_single_characters_do():
    problem = lines_problem()
    fitted = cross_fitted(FAMILY, problem)
    nats, characters = fitted.unit_losses[0].sum(axis=0)
    counts = np.bincount(problem.train.tokens)
    shares = counts / counts.sum()
    assert nats / characters < -(shares * np.log(shares)).sum() - 0.3


def test_too_little_text_skips_the_rung():
    with pytest.raises(NotApplicable, match="at least 64 characters"):
        cross_fitted(FAMILY, replace(lines_problem(), train=random_lines(3, 0)))


@pytest.mark.parametrize(
    ("name", "value"), [("layers", 3), ("heads", 5), ("width", 2**40), ("first", 2), ("table", 0)]
)
def test_a_forged_size_is_refused(state, name, value):
    with pytest.raises(BadModelFile, match=r"entry|heads|missing|shape"):
        FAMILY.load(State({**state.spec, name: value}, state.arrays))


def test_a_weight_that_is_not_finite_is_refused(state):
    arrays = {name: each.copy() for name, each in state.arrays.items()}
    arrays["gpt.hidden.0"][0, 0] = np.nan
    with pytest.raises(BadModelFile, match="finite"):
        FAMILY.load(State(state.spec, arrays))
