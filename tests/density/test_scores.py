import numpy as np
import pytest

from rung.core.family import State
from rung.density.gaussians import GaussianMix
from rung.density.histogram import Histogram
from rung.density.one_column import ColumnDensity
from rung.density.scores import fit_margins, load_margins, margin_arrays, to_scores
from rung.errors import BadModelFile

GAUSSIANS = GaussianMix(
    np.array([0.3, 0.7]), np.array([[-2.0], [1.0]]), np.array([[[0.25]], [[2.0]]])
)
BINS = Histogram(np.array([-3.0, 0.05, 0.15, 2.0]), np.array([0.2, 0.5, 0.3]))
BOTH = ColumnDensity(GAUSSIANS, BINS, 0.6)
MARGINS = pytest.mark.parametrize("margin", [ColumnDensity(GAUSSIANS), BOTH])


@MARGINS
def test_scores_come_back_as_numbers(margin) -> None:
    numbers = np.linspace(-6, 9, 61)
    np.testing.assert_allclose(margin.numbers(margin.scores(numbers)), numbers, atol=1e-9)


@MARGINS
def test_what_is_added_is_the_derivative_of_the_scores(margin) -> None:
    numbers, step = np.linspace(-4, 5.3, 19), 1e-5
    slope = (margin.scores(numbers + step) - margin.scores(numbers - step)) / (2 * step)
    _, added = to_scores((margin,), numbers[:, None])
    np.testing.assert_allclose(added, np.log(slope), atol=1e-6)


@MARGINS
def test_a_standard_normal_density_of_scores_is_the_margin(margin) -> None:
    numbers = np.array([[-3.0], [0.4], [np.nan]])
    scores, added = to_scores((margin,), numbers)
    normal = -0.5 * scores[:2, 0] ** 2 - 0.5 * np.log(2 * np.pi)
    np.testing.assert_allclose(normal + added[:2], margin.log_density(numbers[:2, 0]))
    assert np.isnan(scores[2, 0])
    assert added[2] == 0


def test_scores_of_skewed_numbers_are_normal() -> None:
    rng = np.random.default_rng(0)
    X = np.exp(rng.normal(size=(2000, 1)))
    scores, _ = to_scores(fit_margins(X), X)
    assert np.quantile(scores, [0.05, 0.5, 0.95]) == pytest.approx([-1.645, 0, 1.645], abs=0.12)


def test_margins_come_back_from_their_arrays() -> None:
    (plain, both) = load_margins(State({}, margin_arrays((ColumnDensity(GAUSSIANS), BOTH))), 2)
    numbers = np.linspace(-6, 9, 61)
    assert plain.histogram is None
    np.testing.assert_array_equal(both.log_density(numbers), BOTH.log_density(numbers))


@pytest.mark.parametrize(
    ("place", "value"),
    [((0, 1), -3.0), ((1, 0), -0.2), ((1, 1), 0.6), ((1, 3), 1.0), ((1, 3), 0.0)],
)
def test_a_damaged_histogram_is_refused(place, value) -> None:
    arrays = margin_arrays((BOTH,))
    arrays["bins/0"][place] = value
    with pytest.raises(BadModelFile, match="histogram"):
        load_margins(State({}, arrays), 1)
