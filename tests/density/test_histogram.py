"""The bins of a histogram are the best of all that can be made."""

from itertools import combinations

import numpy as np
import pytest

from rung.density.histogram import BIN_NATS, LEAST_ROWS, fit_histogram


def test_no_other_choice_of_edges_gains_more():
    """All 512 divisions of ten cells of three rows are tried."""
    rng = np.random.default_rng(3)
    column = np.sort(np.append(rng.uniform(0, 1, 18), rng.uniform(0.4, 0.45, 12)))
    inner = np.arange(LEAST_ROWS, 30, LEAST_ROWS)
    edges = np.concatenate([column[:1], (column[inner - 1] + column[inner]) / 2, column[-1:]])
    rows = np.array([0, *inner, 30])

    def gained(chosen):
        counts, widths = np.diff(rows[chosen]), np.diff(edges[chosen])
        return (counts * np.log(counts / widths)).sum() - BIN_NATS * len(counts)

    tried = [[0, *some, 10] for size in range(10) for some in combinations(range(1, 10), size)]
    best = max(tried, key=gained)
    found = fit_histogram(column)
    assert len(best) > 2
    np.testing.assert_allclose(found.edges, edges[best])
    np.testing.assert_allclose(found.masses, np.diff(rows[best]) / 30)


def test_bins_stand_at_the_ends_of_a_heap_among_many_rows():
    rng = np.random.default_rng(0)
    column = np.append(rng.uniform(0, 0.01, 6_000), rng.uniform(0, 10, 4_000))
    found = fit_histogram(column)
    assert found.edges[1] == pytest.approx(0.01, rel=0.02)
    assert found.masses[0] == pytest.approx(0.6, abs=0.01)
    assert len(found.masses) <= 4


def test_numbers_that_rounding_alone_tells_apart_get_no_bin():
    column = np.concatenate([np.full(50, 1e9), np.full(50, np.nextafter(1e9, 2e9)), [0.0, 1.0]])
    found = fit_histogram(column)
    assert np.diff(found.edges).min() > 1e-7
    assert found.masses.sum() == pytest.approx(1.0)
    assert fit_histogram(np.full(9, 2.0)) is None


def test_bins_end_where_gaps_begin():
    rng = np.random.default_rng(1)
    column = np.append(rng.uniform(0, 0.1, 300), rng.uniform(1.0, 1.1, 300))
    found = fit_histogram(column)
    gap = int(found.masses.argmin())
    assert found.masses[gap] == 0
    assert found.edges[gap : gap + 2] == pytest.approx([0.1, 1.0], abs=0.003)
