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
    from rung.nets.curve import Curve, CurveFit, fit_curve, lecture_points
    from rung.nets.descent import Descent, compare_descents, descend
    from rung.nets.simple import OneHiddenLayer

_PLACES = {
    "Curve": "rung.nets.curve",
    "CurveFit": "rung.nets.curve",
    "Descent": "rung.nets.descent",
    "OneHiddenLayer": "rung.nets.simple",
    "capture": "rung.nets.checkpoint",
    "compare_descents": "rung.nets.descent",
    "descend": "rung.nets.descent",
    "fit_curve": "rung.nets.curve",
    "lecture_points": "rung.nets.curve",
    "restore": "rung.nets.checkpoint",
}
__all__ = [
    "Curve",
    "CurveFit",
    "Descent",
    "OneHiddenLayer",
    "capture",
    "compare_descents",
    "descend",
    "fit_curve",
    "lecture_points",
    "restore",
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
