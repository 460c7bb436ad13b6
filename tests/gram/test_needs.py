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
