"""What rungs of windows, and the one that remembers, refuse."""

from dataclasses import replace

import pytest

from rung.core.family import State
from rung.errors import BadModelFile, NotApplicable
from rung.families.text import char_mlp, char_mlp_batchnorm, neural_bigram, wavenet
from tests.families.text.laws import (
    cross_fitted,
    lines_problem,
    random_lines,
)

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

MODULES = (neural_bigram, char_mlp, char_mlp_batchnorm, wavenet)
FAMILIES = {module.NAME: module.FAMILY for module in MODULES}


@pytest.mark.parametrize("name", FAMILIES)
def test_too_little_text_skips_the_rung(name):
    with pytest.raises(NotApplicable, match="at least 32 characters"):
        cross_fitted(FAMILIES[name], replace(lines_problem(), train=random_lines(3, 0)))


@pytest.mark.parametrize("name", FAMILIES)
def test_a_forged_state_is_refused(name):
    family = FAMILIES[name]
    state = cross_fitted(family, lines_problem(30)).model.to_state()
    forged = [
        {**state.spec, "context": 5},
        {**state.spec, "symbols": 1},
        {**state.spec, "width": 0},
    ]
    for spec in forged:
        with pytest.raises(BadModelFile, match=r"entry|fuse|shape"):
            family.load(State(spec, state.arrays))
    for missing in state.arrays:
        arrays = {key: each for key, each in state.arrays.items() if key != missing}
        with pytest.raises(BadModelFile, match="missing"):
            family.load(State(state.spec, arrays))
