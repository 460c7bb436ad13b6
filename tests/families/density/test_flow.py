"""A small network learns what a Gaussian leaves."""

import importlib.util

import numpy as np
import pytest

import rung
from tests.families.density.laws import cross_fit, mean


@pytest.fixture
def short(monkeypatch):
    pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")
    monkeypatch.setattr("rung.nets.densities.train.STEPS", 100)


def bent(n=200):
    """Return a line that is bent into a parabola."""
    x, noise = np.random.default_rng(4).normal(size=(2, n))
    return {"x": x, "y": x**2 + 0.2 * noise}


def test_it_follows_a_bent_line_that_a_gaussian_fills(short):
    assert mean(bent(), "flow") > mean(bent(), "gaussian") + 0.8


def test_its_record_says_how_long_it_learned(short):
    settings = cross_fit(bent(80), "flow").settings[0]
    assert settings["orders"] == 4
    assert settings["rows"] == 60
    assert 0 <= settings["steps"] <= 100


def test_without_torch_it_is_skipped_with_the_command_that_adds_it(monkeypatch):
    known = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "torch" else known(name)
    )
    run = rung.fit(bent(60), families=["flow"], ledger=False, folds=2)
    (entry,) = (one for one in run.result.ladder if one.family == "flow")
    assert entry.status == "skipped"
    assert "pip install 'rung[deep]'" in entry.reason


def test_of_many_rows_it_learns_from_some_and_says_so(short, monkeypatch):
    monkeypatch.setattr("rung.families.density.flow.MOST_ROWS", 80)
    options = {"choose": "leader", "ledger": False, "folds": 2, "test_fraction": 0.0}
    run = rung.fit(bent(), families=["flow"], **options)
    (entry,) = (one for one in run.result.ladder if one.family == "flow")
    assert any("of 100 training rows, drawn at random" in note for note in entry.notes)
    assert run.model.model.n_rows == 80
