"""The best network of a run is opened, whichever family was chosen."""

import pytest

pytest.importorskip("torch")

from rung.errors import UsageError
from tests.explain.image_runs import run_of


def test_filters_and_stages_of_the_network_are_in_the_results() -> None:
    run = run_of("pixel_linear", network=True)
    found = run.result.sections["image_network"]
    assert found["family"] == "small_cnn"
    assert [one["stage"] for one in found["stages"]] == ["first", "second"]
    assert found["image"] in set(run.out_of_fold["image"])
    parts = run.result.sections["image_parts"]
    assert "small_cnn" in [one["family"] for one in parts]
    assert next(p for p in parts if p["family"] == "small_cnn")["images"][0]["gradient"]
    assert len(run.explain.network().rows) == 2


def test_a_run_without_a_network_says_so() -> None:
    run = run_of("pixel_linear", "scattering_linear")
    assert "image_network" not in run.result.sections
    with pytest.raises(UsageError, match="no network was trained"):
        run.explain.network()
    with pytest.raises(UsageError, match="Pixels, linear is no network"):
        run.explain.network("pixel_linear")
