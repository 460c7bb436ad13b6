"""The rates that a page shows are those that were measured."""

import pytest

from benchmarks.clusters.published import FILES, published
from rung.groups.rates import RATES, rates_for


@pytest.mark.parametrize("name", FILES)
def test_published_rates_are_those_of_the_files_of_measurements(name):
    rows, columns, rates = published(name)
    assert RATES[rows] == (columns.replace(",", ", "), rates)


def test_rates_are_of_the_size_that_is_nearest_by_ratio(monkeypatch):
    monkeypatch.setitem(RATES, 30_000, ("2", ()))
    assert [rates_for(n)[0] for n in (40, 2_999, 3_001, 10**6)] == [300, 300, 30_000, 30_000]
