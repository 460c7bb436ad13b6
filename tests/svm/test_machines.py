import numpy as np

from rung.svm.machines import Trainer
from rung.svm.margins import MarginRows, settle_margins
from tests.tables import SerialContext, classification, regression


def numbers(n_rows=80):
    return np.random.default_rng(0).normal(size=(n_rows, 2))


def trainer(problem):
    return Trainer(problem, SerialContext(problem))


def test_values_keep_their_unit_and_offset():
    X = numbers()
    y = 1e6 + 1e3 * X[:, 0]
    problem = regression(y, numbers=X)
    bench = trainer(problem).bench(np.arange(80))
    for reach in (0.0, 1.0):
        machine = next(bench.machines(reach, (1e6,), 1e-6))
        given = machine.scores(problem.design)[:, 0]
        np.testing.assert_allclose(given, y, atol=1.0)


def test_two_classes_have_one_margin_and_more_have_one_each():
    for n_classes, n_scores in ((2, 1), (4, 4)):
        y = np.arange(80) % n_classes
        own = trainer(classification(y, n_classes, numbers=numbers()))
        signs = own.signs(np.arange(80))
        assert signs.shape == (80, n_scores)
        last = y == n_classes - 1
        np.testing.assert_array_equal(signs[:, -1] > 0, last)


def test_all_rows_are_landmarks_where_they_are_few_and_samples_keep_their_order():
    own = trainer(regression(np.arange(80.0), numbers=numbers()))
    assert own.bench(np.arange(80)).chosen.tolist() == list(range(80))
    drawn = own.sample(np.arange(100, 180), 30)
    assert len(np.unique(drawn)) == 30
    assert (np.diff(drawn) > 0).all()


def test_rows_without_any_weight_count_the_same():
    own = trainer(regression(np.arange(80.0), numbers=numbers(), weight=np.zeros(80)))
    assert (own.weights(np.arange(5)) == 1.0).all()


def test_a_machine_of_more_columns_than_rows_is_that_of_the_whole_space() -> None:
    """The squared hinge with squared coefficients, solved in the span of the rows and outright."""
    from rung.svm.machines import narrowed

    rng = np.random.default_rng(5)
    X = rng.normal(size=(20, 60))
    Y = np.sign(rng.normal(size=(20, 1)))
    rows, basis = narrowed(X)
    assert rows.shape == (20, 20)
    assert basis is not None
    inside = settle_margins(MarginRows(rows, Y, np.ones(20)), 3.0)[0]
    whole = settle_margins(MarginRows(X, Y, np.ones(20)), 3.0)[0]
    assert np.allclose(basis @ inside[1:], whole[1:], atol=1e-6)
    assert np.allclose(inside[0], whole[0], atol=1e-6)
