import numpy as np
import pytest

from rung.core.family import Problem
from rung.errors import NotApplicable
from rung.gram.additive import Start, fit_curves, knots_each, list_penalties
from rung.gram.sums import middle_and_spread
from tests.tables import classification, mixed_table, regression

N_ROWS = 240


def held_matrix(fit, mass, gram=None):
    """Return the sum of all penalties of a fit, (1 + width, 1 + width), of each score.

    With `gram` also what holds the common height of a curve.
    """
    out = []
    held = list_penalties(fit.encoder, mass)
    for weights in fit.start.weights:
        total = np.zeros((1 + fit.encoder.width,) * 2)
        for name, penalty in held.items():
            place = penalty.place
            if gram is not None and penalty.mean is not None:
                scale = np.trace(gram[place, place]) / len(penalty.mean)
                both = np.outer(penalty.mean, penalty.mean)
                total[place, place] += scale * both / (penalty.mean @ penalty.mean)
            for matrix, weight in zip(penalty.matrices, weights[name], strict=True):
                total[place, place] += weight * matrix
        out.append(total)
    return out


@pytest.mark.parametrize("pairs", [0, 2])
def test_heights_are_penalised_least_squares_by_numpy(pairs):
    parts = mixed_table(N_ROWS, weighted=True)
    rng = np.random.default_rng(2)
    y = 1e4 + 30 * np.sin(parts["numbers"][:, 0]) + 5 * rng.normal(size=N_ROWS)
    problem = regression(y, **parts)
    fit = fit_curves(problem, np.arange(N_ROWS), n_pairs=pairs)
    X = fit.encoder.matrix(problem.design).toarray()
    weight = parts["weight"] / parts["weight"].mean()
    gram = X.T @ (weight[:, None] * X)
    (held,) = held_matrix(fit, weight @ X / N_ROWS, gram)
    shift, scale = middle_and_spread(y)
    inner = gram + held
    theta = np.linalg.lstsq(inner, X.T @ (weight * (y - shift) / scale), rcond=1e-13)[0]
    found = fit.encoder.combine(problem.design, None, fit.coefficients, fit.intercept)[:, 0]
    np.testing.assert_allclose(found, shift + scale * (X @ theta), rtol=0, atol=1e-6 * scale)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_scores_of_classes_stand_where_the_penalised_loss_is_least(n_classes):
    parts = mixed_table(N_ROWS, weighted=True)
    rng = np.random.default_rng(2)
    score = 2 * parts["numbers"][:, 0] + rng.logistic(size=N_ROWS)
    y = np.searchsorted(np.quantile(score, np.arange(1, n_classes) / n_classes), score)
    problem = classification(y, n_classes, **parts)
    fit = fit_curves(problem, np.arange(N_ROWS))
    X = fit.encoder.matrix(problem.design).toarray()
    weight = parts["weight"] / parts["weight"].mean()
    scores = fit.encoder.combine(problem.design, None, fit.coefficients, fit.intercept)
    if n_classes == 2:
        scores = np.concatenate([np.zeros_like(scores), scores], axis=1)
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    left = (weight[:, None] * (np.eye(n_classes)[y] - shares))[:, -fit.coefficients.shape[1] :]
    theta = np.concatenate([fit.intercept[None], fit.coefficients])
    pulls = [held @ theta[:, k] for k, held in enumerate(held_matrix(fit, weight @ X / N_ROWS))]
    slope = X.T @ left - np.transpose(pulls)
    # The height of gaps was moved when curves were centred.
    slope[1 + fit.encoder.starts[-1]] = 0.0
    assert np.abs(slope).max() < 0.002 * N_ROWS


def test_curves_average_to_zero_over_the_rows_that_have_the_number():
    parts = mixed_table(N_ROWS, weighted=True)
    problem = regression(np.random.default_rng(0).normal(7.0, 1.0, N_ROWS), **parts)
    fit = fit_curves(problem, np.arange(N_ROWS))
    X = fit.encoder.matrix(problem.design).toarray()[:, 1:]
    for a, b in zip(fit.encoder.starts[:4], fit.encoder.starts[1:5], strict=True):
        assert abs(parts["weight"] @ X[:, a:b] @ fit.coefficients[a:b, 0]) < 1e-9 * N_ROWS


def test_a_jagged_curve_gets_more_knots_and_a_smooth_one_does_not():
    rng = np.random.default_rng(4)
    numbers = rng.uniform(size=(4_000, 2))
    y = np.where((numbers[:, 0] * 60).astype(int) % 2, 3.0, -3.0) + numbers[:, 1]
    problem = regression(y + 0.3 * rng.normal(size=4_000), numbers=numbers)
    fit = fit_curves(problem, np.arange(4_000))
    jagged, smooth = fit.start.most
    assert jagged > 4 * smooth == 4 * knots_each(2, 4_000)


def test_rows_without_weight_say_nothing():
    parts = mixed_table(60)
    weight = np.where(np.arange(60) % 3, 1.0, 0.0)
    y = np.random.default_rng(0).normal(size=60)
    problem = regression(y, **{**parts, "weight": weight})
    other = regression(np.where(weight > 0, y, 1e9), **{**parts, "weight": weight})
    one, two = (fit_curves(each, np.arange(60)) for each in (problem, other))
    np.testing.assert_array_equal(one.coefficients, two.coefficients)
    with pytest.raises(NotApplicable, match="positive weight"):
        fit_curves(problem, np.array([0, 3]))


def test_a_known_start_is_kept_for_the_parts_that_are_there():
    parts = mixed_table(N_ROWS)
    problem: Problem = regression(np.sin(parts["numbers"][:, 0]), **parts)
    first = fit_curves(problem, np.arange(N_ROWS))
    again = fit_curves(problem, np.arange(N_ROWS), start=first.start)
    found = [
        fit.encoder.combine(problem.design, None, fit.coefficients, fit.intercept)
        for fit in (first, again)
    ]
    np.testing.assert_allclose(*found, atol=0.02)
    assert again.start.most == first.start.most
    assert fit_curves(problem, np.arange(50), start=Start(first.start.most, ({},))).freedom > 1
