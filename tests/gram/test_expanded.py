import numpy as np
import pytest

from rung.gram.expanded import FEW, add_up_terms, describe_part
from rung.gram.monomials import Monomials
from rung.gram.sums import LevelIndex
from tests.tables import mixed_table, regression

ROWS = np.arange(1, 200, 2)


def summed(degree=2, *, weighted=True):
    problem = regression(
        np.random.default_rng(3).normal(size=240), **mixed_table(240, weighted=weighted)
    )
    part, terms = describe_part(problem, ROWS), Monomials(4, degree)
    index = LevelIndex.of([np.ones(8, dtype=bool), np.arange(62) < 3])
    fill = part.basis.shift + 0.25
    return (
        problem,
        part,
        terms,
        fill,
        index,
        add_up_terms(problem, ROWS, terms, part=part, fill=fill, index=index),
    )


@pytest.mark.parametrize("weighted", [False, True])
def test_the_whole_holds_all_products_of_the_expanded_rows(weighted):
    problem, part, terms, fill, index, sums = summed(weighted=weighted)
    numbers = problem.design.numbers(ROWS)
    gaps = ~np.isfinite(numbers)
    Z = (np.where(gaps, fill, numbers) - part.basis.shift) / part.basis.scale
    expanded = np.prod(np.c_[Z, np.ones(len(Z))][:, terms.terms], axis=2)
    y = (problem.y[ROWS] - part.basis.y_shift) / part.basis.y_scale
    codes = problem.design.codes(ROWS)
    slots = np.c_[[np.where(codes[:, 0] == -1, 6, codes[:, 0]) == k for k in range(8)]].T
    levels = np.c_[slots, codes[:, 1][:, None] == np.arange(3)]
    table = np.c_[expanded, y, gaps, levels]
    wanted = (table * problem.weights(ROWS)[:, None]).T @ table
    whole = sums.whole(terms, np.arange(index.width))
    np.testing.assert_allclose(whole, wanted, rtol=1e-9, atol=1e-9)


def test_blocks_of_rows_add_up(monkeypatch):
    before = summed()[-1]
    monkeypatch.setattr("rung.gram.expanded.BLOCK_CELLS", 1)
    monkeypatch.setattr("rung.gram.expanded.FEWEST_ROWS", 7)
    np.testing.assert_allclose(summed()[-1].moments, before.moments, rtol=1e-9)


def test_a_part_knows_few_values_and_gaps():
    X = np.c_[np.arange(50.0) % 3, np.arange(50.0), np.full(50, np.nan)]
    X[4, 1] = np.nan
    part = describe_part(regression(np.arange(50.0), numbers=X), np.arange(50))
    assert part.values[0][: FEW - 1].tolist() == [0.0, 1.0, 2.0]
    assert np.isinf(part.values[1]).all()
    assert part.missing.tolist() == [False, True, True]
    assert part.present.tolist() == [True, True, False]
    assert (part.low, part.high) == (0.0, 49.0)
