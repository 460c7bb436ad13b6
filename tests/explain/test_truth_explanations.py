"""Tables of curves and calibration, and what is refused of values or classes."""

from __future__ import annotations

import pytest

from rung.errors import UsageError
from tests.explain.test_residuals import fit


def test_curves_and_calibration_are_frames_with_intervals() -> None:
    explain = fit("classes").explain
    curves = explain.curves("linear").frame()
    assert curves.height == 2 * 21
    assert (curves["low"] <= curves["mean"]).all()
    assert (curves["mean"] <= curves["high"]).all()
    calibration = explain.calibration("linear")
    assert calibration.frame()["n"].sum() == fit("classes").explain.truth("linear").data["n_rows"]
    assert repr(calibration).startswith("expected calibration error")
    assert calibration._repr_html_().startswith("<iframe")


def test_values_have_no_confusion_and_classes_no_residuals() -> None:
    with pytest.raises(UsageError, match="this is for classes, and the run predicts values"):
        fit().explain.confusion()
    with pytest.raises(UsageError, match="this is for values, and the run predicts classes"):
        fit("classes").explain.residuals()
