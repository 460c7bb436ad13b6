import numpy as np
import pytest

from rung.errors import DataError, UsageError
from rung.nets.lessons.curve import Curve, fit_curve, lecture_descents, lecture_points
from rung.nets.lessons.descent import DescentPace

QUICK = DescentPace(steps=60)


def test_the_points_are_the_lectures() -> None:
    x, y = lecture_points()
    by_hand = Curve(np.array([-0.8, 0.8]), np.full(2, -0.3), np.ones(2), -1.0)
    assert round(float(np.mean((by_hand.predict(x) - y) ** 2)), 4) == 0.0467
    assert round(float(np.mean((y + np.cos(x)) ** 2)), 4) == 0.0406
    assert (x[0], x[-1], len(x)) == (-np.pi, np.pi, 1000)


def test_two_relus_reach_the_lectures_best() -> None:
    fit = fit_curve(*lecture_points(), n_relus=2, pace=DescentPace(steps=1500), starts=3)
    assert fit.mean_squared_error <= 0.045
    assert round(fit.mean_squared_error, 4) == 0.0447
    assert sorted(np.sign(fit.curve.slope)) == [-1, 1]
    assert (fit.curve.height > 0).all()


def test_the_record_hangs_together() -> None:
    x, y = lecture_points(200)
    fit = fit_curve(x, y, 3, pace=QUICK, starts=2)
    assert [step for step, _ in fit.snapshots] == [0, 1, 3, 10, 30, 60]
    for step, curve in fit.snapshots:
        assert np.mean((curve.predict(x) - y) ** 2) == pytest.approx(fit.loss[step], rel=1e-10)
    assert len(fit.loss) == 61
    assert fit.mean_squared_error == pytest.approx(fit.start_losses.min(), rel=1e-10)
    assert fit.loss[-1] < fit.loss[0]


def test_units_of_the_data_change_nothing_but_the_units() -> None:
    x, y = lecture_points(200)
    plain = fit_curve(x, y, 4, pace=QUICK, starts=1)
    scaled = fit_curve(1e4 + 250 * x, 3e6 * y - 7, 4, pace=QUICK, starts=1)
    np.testing.assert_allclose(
        scaled.curve.predict(1e4 + 250 * x), 3e6 * plain.curve.predict(x) - 7, rtol=1e-6
    )
    np.testing.assert_allclose(scaled.curve.kinks, 1e4 + 250 * plain.curve.kinks, rtol=1e-8)


def test_more_starts_never_end_higher_and_the_same_seed_repeats() -> None:
    x, y = lecture_points(200)
    one, three = (fit_curve(x, y, 2, pace=QUICK, starts=n) for n in (1, 3))
    assert three.mean_squared_error <= one.mean_squared_error
    again = fit_curve(x, y, 2, pace=QUICK, starts=3)
    assert again.loss.tobytes() == three.loss.tobytes()


def test_a_curve_is_the_sum_of_its_units_and_bends_at_its_kinks() -> None:
    curve = Curve(
        np.array([2.0, -1.0, 0.0]), np.array([-1.0, 3.0, 1.0]), np.array([1.0, 2.0, 5.0]), 4.0
    )
    x = np.array([0.0, 0.5, 2.0, 4.0])
    np.testing.assert_array_equal(curve.predict(x), curve.units(x).sum(axis=1) + 4.0)
    np.testing.assert_array_equal(curve.kinks, [0.5, 3.0, np.inf])


def test_small_steps_learn_more_of_the_lecture_in_equal_passes() -> None:
    walks = lecture_descents(passes=2)
    assert walks["mini-batch"].pass_losses[2] < 0.5 * walks["full batch"].pass_losses[2]


@pytest.mark.parametrize(
    ("x", "y", "options", "error", "said"),
    [
        ([1, 2], [1, 2, 3], {}, DataError, r"x has shape \(2,\) and y \(3,\)"),
        ([1, 2], [1, np.nan], {}, DataError, "not finite"),
        ([1, 1], [1, 2], {}, DataError, "x has 1 distinct values; 2 are needed"),
        (["a", "b"], [1, 2], {}, DataError, "what is no number"),
        ([1, 2], [1, 2], {"n_relus": 0}, UsageError, "n_relus=0 is not a whole number from 1"),
        ([1, 2], [1, 2], {"starts": 1.5}, UsageError, "starts=1.5 is not a whole number"),
    ],
)
def test_what_cannot_be_fitted_is_named(x, y, options, error, said) -> None:
    with pytest.raises(error, match=said):
        fit_curve(x, y, **options)


def test_a_descent_that_runs_away_says_so() -> None:
    with pytest.raises(UsageError, match="ran away: a learning rate of 50 is too large"):
        fit_curve(*lecture_points(100), n_relus=5, pace=DescentPace(50.0, steps=60), starts=1)


def test_a_flat_target_is_fitted_flat() -> None:
    fit = fit_curve(np.arange(5.0), np.full(5, 3.0), 2, starts=1)
    np.testing.assert_allclose(fit.curve.predict(np.arange(5.0)), 3.0, atol=1e-3)
