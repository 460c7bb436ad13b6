import numpy as np
import pytest

from rung.gram.monomials import Monomials, count_monomials

SHAPES = [(1, 1), (1, 4), (40, 1), (3, 2), (4, 3), (3, 4), (9, 2)]


def drawn(n_numbers, degree, n_rows=60):
    listed = Monomials(n_numbers, degree)
    Z = np.asfortranarray(np.random.default_rng(degree).normal(size=(n_rows, n_numbers)))
    columns = np.empty((n_rows, len(listed)), order="F")
    listed.evaluate(Z, 1.0, columns)
    return listed, Z, columns


@pytest.mark.parametrize(("n_numbers", "degree"), SHAPES)
def test_values_are_the_products_that_the_lists_name(n_numbers, degree):
    listed, Z, columns = drawn(n_numbers, degree)
    with_one = np.c_[Z, np.ones(len(Z))]
    np.testing.assert_allclose(columns, np.prod(with_one[:, listed.terms], axis=2), rtol=1e-12)


@pytest.mark.parametrize(("n_numbers", "degree"), SHAPES)
def test_the_lists_are_those_of_scikit_learn(n_numbers, degree):
    from sklearn.preprocessing import PolynomialFeatures

    listed, Z, columns = drawn(n_numbers, degree)
    np.testing.assert_allclose(PolynomialFeatures(degree).fit_transform(Z), columns, rtol=1e-12)
    assert len(listed) == count_monomials(n_numbers, degree)
    assert (listed.place(listed.terms) == np.arange(len(listed))).all()


@pytest.mark.parametrize(("n_numbers", "degree"), SHAPES)
def test_moments_hold_every_product_of_two_columns(n_numbers, degree):
    listed, Z, columns = drawn(n_numbers, degree)
    weight = np.random.default_rng(1).uniform(size=len(Z))
    back = np.empty_like(columns)
    listed.evaluate(Z[:, ::-1], weight, back)
    sums = listed.start_sums()
    for rows in (slice(0, 25), slice(25, None)):
        listed.add_products(sums, back[rows], columns[rows])
    moments = listed.moments(sums, weight @ columns)
    wanted = (columns * weight[:, None]).T @ columns
    assert len(moments) == listed.n_moments == count_monomials(n_numbers, 2 * degree)
    np.testing.assert_allclose(moments[listed.pairs], wanted, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(("n_numbers", "degree"), SHAPES)
def test_a_change_of_shift_and_scale_is_exact(n_numbers, degree):
    listed, Z, columns = drawn(n_numbers, degree)
    rng = np.random.default_rng(2)
    scale, shift = rng.uniform(0.5, 2.0, n_numbers), rng.normal(size=n_numbers)
    rows, places, data = listed.change(scale, shift, np.ones(len(listed), dtype=bool))
    turn = np.zeros((len(listed), len(listed)))
    np.add.at(turn, (rows, places), data)
    changed = np.empty_like(columns)
    listed.evaluate(Z * scale + shift, 1.0, changed)
    np.testing.assert_allclose(columns @ turn.T, changed, rtol=1e-9, atol=1e-9)


def test_only_wanted_monomials_are_carried_over():
    listed = Monomials(3, 2)
    wanted = np.arange(len(listed)) == 5
    rows, _, _ = listed.change(np.ones(3), np.ones(3), wanted)
    assert set(rows.tolist()) == {5}
