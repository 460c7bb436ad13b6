"""Say what of libraries and machine changes a byte of a result."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from rung.core.family import Family
from rung.plugins import plugin_versions
from rung.typing import Untyped
from rung.version import __version__

LIBRARIES = ("numpy", "scipy", "scikit-learn", "lightgbm", "polars")
OWNERS = ("numpy", "scipy")


def versions(families: Iterable[Family]) -> dict[str, str]:
    """Return the versions that a result depends on; torch's where a family needs it.

    Packages that add to rung (`rung.plugins`) are among them.

    Parameters
    ----------
    families : iterable of Family
        Those that are trained.

    Examples
    --------
    >>> sorted(versions([]))[:3]
    ['lightgbm', 'numpy', 'polars']
    """
    found = plugin_versions() | {"rung": __version__, "python": platform.python_version()}
    for name in (*LIBRARIES, *(["torch"] if _have_networks(families) else [])):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def machine() -> dict[str, str]:
    """Return the kind of processor and the kernels that libraries of linear algebra chose for it.

    It does not depend on what else is loaded, so that a run and its resumption say the same.

    Examples
    --------
    >>> sorted(machine())
    ['linear algebra', 'processor']
    """
    vectors = np.show_config(mode="dicts")["SIMD Extensions"]
    known = [*vectors.get("baseline", []), *vectors.get("found", [])]
    return {
        "processor": " ".join([platform.machine(), *known]),
        "linear algebra": ", ".join(sorted({_kernel(one) for one in _algebra()})),
    }


def machine_of(families: Iterable[Family]) -> dict[str, str]:
    """Return what `machine` does, and torch's kernels where a family that was trained needs it."""
    if not _have_networks(families):
        return machine()
    from rung.nets.training.devices import cpu_capability

    return machine() | {"torch": cpu_capability()}


def _have_networks(families: Iterable[Family]) -> bool:
    return any("torch" in family.needs for family in families)


def _algebra() -> list[dict[str, Untyped]]:
    """Describe the libraries that numpy and scipy call; all, where they share one of the system."""
    import scipy.linalg  # noqa: F401  brings its own
    from threadpoolctl import threadpool_info

    found = [one for one in threadpool_info() if one["user_api"] == "blas"]
    folders = {name for owner in OWNERS for name in (owner, f"{owner}.libs")}
    return [one for one in found if folders & set(Path(one["filepath"]).parts)] or found


def _kernel(library: dict[str, Untyped]) -> str:
    words = (library[key] for key in ("internal_api", "version", "architecture") if key in library)
    return " ".join(str(word) for word in words if word)
