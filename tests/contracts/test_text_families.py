"""Every family of text that can be discovered keeps every law."""

from __future__ import annotations

import pytest

from rung.core.family import Family
from rung.families import discover, missing_needs
from tests.families.text.laws import PROBLEMS, check_text_family

FOR_COUNTS, FOR_NETWORKS = 1e-9, 1e-4


@pytest.mark.parametrize("kind", PROBLEMS)
@pytest.mark.parametrize("family", discover("text"), ids=lambda family: family.name)
def test_family_of_text_keeps_the_laws(family: Family, kind: str) -> None:
    missing = missing_needs(family)
    if missing:
        pytest.skip(f"{family.name} needs {', '.join(missing)} to train")
    tolerance = FOR_NETWORKS if family.needs else FOR_COUNTS
    check_text_family(family, PROBLEMS[kind](), tolerance)


def test_names_of_families_are_used_once_over_all_kinds_of_data() -> None:
    names = [family.name for inputs in ("table", "text") for family in discover(inputs)]
    assert len(names) == len(set(names))
