"""Kinds are found by scanning, and told apart by data, by options and by their model files."""

from __future__ import annotations

import pytest

from rung.core.family import Family
from rung.errors import UsageError
from rung.families import find
from rung.kinds.kind import Unlimited, discover_kinds, kind_of, recognise
from rung.kinds.table.options import FitOptions
from rung.kinds.text.options import TextOptions


def test_every_folder_with_a_kind_is_found() -> None:
    assert [kind.name for kind in discover_kinds()] == ["density", "image", "table", "text"]


def test_options_know_their_kind() -> None:
    assert kind_of(FitOptions("y")).name == "table"
    assert kind_of(TextOptions()).name == "text"


@pytest.mark.parametrize("data", [3, object(), None])
def test_what_no_kind_reads_is_refused_with_what_is_read(data: object) -> None:
    with pytest.raises(UsageError, match="are not known") as caught:
        recognise(data, {})
    assert "path of a file" in caught.value.remedy


def test_no_model_file_is_owned_by_two_kinds() -> None:
    for task in ("regression", "binary", "multiclass", "language modelling"):
        assert sum(kind.owns({"task": task}) for kind in discover_kinds()) == 1


def test_without_a_limit_every_family_climbs_as_it_is() -> None:
    family = find("ngram", "text")
    assert isinstance(family, Family)
    limit = Unlimited()
    assert limit.reason_to_skip(family) == ""
    assert limit.threads(family, 3) == 3
