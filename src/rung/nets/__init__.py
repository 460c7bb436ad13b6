"""Train networks: the only door to torch, which nothing loads before it is used.

>>> import rung.nets
>>> "fit_curve" in dir(rung.nets)
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rung.errors import MissingExtra

if TYPE_CHECKING:
    from rung.nets.lessons.curve import Curve, CurveFit, fit_curve, lecture_descents, lecture_points
    from rung.nets.lessons.descent import Descent, DescentPace, compare_descents, descend
    from rung.nets.lessons.simple import OneHiddenLayer
    from rung.nets.module import (
        ModuleRows,
        ModuleSizes,
        ModuleTraining,
        predict_module,
        row_loss,
        train_module,
    )
    from rung.nets.stream import StreamPlan, train_stream
    from rung.nets.training.checkpoint import capture, restore

_PLACES = {
    "Curve": "rung.nets.lessons.curve",
    "CurveFit": "rung.nets.lessons.curve",
    "Descent": "rung.nets.lessons.descent",
    "ModuleRows": "rung.nets.module",
    "ModuleTraining": "rung.nets.module",
    "OneHiddenLayer": "rung.nets.lessons.simple",
    "DescentPace": "rung.nets.lessons.descent",
    "ModuleSizes": "rung.nets.module",
    "StreamPlan": "rung.nets.stream",
    "capture": "rung.nets.training.checkpoint",
    "compare_descents": "rung.nets.lessons.descent",
    "descend": "rung.nets.lessons.descent",
    "fit_curve": "rung.nets.lessons.curve",
    "lecture_descents": "rung.nets.lessons.curve",
    "lecture_points": "rung.nets.lessons.curve",
    "predict_module": "rung.nets.module",
    "restore": "rung.nets.training.checkpoint",
    "row_loss": "rung.nets.module",
    "train_module": "rung.nets.module",
    "train_stream": "rung.nets.stream",
}
__all__ = [
    "Curve",
    "CurveFit",
    "Descent",
    "DescentPace",
    "ModuleRows",
    "ModuleSizes",
    "ModuleTraining",
    "OneHiddenLayer",
    "StreamPlan",
    "capture",
    "compare_descents",
    "descend",
    "fit_curve",
    "lecture_descents",
    "lecture_points",
    "predict_module",
    "restore",
    "row_loss",
    "train_module",
    "train_stream",
]


def __getattr__(name: str) -> Any:
    """Import what needs torch when it is first used, and say how to get torch."""
    if name not in _PLACES:
        raise AttributeError(f"module 'rung.nets' has no attribute {name!r}")
    from importlib import import_module

    try:
        return getattr(import_module(_PLACES[name]), name)
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise MissingExtra(
            f"rung.nets.{name} needs torch, which is not installed", "pip install 'rung[deep]'"
        ) from error


def __dir__() -> list[str]:
    return __all__
