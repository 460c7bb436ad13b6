"""Losses are negative log densities, and a default margin that units do not move."""

import numpy as np
import pytest

from rung.core.family import CrossFit
from rung.errors import ResourceError
from rung.kinds.density.judge import judge
from rung.kinds.density.options import DensityOptions
from rung.kinds.density.prepare import prepare
from rung.workbench.climb import decide
from tests.kinds.density.made import stars


def _fits(prepared, logs):
    return {
        name: CrossFit(
            tuple(np.full((len(split.test), 1), value) for split in prepared.folds.splits), (), None
        )
        for name, value in logs.items()
    }


@pytest.fixture(scope="module")
def prepared():
    return prepare(stars(), DensityOptions(folds=4))


def test_a_density_without_columns_alone_cannot_be_judged(prepared):
    with pytest.raises(ResourceError, match="columns alone"):
        judge(prepared, _fits(prepared, {"gaussian": -1.0}))


@pytest.mark.parametrize("shift", [-50.0, 0.0, 50.0])
def test_the_margin_is_a_twentieth_of_the_gain_whatever_the_units(prepared, shift):
    fits = _fits(prepared, {"independent": -9.0 + shift, "gaussian": -3.0 + shift})
    found = judge(prepared, fits)
    assert found.losses.means.tolist() == [9.0 - shift, 3.0 - shift]
    steps = {"independent": 0, "gaussian": 100}
    choice = decide(found.losses, steps=steps, metric="log_density").choice
    assert choice.margin_loss == pytest.approx(0.3)
    assert (choice.family, choice.is_claim) == ("gaussian", True)


def test_a_gain_of_less_than_a_hundredth_nat_is_none(prepared):
    fits = _fits(prepared, {"independent": 9.0, "gaussian": 9.005})
    found = judge(prepared, fits)
    choice = decide(
        found.losses, steps={"independent": 0, "gaussian": 100}, metric="log_density"
    ).choice
    assert choice.family == "independent"
    assert found.scores["gaussian"]["odds_share"].mean == pytest.approx(
        1 / (1 + np.exp(-0.005)), abs=1e-9
    )
