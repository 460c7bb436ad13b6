import numpy as np

from benchmarks.text_intervals.__main__ import readme
from benchmarks.text_intervals.worlds import autoregressive, covered, deal


def test_intervals_that_heed_neighbours_hold_the_truth_where_plain_ones_do_not():
    values = autoregressive(400, 0.6, 300, np.random.default_rng(0), dealt=False)
    found = covered(values, 0.0)
    # 300 runs: a coverage of .95 falls below .90 once in ten thousand times.
    assert found["alone"] < 0.8
    assert found["rung"] > 0.90
    assert found["alone"] <= found["1 + 2r"] <= found["rung"]


def test_a_deal_takes_every_segment_once_and_in_order():
    losses = np.arange(30.0)
    drawn = deal(losses, 12, 5, np.random.default_rng(0))
    assert drawn.shape == (12, 5)
    assert (np.diff(drawn, axis=0) > 0).all()


def test_the_page_states_the_lowest_coverage_of_what_is_dealt():
    cells = [
        {"world": "a, dealt", "m": 200, "alone": 0.8, "1 + 2r": 0.9, "rung": 0.9412},
        {"world": "a, in a row", "m": 200, "alone": 0.2, "1 + 2r": 0.3, "rung": 0.4},
    ]
    page = readme({"runs": 10, "monte_carlo_error": 0.07, "cells": cells})
    assert "coverage of rung's rule is 0.941" in page
