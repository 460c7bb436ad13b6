import numpy as np
import pytest

from rung.density.gaussians import GaussianMix, log_density
from rung.density.scores import fit_margins, from_scores, normal_scores, to_scores

MARGIN = GaussianMix(np.array([0.3, 0.7]), np.array([[-2.0], [1.0]]), np.array([[[0.25]], [[2.0]]]))


def test_scores_come_back_as_numbers() -> None:
    numbers = np.linspace(-6, 9, 61)
    np.testing.assert_allclose(
        from_scores(MARGIN, normal_scores(MARGIN, numbers)), numbers, atol=1e-9
    )


def test_what_is_added_is_the_derivative_of_the_scores() -> None:
    numbers, step = np.linspace(-4, 5, 19), 1e-5
    slope = (normal_scores(MARGIN, numbers + step) - normal_scores(MARGIN, numbers - step)) / (
        2 * step
    )
    _, added = to_scores((MARGIN,), numbers[:, None])
    np.testing.assert_allclose(added, np.log(slope), atol=1e-6)


def test_a_standard_normal_density_of_scores_is_the_margin() -> None:
    numbers = np.array([[-3.0], [0.4], [np.nan]])
    scores, added = to_scores((MARGIN,), numbers)
    normal = -0.5 * scores[:2, 0] ** 2 - 0.5 * np.log(2 * np.pi)
    np.testing.assert_allclose(normal + added[:2], log_density(MARGIN, numbers[:2]))
    assert np.isnan(scores[2, 0])
    assert added[2] == 0


def test_scores_of_skewed_numbers_are_normal() -> None:
    rng = np.random.default_rng(0)
    X = np.exp(rng.normal(size=(2000, 1)))
    scores, _ = to_scores(fit_margins(X), X)
    assert np.quantile(scores, [0.05, 0.5, 0.95]) == pytest.approx([-1.645, 0, 1.645], abs=0.12)
