"""Find the real data sets that some tests use; they are not part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("RUNG_DATA", Path(__file__).parents[2] / "shared" / "data"))


def real_data(name: str) -> Path:
    """Return the path of a real data file, or skip the test where it is absent."""
    path = ROOT / name
    if not path.exists():
        pytest.skip(f"real data file {name!r} is not here (set RUNG_DATA to its folder)")
    return path
