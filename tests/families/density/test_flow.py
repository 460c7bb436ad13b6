"""A small network follows what mixtures of few rows cannot."""

import numpy as np
import pytest

from tests.families.density.laws import cross_fit, mean

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")


def wave(n=600):
    """Return a wave whose width changes along it: its entropy is known."""
    rng = np.random.default_rng(4)
    x = rng.uniform(-3, 3, n)
    return {"x": x, "y": np.sin(2 * x) + (0.05 + 0.1 * (x > 0)) * rng.normal(size=n)}


def test_it_follows_a_wave_closer_than_a_mixture():
    widths = np.log([0.05, 0.15]).mean()
    entropy = np.log(6) + 0.5 * (1 + np.log(2 * np.pi)) + widths
    found = mean(wave(), "flow")
    assert mean(wave(), "mixture") < found < -entropy + 0.05
    assert found > -entropy - 0.5


def test_its_record_says_how_long_it_learned():
    settings = cross_fit(wave(80), "flow").settings[0]
    assert settings["orders"] == 4
    assert settings["rows"] == 60
    assert 0 <= settings["steps"] <= 600
