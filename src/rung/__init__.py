"""rung: climb from a straight line to a deep network, and stop where your data stops.

>>> import rung
>>> rung.__version__
'0.1.0'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rung.version import __version__

if TYPE_CHECKING:
    from rung.workbench import FitOptions, FittedModel, Run, fit, load

__all__ = ["FitOptions", "FittedModel", "Run", "__version__", "fit", "load"]


def __getattr__(name: str) -> Any:
    """Import the workbench when it is first used: `import rung` stays instant."""
    if name in __all__:
        from rung import workbench

        return getattr(workbench, name)
    raise AttributeError(f"module 'rung' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
