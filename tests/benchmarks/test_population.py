import pytest

pytest.importorskip("torch")

from benchmarks.population.showing import readme
from benchmarks.population.training import Case, as_population, one_by_one, plans

CASE = Case(n_rows=512, epochs=2, width=16, threads=1, device="cpu")


def test_the_population_and_plain_torch_train_the_same_networks():
    ours, theirs = as_population(CASE, plans(CASE, 3)), one_by_one(CASE, plans(CASE, 3))
    assert ours == pytest.approx(theirs, rel=1e-4)


def test_the_page_says_whether_targets_are_met():
    population = {"size": 40, "seconds_per_model": 0.1, "share_of_rate": 0.3}
    cell = {
        "run": 1,
        "width": 128,
        "matrix_rate": 1e11,
        "torch_seconds_per_model": 0.5,
        "sklearn_seconds_per_model": 0.6,
        "torch_losses": [0.5],
        "sklearn_losses": [0.5],
        "population_losses": [0.5],
        "populations": [population],
    }
    found = {"rows": 8, "epochs": 1, "threads": 2, "device": "cpu", "cells": [cell]}
    page = readme(found)
    assert "met: 5.0 to 5.0" in page
    assert "missed: 30% to 30%" in page
