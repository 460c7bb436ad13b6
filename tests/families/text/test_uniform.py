"""The uniform guess."""

import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.families.text.uniform import FAMILY
from tests.families.text.laws import PROBLEMS, cross_fitted


@pytest.mark.parametrize(("kind", "n_outcomes"), [("lines", 9), ("stream", 8)])
def test_the_loss_is_the_log_of_the_number_of_outcomes(kind, n_outcomes):
    fitted = cross_fitted(FAMILY, PROBLEMS[kind]())
    nats, characters = fitted.unit_losses[0].sum(axis=0)
    assert nats / characters == pytest.approx(np.log(n_outcomes))


@pytest.mark.parametrize(
    "spec", [{"n_tokens": 0, "first": 0}, {"n_tokens": 3, "first": 2}, {"first": 0}]
)
def test_a_forged_state_is_refused(spec):
    with pytest.raises(BadModelFile, match="vocabulary"):
        FAMILY.load(State(spec))
