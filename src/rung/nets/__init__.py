"""Train networks: the only door to torch, which nothing loads before it is used.

>>> import rung.nets
>>> "fit_curve" in dir(rung.nets)
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rung.errors import MissingExtra

if TYPE_CHECKING:
    from rung.nets.checkpoint import capture, restore
    from rung.nets.curve import Curve, CurveFit, fit_curve, lecture_descents, lecture_points
    from rung.nets.descent import Descent, Pace, compare_descents, descend
    from rung.nets.module import (
        Lesson,
        ModuleTraining,
        Sizes,
        predict_module,
        row_loss,
        train_module,
    )
    from rung.nets.simple import OneHiddenLayer
    from rung.nets.stream import StreamPlan, train_stream

_PLACES = {
    "Curve": "rung.nets.curve",
    "CurveFit": "rung.nets.curve",
    "Descent": "rung.nets.descent",
    "Lesson": "rung.nets.module",
    "ModuleTraining": "rung.nets.module",
    "OneHiddenLayer": "rung.nets.simple",
    "Pace": "rung.nets.descent",
    "Sizes": "rung.nets.module",
    "StreamPlan": "rung.nets.stream",
    "capture": "rung.nets.checkpoint",
    "compare_descents": "rung.nets.descent",
    "descend": "rung.nets.descent",
    "fit_curve": "rung.nets.curve",
    "lecture_descents": "rung.nets.curve",
    "lecture_points": "rung.nets.curve",
    "predict_module": "rung.nets.module",
    "restore": "rung.nets.checkpoint",
    "row_loss": "rung.nets.module",
    "train_module": "rung.nets.module",
    "train_stream": "rung.nets.stream",
}
__all__ = [
    "Curve",
    "CurveFit",
    "Descent",
    "Lesson",
    "ModuleTraining",
    "OneHiddenLayer",
    "Pace",
    "Sizes",
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
