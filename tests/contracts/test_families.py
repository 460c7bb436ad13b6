"""Every family that can be discovered keeps every law."""

from __future__ import annotations

import pytest

from rung.core.family import Family
from rung.families import discover, missing_needs
from rung.testing import check_family


@pytest.mark.parametrize("family", discover(), ids=lambda family: family.name)
def test_family_keeps_the_laws_of_the_ladder(family: Family) -> None:
    missing = missing_needs(family)
    if missing:
        pytest.skip(f"{family.name} needs {', '.join(missing)} to train")
    check_family(family)
