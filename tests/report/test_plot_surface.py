"""The scale of colours of surfaces."""

from __future__ import annotations

from rung.report.plot_surface import colour_limits, surface_axes


def test_all_surfaces_share_one_scale_and_probabilities_go_from_0_to_1() -> None:
    values = [
        {"of": "", "mean": [[float(low), 4.0]], "points": {"true": [2.0, 3.0]}} for low in (1, -7)
    ]
    assert colour_limits(values) == (-7.0, 4.0)
    assert colour_limits([values[0] | {"of": "yes"}]) == (0.0, 1.0)


def test_axes_stand_beside_one_another() -> None:
    axes = surface_axes(3)
    assert len(axes) == 3
    assert len(axes[0].figure.axes) == 3
