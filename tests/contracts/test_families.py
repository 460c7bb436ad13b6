"""Every family that can be discovered keeps every law."""

from __future__ import annotations

import pytest

from rung.core.family import Family
from rung.families import discover, missing_needs
from rung.testing import check_family


@pytest.fixture(autouse=True)
def small_forests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Grow forests of 40 trees, not 100, in as many jobs as theirs: the laws know no number."""
    monkeypatch.setattr("rung.trees.forest.TREES", 40)
    monkeypatch.setattr("rung.families.table.forest.AT_ONCE", 10)


@pytest.mark.parametrize("family", discover(), ids=lambda family: family.name)
def test_family_keeps_the_laws_of_the_ladder(family: Family) -> None:
    missing = missing_needs(family)
    if missing:
        pytest.skip(f"{family.name} needs {', '.join(missing)} to train")
    check_family(family)
