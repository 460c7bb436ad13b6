import numpy as np
import pytest

from rung.gram.lockstep import PerceptronRows, learn_together
from rung.gram.mistakes import learn
from rung.trees.sample import Sample


def course(seed, n_rows, width, n_classes):
    rng = np.random.default_rng(seed)
    X = np.concatenate([np.ones((n_rows, 1)), rng.normal(size=(n_rows, width))], axis=1)
    y = (X[:, 1] + rng.normal(size=n_rows)).argsort().argsort() * n_classes // n_rows
    orders = [rng.permutation(n_rows) for _ in range(4)]
    return PerceptronRows(Sample(X, y, rng.uniform(0.3, 2.0, n_rows)), n_classes, orders, (1, 4))


def separable(seed):
    X = np.array([[1.0, -1.0], [1.0, 2.0], [1.0, 3.0]])
    orders = [np.random.default_rng(seed + i).permutation(3) for i in range(4)]
    return PerceptronRows(Sample(X, np.array([0, 1, 1]), np.ones(3)), 2, orders, (1, 4))


def same(one, other):
    return (
        one.average.tobytes() == other.average.tobytes()
        and one.last.tobytes() == other.last.tobytes()
        and (one.epochs, one.mistakes) == (other.epochs, other.mistakes)
    )


@pytest.mark.parametrize("n_classes", [2, 3, 7])
def test_side_by_side_each_learns_what_it_learns_row_by_row(n_classes):
    courses = [course(seed, 90 + seed, 3 + seed, n_classes) for seed in range(5)]
    for own, found in zip(courses, learn_together(courses), strict=True):
        alone = learn(own.sample, n_classes, own.orders, own.keep)
        assert found.mistakes == alone.mistakes
        np.testing.assert_allclose(found.average, alone.average, atol=1e-10)
        np.testing.assert_allclose(found.last, alone.last, atol=1e-10)


def test_the_bits_of_one_depend_on_nothing_beside_it():
    courses = [course(seed, 60 + 7 * seed, 12 + seed, 3 - seed % 2) for seed in range(8)]
    courses.append(separable(0))
    whole = learn_together(courses)
    assert all(
        same(learn_together([own])[0], found) for own, found in zip(courses, whole, strict=True)
    )
    backwards = learn_together(courses[::-1])[::-1]
    assert all(same(one, other) for one, other in zip(whole, backwards, strict=True))


def test_one_that_makes_no_mistakes_stands_still_while_others_learn():
    own = separable(3)
    found, _ = learn_together([own, course(1, 50, 1, 2)])
    assert found.mistakes[-1] == 0
    assert found.mistakes == learn(own.sample, 2, own.orders, own.keep).mistakes
