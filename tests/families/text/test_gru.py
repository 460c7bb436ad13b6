"""Gated recurrent units."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

from rung.core.family import State
from rung.errors import BadModelFile, NotApplicable
from rung.families.text.gru import FAMILY
from tests.families.text.laws import cross_fitted, lines_problem, random_lines


@pytest.fixture(scope="module")
def fitted():
    return cross_fitted(FAMILY, lines_problem(60))


def test_it_expects_text_better_than_single_characters_do(fitted):
    nats, characters = fitted.unit_losses[0].sum(axis=0)
    tokens = lines_problem(60).train.tokens
    shares = np.bincount(tokens) / len(tokens)
    assert nats / characters < -(shares * np.log(shares)).sum() - 0.3


def test_too_little_text_skips_the_rung():
    from dataclasses import replace

    problem = replace(lines_problem(), train=random_lines(3, 0))
    with pytest.raises(NotApplicable, match="at least 32 characters"):
        cross_fitted(FAMILY, problem)


@pytest.mark.parametrize(("name", "value"), [("hidden", 3), ("symbols", 1), ("width", 0)])
def test_a_forged_size_is_refused(fitted, name, value):
    state = fitted.model.to_state()
    with pytest.raises(BadModelFile, match=r"entry|shape"):
        FAMILY.load(State({**state.spec, name: value}, state.arrays))


def test_a_missing_array_is_refused(fitted):
    state = fitted.model.to_state()
    for missing in state.arrays:
        arrays = {key: each for key, each in state.arrays.items() if key != missing}
        with pytest.raises(BadModelFile, match="missing"):
            FAMILY.load(State(state.spec, arrays))
