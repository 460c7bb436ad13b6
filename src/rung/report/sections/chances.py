"""Turn curves and calibration of classes into tables and a few words."""

from __future__ import annotations

from collections.abc import Sequence

from rung.report.numbers import percent
from rung.typing import JSON


def curve_rows(curves: Sequence[JSON]) -> list[JSON]:
    """Return a row for each class and place, for both curves.

    `place` is the rate of false positives of the ROC curve, the recall of the other.
    """
    return [
        {
            "class": one["class"],
            "curve": name,
            "place": place,
            **{key: one[name][key][i] for key in ("mean", "low", "high")},
        }
        for one in curves
        if one["roc"]
        for name in ("roc", "precision")
        for i, place in enumerate(one["places"])
    ]


def curve_lines(curves: Sequence[JSON]) -> list[str]:
    """Say the area under each ROC curve."""
    return [
        f"{one['class']}: area under the ROC curve {one['area']:.3f}, of single folds "
        f"{one['area_low']:.3f} to {one['area_high']:.3f}; share of rows {percent(one['share'])}"
        for one in curves
        if one["roc"]
    ]


def calibration_lines(found: JSON) -> list[str]:
    """Say the expected calibration error, and what it would be by chance; then every part."""
    return [
        calibration_sentence(found),
        *(
            f"predicted {one['predicted']:.3f}: observed {one['observed']:.3f} "
            f"({one['low']:.3f} to {one['high']:.3f}), {one['n']} rows"
            for one in found["bins"]
        ),
    ]


def calibration_sentence(found: JSON) -> str:
    """Say the expected calibration error with its interval, beside what chance alone would show.

    Examples
    --------
    >>> calibration_sentence(
    ...     {"error": 0.05, "error_low": 0.03, "error_high": 0.07, "by_chance": 0.02}
    ... )
    'expected calibration error 5.0% (3.0% to 7.0%); right probabilities would show up to 2.0%'
    """
    error, low, high, chance = (
        f"{100 * found[key]:.1f}%" for key in ("error", "error_low", "error_high", "by_chance")
    )
    return (
        f"expected calibration error {error} ({low} to {high}); right probabilities would show up "
        f"to {chance}"
    )
