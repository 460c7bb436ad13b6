import numpy as np

from rung.nets.tables.plans import Course, Held, TrainingPlan, is_over, is_watched


def _plan(**more):
    return TrainingPlan(np.arange(8), (np.arange(2),), np.random.default_rng(0), **more)


def test_rows_are_watched_until_their_loss_has_not_fallen_for_long_and_is_high():
    plan = _plan(epochs=20, patience=2, rise=1.25)
    falling = Course((Held([3.0, 2.0, 1.0], best=3),))
    waiting = Course((Held([1.0, 1.1, 1.2], best=1),))
    lost = Course((Held([1.0, 1.1, 1.3], best=1),))
    assert [is_watched(plan, one, 0) for one in (falling, waiting, lost)] == [True, True, False]
    assert [is_over(plan, one, 3) for one in (falling, waiting, lost)] == [False, False, True]


def test_what_is_closed_or_not_there_is_not_watched():
    course = Course((Held(is_closed=True),))
    assert not is_watched(_plan(), course, 0)
    assert not is_watched(_plan(), course, 1)


def test_training_ends_with_its_last_pass():
    assert [is_over(_plan(epochs=9, last=4), Course(), done) for done in (3, 4)] == [False, True]
