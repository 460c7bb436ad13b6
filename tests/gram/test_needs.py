import dataclasses

import pytest

from rung.core.memory import MB
from rung.gram import needs
from tests.core.test_memory import SIZES

ENGINES = (
    needs.needed_by_sums,
    needs.needed_by_logistic,
    needs.needed_by_products,
    needs.needed_by_terms,
    needs.needed_by_machines,
)


def total(engine, **changes):
    memory = engine(dataclasses.replace(SIZES, **changes))
    return memory.held + memory.job


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.__name__)
def test_engines_that_bound_their_rows_need_no_more_for_ten_times_as_many(engine):
    many = {"n_rows": 10**8, "n_train": 8 * 10**7, "n_test": 10_000, "n_categories": 0}
    more = {**many, "n_rows": 10**9, "n_train": 8 * 10**8}
    assert 0 < total(engine, **many) <= total(engine, **more) < 1.01 * total(engine, **many)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.__name__)
def test_a_small_table_needs_little(engine):
    small = {"n_rows": 100, "n_train": 80, "n_test": 20, "n_numbers": 4, "n_columns": 6}
    assert total(engine, **small) < 20 * MB


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.__name__)
def test_a_table_without_columns_has_an_estimate_too(engine):
    assert total(engine, n_numbers=0, n_categories=0, n_columns=0) >= 0


@pytest.mark.parametrize(("n_rows", "n_columns", "most"), [(160, 2_500, 100), (200, 5_000, 250)])
def test_spectra_are_solved_through_products_of_rows_and_need_little(n_rows, n_columns, most):
    """Peaks of whole processes were 380 and 330 MB; products of columns would take 13 and 51 GB."""
    size = {"n_rows": n_rows, "n_train": n_rows * 4 // 5, "n_test": n_rows // 5, "n_splits": 25}
    wide = {**size, "n_atoms": 100, "n_numbers": n_columns, "n_columns": n_columns}
    need = total(needs.needed_by_sums, **wide, n_categories=0, n_outputs=1)
    assert 8 * 3 * n_rows * n_columns < need < most * MB
    assert total(needs.needed_by_terms, **wide, n_categories=0) < MB  # skipped: degree 1 at most


def test_as_many_rows_as_columns_need_products_of_columns():
    size = {"n_numbers": 500, "n_columns": 500, "n_categories": 0, "n_splits": 5, "n_atoms": 5}
    fewer = total(needs.needed_by_sums, **size, n_rows=499, n_train=400, n_test=99)
    equal = total(needs.needed_by_sums, **size, n_rows=500, n_train=400, n_test=100)
    assert 10 * fewer < equal
