import numpy as np

from rung.gram.expanded import add_up_terms, describe_part
from rung.gram.monomials import Monomials
from rung.gram.shifting import expansion_of, first_present
from rung.gram.sums import LevelIndex
from tests.tables import regression

INDEX = LevelIndex.of([])


def parts_of(problem, *sets):
    terms, parts = Monomials(2, 2), [describe_part(problem, rows) for rows in sets]
    fill = first_present(parts)
    sums = [
        add_up_terms(problem, rows, terms, part=part, fill=fill, index=INDEX)
        for rows, part in zip(sets, parts, strict=True)
    ]
    return terms, fill, list(zip(parts, sums, strict=True))


def test_parts_put_together_have_the_mean_and_spread_of_all_rows():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(90, 2)) * [1.0, 1e-3] + [1e6, 5.0]
    X[30:60] += [100.0, 0.0]
    problem = regression(rng.normal(size=90), numbers=X, weight=rng.uniform(0.1, 2.0, 90))
    terms, fill, own = parts_of(problem, np.arange(30), np.arange(30, 60), np.arange(60, 90))
    found = expansion_of(own, terms, fill, kept=())
    w = problem.weights(np.arange(90))
    mean = np.average(X, axis=0, weights=w)
    np.testing.assert_allclose(found.shift, mean, rtol=1e-12)
    spread = np.sqrt(np.average((X - mean) ** 2, axis=0, weights=w))
    np.testing.assert_allclose(found.scale, spread, rtol=1e-8)
    assert found.wanted.sum() == len(terms) - 1


def test_missing_cells_count_as_the_middle_of_the_first_part_that_has_any():
    X = np.c_[np.r_[np.full(10, np.nan), np.arange(10.0)], np.arange(20.0)]
    problem = regression(np.arange(20.0), numbers=X)
    terms, fill, own = parts_of(problem, np.arange(10), np.arange(10, 20))
    assert fill.tolist() == [5.0, 5.0]
    found = expansion_of(own, terms, fill, kept=())
    assert found.shift[0] == 5.0
    assert found.indicator.tolist() == [True, False]


def test_columns_that_do_not_vary_are_not_used():
    X = np.c_[np.full(20, 0.1 + 1e6), np.arange(20.0) % 2]
    problem = regression(np.arange(20.0), numbers=X)
    terms, fill, own = parts_of(problem, np.arange(10), np.arange(10, 20))
    found = expansion_of(own, terms, fill, kept=())
    assert found.scale[0] == 0.0
    assert np.flatnonzero(found.wanted).tolist() == [2]


def test_a_set_without_weight_has_no_columns():
    problem = regression(np.arange(20.0), numbers=np.ones((20, 2)), weight=np.zeros(20))
    terms, fill, own = parts_of(problem, np.arange(20))
    assert expansion_of(own, terms, fill, kept=()) is None
