"""Names are made unique, and only where they must."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rung.data.names import unique_names

names = st.lists(st.sampled_from(["", " ", "x", "x_2", "x_3", "y", "column_1", "column_2"]))


@given(names)
def test_names_come_out_unique_and_filled(spelled: list[str]) -> None:
    given_names, _ = unique_names(spelled)
    assert len(given_names) == len(spelled)
    assert len(set(given_names)) == len(given_names)
    assert all(name.strip() for name in given_names)


@given(names)
def test_the_first_column_of_a_name_keeps_it(spelled: list[str]) -> None:
    given_names, _ = unique_names(spelled)
    for name in {name for name in spelled if name.strip()}:
        assert given_names[spelled.index(name)] == name


@given(names)
def test_a_finding_stands_for_changes_and_only_for_them(spelled: list[str]) -> None:
    given_names, findings = unique_names(spelled)
    changed = tuple(new for old, new in zip(spelled, given_names, strict=True) if old != new)
    assert bool(findings) == bool(changed)
    if findings:
        assert findings[0].columns == changed
