import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.prep.outputs import absent_shares, softmax, spread_shares, take_outputs


def test_softmax_is_that_of_scipy_and_does_not_depend_on_the_batch():
    from scipy.special import softmax as oracle

    scores = np.random.default_rng(0).normal(size=(101, 7)) * 50
    given = softmax(scores)
    np.testing.assert_allclose(given, oracle(scores, axis=1), rtol=1e-13)
    for i in range(101):
        assert softmax(scores[i : i + 1]).tobytes() == given[i].tobytes()


def test_absent_classes_get_half_a_row_and_all_sum_to_one():
    present = np.array([0, 3])
    absent = absent_shares(present, 4, 10)
    given = spread_shares(np.array([[0.25, 0.75]]), present, absent)[0]
    np.testing.assert_allclose(given, np.array([0.25, 0.05, 0.05, 0.75]) / 1.1)


@pytest.mark.parametrize(
    ("classes", "absent"), [([0, 0], [0, 0, 0.1]), ([0, 1], [0, 0.1, 0]), ([0, 3], [0, 0, 0])]
)
def test_outputs_that_contradict_each_other_are_refused(classes, absent):
    arrays = {"classes": np.array(classes), "absent": np.array(absent, dtype=float)}
    with pytest.raises(BadModelFile, match="model"):
        take_outputs(State({"n_outputs": 3}, arrays), "classes", 2)
