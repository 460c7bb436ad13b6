"""What trees of a forest learn, and how means over them become predictions."""

import numpy as np

from rung.core.target_units import FARTHEST
from rung.trees.sample import Sample
from rung.trees.targets import OutputUnits
from tests.tables import classification, regression

X = np.zeros((4, 1))


def sample(y, weight=(1.0, 1.0, 1.0, 1.0)):
    return Sample(X, np.asarray(y), np.asarray(weight, dtype=float))


def test_values_are_learned_in_units_and_said_in_their_own():
    problem = regression([0.0, 2.0, 4.0, 10.0], numbers=X)
    speech = OutputUnits.of(problem, sample([0.0, 2.0, 4.0, 10.0]))
    learned = speech.lesson(sample([0.0, 2.0, 4.0, 10.0]))
    assert learned.n_classes == 0
    assert np.abs(learned.sample.y).max() == 1.0
    assert learned.sample.y[2] == 0.0
    said = speech.outputs(learned.sample.y[:, None])[:, 0]
    np.testing.assert_allclose(said, [0, 2, 4, 10], atol=1e-10)


def test_the_offset_is_a_value_of_the_target_in_its_middle():
    problem = regression([0.0, 2.0, 4.0, 10.0], numbers=X)
    assert OutputUnits.of(problem, sample([10.0, 2.0, 0.0, 4.0])).offset == 4.0


def test_watched_values_far_outside_stay_finite_in_single_precision():
    speech = OutputUnits.of(
        regression([0.0, 1.0, 0.0, 1.0], numbers=X), sample([0.0, 1.0, 0.0, 1.0])
    )
    far = speech.lesson(sample([1e300, -1e300, 0.0, 1.0])).sample.y
    assert far.tolist()[:2] == [FARTHEST, -FARTHEST]
    assert np.isfinite(far.astype(np.float32)).all()


def test_classes_are_numbered_without_gaps_and_said_in_their_places():
    problem = classification(np.array([0, 2, 2, 2]), 3, numbers=X)
    speech = OutputUnits.of(problem, sample([0, 2, 2, 2]))
    assert speech.lesson(sample([0, 2, 2, 2])).sample.y.tolist() == [0, 1, 1, 1]
    said = speech.outputs(np.array([[0.25, 0.75]]))
    np.testing.assert_allclose(said, [[0.25, 0.0, 0.75]])


def test_a_class_without_a_row_has_half_a_rows_share_of_the_prior():
    speech = OutputUnits.of(
        classification(np.array([0, 2, 2, 2]), 3, numbers=X), sample([0, 2, 2, 2])
    )
    np.testing.assert_allclose(speech.prior, np.array([0.25, 0.125, 0.75]) / 1.125)


def test_the_prior_keeps_every_class_possible():
    problem = classification(np.array([0, 2, 2, 2]), 3, numbers=X)
    speech = OutputUnits(*_parts(OutputUnits.of(problem, sample([0, 2, 2, 2]))), prior_share=0.2)
    said = speech.outputs(np.array([[0.0, 1.0]]))
    assert (said > 0).all()
    np.testing.assert_allclose(said.sum(axis=1), 1.0)


def _parts(speech):
    return speech.present, speech.prior, speech.offset, speech.scale
