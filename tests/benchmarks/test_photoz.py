import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.photoz.__main__ import RESULTS
from benchmarks.photoz.cases import CASES
from benchmarks.photoz.metrics import (
    METRICS,
    bias,
    compared,
    measured,
    outliers,
    resampled,
    residuals,
    scatter,
)
from benchmarks.photoz.pictures import FILES, drawn
from benchmarks.photoz.showing import readme

FOUND = json.loads(RESULTS.read_text(encoding="utf-8"))


@pytest.fixture
def dz():
    return np.random.default_rng(3).normal(0.01, 0.02, 4_000)


def test_the_readme_is_made_from_the_results() -> None:
    text = Path(RESULTS).with_name("README.md").read_text(encoding="utf-8")
    assert readme(FOUND) == text


@pytest.mark.parametrize("name", FILES)
def test_a_picture_stands_beside_the_readme_and_is_drawn_from_the_results(name: str) -> None:
    svg = drawn(name, FOUND["pictures"])
    assert svg.startswith("<?xml")
    assert Path(RESULTS).with_name(name).exists()
    assert f"({name})" in readme(FOUND)


def test_every_case_was_climbed_on_every_rung_it_names() -> None:
    for case in CASES:
        families = FOUND["cases"][case.name]["families"]
        assert set(families) == set(case.families)
        assert not any("skipped" in one for one in families.values())


def test_no_case_learns_from_what_the_spectrum_gave() -> None:
    leaks = {"class", "plate", "mjd", "fiberid", "specobjid", "redshift", "lgMHI"}
    assert not any(leaks & set(case.features) for case in CASES)


def test_an_error_counts_in_units_of_one_plus_the_true_redshift() -> None:
    dz = residuals(np.array([0.5, 1.0, 0.2]), np.array([0.5, 3.0, 0.0]))
    np.testing.assert_allclose(dz, [0.0, -0.5, 0.2])


def test_the_metrics_are_what_they_are_by_hand() -> None:
    dz = np.array([-0.2, -0.1, 0.0, 0.1, 0.7])
    np.testing.assert_allclose(bias(dz), 0.1)
    np.testing.assert_allclose(scatter(dz), 1.4826 * 0.1)
    assert outliers(dz, beyond=0.15) == 0.4
    assert outliers(dz, beyond=0.05) == 0.8


def test_an_error_of_exactly_the_limit_is_no_outlier() -> None:
    assert outliers(np.array([0.25, -0.25]), beyond=0.25) == 0.0


def test_scatter_is_the_standard_deviation_of_normal_errors_and_deaf_to_a_few_wild_ones(dz) -> None:
    # standard error of the estimate: about 1.2 sigma / sqrt(n) = 0.0004; five of them are allowed
    np.testing.assert_allclose(scatter(dz), 0.02, atol=0.002)
    wild = np.concatenate([dz, np.full(40, 5.0)])
    np.testing.assert_allclose(scatter(wild), scatter(dz), rtol=0.05)


def test_scatter_does_not_move_with_the_bias(dz) -> None:
    np.testing.assert_allclose(scatter(dz + 3.0), scatter(dz), rtol=1e-9)


def test_an_interval_holds_its_value_and_has_the_width_of_theory(dz) -> None:
    found = measured(dz, seed=0)
    assert set(found) == set(METRICS)
    for value, low, high in found.values():
        assert low <= value <= high
    _, low, high = found["bias"]
    # 1,000 resamples find each end of the interval to about a twentieth
    np.testing.assert_allclose((high - low) / 2, 1.96 * dz.std() / np.sqrt(len(dz)), rtol=0.15)


def test_the_same_seed_draws_the_same_rows_for_every_model(dz) -> None:
    found = resampled({"a": dz, "b": 2.0 * dz}, seed=0, names=("bias",))
    np.testing.assert_allclose(found["b"]["bias"], 2.0 * found["a"]["bias"])
    again = resampled({"a": dz}, seed=0, names=("bias",))
    np.testing.assert_array_equal(found["a"]["bias"], again["a"]["bias"])


def test_a_model_held_against_itself_shows_no_change(dz) -> None:
    assert compared(dz, dz, name="scatter", seed=0) == (0.0, 0.0, 0.0)
    change, low, high = compared(dz, dz / 2, name="scatter", seed=0)
    assert low < change < high < 0
