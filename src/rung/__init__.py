"""rung: climb from a straight line to a deep network, and stop where your data stops.

>>> import rung
>>> rung.__version__
'0.1.0'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rung.version import __version__

if TYPE_CHECKING:
    from rung.clusterers import RungClusterer, RungDensity
    from rung.estimators import RungClassifier, RungRegressor
    from rung.families.module import cross_fit_module
    from rung.families.wrapped import cross_fit_estimator
    from rung.graph import graph_of
    from rung.workbench import (
        FitOptions,
        FittedModel,
        FittedText,
        Run,
        TextOptions,
        fit,
        fit_stream,
        load,
    )
    from rung.workbench.clusters import cluster
    from rung.workbench.densities import ask
    from rung.workbench.maps import embed
    from rung.workbench.scoring import score

_PLACES = {
    "FitOptions": "rung.workbench",
    "FittedModel": "rung.workbench",
    "FittedText": "rung.workbench",
    "Run": "rung.workbench",
    "RungClassifier": "rung.estimators",
    "RungClusterer": "rung.clusterers",
    "RungDensity": "rung.clusterers",
    "RungRegressor": "rung.estimators",
    "TextOptions": "rung.workbench",
    "ask": "rung.workbench.densities",
    "cluster": "rung.workbench.clusters",
    "cross_fit_estimator": "rung.families.wrapped",
    "cross_fit_module": "rung.families.module",
    "embed": "rung.workbench.maps",
    "fit": "rung.workbench",
    "fit_stream": "rung.workbench",
    "graph_of": "rung.graph",
    "load": "rung.workbench",
    "score": "rung.workbench.scoring",
}
__all__ = [
    "FitOptions",
    "FittedModel",
    "FittedText",
    "Run",
    "RungClassifier",
    "RungClusterer",
    "RungDensity",
    "RungRegressor",
    "TextOptions",
    "__version__",
    "ask",
    "cluster",
    "cross_fit_estimator",
    "cross_fit_module",
    "embed",
    "fit",
    "fit_stream",
    "graph_of",
    "load",
    "score",
]


def __getattr__(name: str) -> Any:
    """Import what is heavy when it is first used: `import rung` stays instant."""
    if name in _PLACES:
        from importlib import import_module

        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module 'rung' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
