"""Write a model of one feature as a formula: a line, a split or a table of levels."""

from __future__ import annotations

from typing import Any

from rung.prep.formula import Formula, Levels, Product, Steps
from rung.prep.outputs import absent_shares


def formula(model: Any) -> Formula:
    """Return what a model of one feature computes.

    Parameters
    ----------
    model : OneFeatureModel
        A line, a split, or values of levels.
    """
    values = [tuple(row) for row in model.values.tolist()]
    n_outputs = len(values[0])
    nothing, link = (0.0,) * n_outputs, "value" if model.task == "regression" else "shares"
    if model.form == "levels":
        known = dict(zip(model.levels, values, strict=False))
        piece = Levels(model.column, known, values[-2], values[-1])
        return Formula(intercept=nothing, pieces=(piece,), link=link)  # type: ignore[arg-type]
    if model.form == "split":
        steps = Steps(model.column, (model.threshold,), (values[0], values[1]), values[2])
        return Formula(intercept=nothing, pieces=(steps,), link=link)  # type: ignore[arg-type]
    return _line(model, values[-1])


def _line(model: Any, missing: tuple[float, ...]) -> Formula:
    """Return a line: of a value, or of the log odds of classes."""
    centre, scale = model.frame.tolist()
    start, slope = model.coefficients[0].tolist(), (model.coefficients[1] / scale).tolist()
    is_class = model.task != "regression"
    if is_class and len(start) == 1:
        start, slope = [0.0, *start], [0.0, *slope]
    absent = absent_shares(model.present, len(missing), max(model.n_train, 1))
    return Formula(
        intercept=tuple(start),
        pieces=(Product((model.column,), tuple(slope)),),
        centres={model.column: centre},
        link="softmax" if is_class else "value",
        classes=tuple(model.present.tolist()) if is_class else (),
        absent=tuple(absent.tolist()) if is_class else (),
        gap=(model.column, missing),
    )
