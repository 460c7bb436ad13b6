"""Pictures of truth: what is drawn is what is in the rows."""

from __future__ import annotations

import numpy as np
import pytest

from rung.errors import UsageError
from rung.explain.pictures import surface_axes
from tests.explain.test_residuals import fit


def test_points_have_the_colours_of_a_column() -> None:
    run = fit()
    frame = run.explain.residuals(beside=["ra", "kind"]).frame()
    axes = run.plot.truth(color="ra")
    drawn = axes.collections[0]
    assert np.array(drawn.get_array()) == pytest.approx(frame["ra"].to_numpy())
    assert np.array(drawn.get_offsets()[:, 1]) == pytest.approx(frame["predicted"].to_numpy())
    legend = run.plot.residuals(color="kind").get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["u", "v"]
    assert len(run.plot.residuals(color="fold").get_legend().get_texts()) == 4


def test_residuals_lie_on_the_sky_by_time_and_by_a_column() -> None:
    run = fit()
    sky = run.plot.residuals(by="sky")
    assert (sky.get_xlabel(), sky.get_ylabel()) == ("ra", "dec")
    assert sky.collections[0].norm.vmin == -sky.collections[0].norm.vmax
    residual = run.explain.residuals().frame()["residual"].to_numpy()
    assert sorted(np.array(sky.collections[0].get_array())) == pytest.approx(sorted(residual))
    assert run.plot.residuals(by="time").get_xlabel() == "day"
    levels = run.plot.residuals(by="kind")
    assert [label.get_text() for label in levels.get_xticklabels()] == ["u", "v"]
    with pytest.raises(UsageError, match="a picture shows one of them"):
        run.plot.residuals(by="kind", color="fold")


def test_classes_have_precision_by_recall_and_a_confusion_with_its_counts() -> None:
    run = fit("classes")
    precision = run.plot.precision_recall("linear")
    found = run.explain.truth("linear").data["curves"][0]
    assert list(precision.get_lines()[0].get_ydata()) == found["precision"]["mean"]
    axes = run.plot.confusion("linear", ax=precision.figure.add_subplot())
    rows = run.explain.confusion("linear").rows
    assert [text.get_text().split("\n")[0] for text in axes.texts] == [str(r["n"]) for r in rows]


def test_axes_stand_beside_one_another() -> None:
    axes = surface_axes(3)
    assert len(axes) == 3
    assert len(axes[0].figure.axes) == 3
