import numpy as np
import pytest

from rung.nets.tables.shapes import NetworkShape, initial
from rung.nets.tables.single_slope import SingleSlope, losses_of_mean, losses_with_slope

DICE = np.random.default_rng(1)
X = DICE.normal(size=(6, 3)).astype(np.float32)


@pytest.mark.parametrize("kind", ["squared", "absolute", "cross_entropy"])
def test_derivatives_are_those_of_finite_differences(kind):
    shape = NetworkShape(3, 4, 3 if kind == "cross_entropy" else 1, n_members=2)
    own = {name: each[0] for name, each in initial(shape, [np.random.default_rng(5)]).items()}
    own["block0.bias"] += 0.1  # at zero a unit that is given nothing stands where the line bends
    target = np.arange(6) % 3 if kind == "cross_entropy" else DICE.normal(size=6)
    slope_of, slopes = SingleSlope(shape, 6), {n: np.zeros_like(v) for n, v in own.items()}

    def loss():
        scores = slope_of.scores(own, own["first.weight"], X).astype(np.float64)
        return losses_with_slope(kind, scores, target)[0].sum()

    scores = slope_of.scores(own, own["first.weight"], X)
    slope_of.derive(own, slopes, X, losses_with_slope(kind, scores, target)[1].astype("f4"))
    for name, values in own.items():
        place = np.unravel_index(np.abs(slopes[name]).argmax(), values.shape)
        before, ends = values[place], []
        for step in (-2e-4, 2e-4):
            values[place] = before + step
            ends.append(loss())
        values[place] = before
        assert slopes[name][place] == pytest.approx(
            (ends[1] - ends[0]) / 4e-4, rel=2e-2, abs=5e-3
        ), name


def test_members_speak_with_one_voice():
    scores = np.array([[[1.0]], [[3.0]]])
    assert losses_of_mean("squared", scores, np.array([1.0])).tolist() == [1.0]
    even, sure = np.zeros((1, 1, 2)), np.array([[[np.log(3.0), 0.0]]])
    mean = losses_of_mean("cross_entropy", np.concatenate([even, sure]), np.array([0]))
    assert mean[0] == pytest.approx(-np.log((0.5 + 0.75) / 2))
