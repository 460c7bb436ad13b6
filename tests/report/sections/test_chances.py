"""Words about curves and calibration."""

from __future__ import annotations

from rung.report.sections.chances import calibration_sentence, curve_lines, curve_rows

BAND = {"mean": [0.5, 1.0], "low": [0.4, 1.0], "high": [0.6, 1.0]}
CURVE = {
    "class": "yes", "roc": BAND, "precision": BAND, "places": [0.0, 1.0], "area": 0.9,
    "area_low": 0.8, "area_high": 0.95, "share": 0.25,
}  # fmt: skip


def test_curves_are_a_row_a_place_and_a_line_a_class() -> None:
    rows = curve_rows([CURVE, CURVE | {"roc": None}])
    assert [(row["curve"], row["place"], row["mean"]) for row in rows] == [
        ("roc", 0.0, 0.5), ("roc", 1.0, 1.0), ("precision", 0.0, 0.5), ("precision", 1.0, 1.0)
    ]  # fmt: skip
    (line,) = curve_lines([CURVE, CURVE | {"roc": None}])
    assert "0.900, of single folds 0.800 to 0.950" in line


def test_the_error_of_calibration_stands_beside_that_of_right_probabilities() -> None:
    said = calibration_sentence(
        {"error": 0.051, "error_low": 0.0, "error_high": 0.1, "by_chance": 0.06}
    )
    assert said.startswith("expected calibration error 5.1% (0.0% to 10.0%)")
    assert said.endswith("up to 6.0%")
