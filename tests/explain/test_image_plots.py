"""Pictures of images are drawn on axes that are given or new ones."""

import pytest

pytest.importorskip("matplotlib")

from rung.errors import UsageError
from tests.explain.image_runs import run_of, values_run


def test_every_picture_holds_its_images() -> None:
    plot = run_of("pixel_linear", "scattering_linear").plot
    assert len(plot.montage().images) == 16
    assert len(plot.top_losses("pixel_linear").images) == 12
    assert len(values_run().plot.top_losses().images) == 12
    axes = plot.scales("scattering_linear", "cell")
    assert (
        plot.image(run_of("pixel_linear", "scattering_linear").out_of_fold["image"][0], ax=axes)
        is axes
    )
    with pytest.raises(UsageError, match="'planet'; they are by scale, angle, cell"):
        plot.scales("scattering_linear", "planet")


def test_a_network_shows_filters_and_maps() -> None:
    pytest.importorskip("torch")
    plot = run_of("pixel_linear", network=True).plot
    assert len(plot.filters().images) == 1
    assert len(plot.feature_maps().images) == 3
