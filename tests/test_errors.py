from __future__ import annotations

import pickle

import pytest

from rung import errors
from rung.errors import DataError, ResourceError, RungError, UsageError, suggest

TREE = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, RungError)
]


def test_a_message_ends_in_its_remedy() -> None:
    assert str(UsageError("unknown family 'tre'", "did you mean 'tree'?")) == (
        "unknown family 'tre'; did you mean 'tree'?"
    )
    assert str(UsageError("unknown family 'tre'")) == "unknown family 'tre'"


@pytest.mark.parametrize(("kind", "code"), [(UsageError, 2), (DataError, 3), (ResourceError, 4)])
def test_every_error_below_a_branch_has_the_exit_code_of_its_branch(
    kind: type[RungError], code: int
) -> None:
    assert all(one.exit_code == code for one in TREE if issubclass(one, kind))


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_an_error_survives_the_way_between_processes(kind: type[RungError]) -> None:
    again = pickle.loads(pickle.dumps(kind("what", "remedy")))
    assert (type(again), again.message, again.remedy) == (kind, "what", "remedy")


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_the_tree_at_the_top_of_the_file_names_every_error(kind: type[RungError]) -> None:
    assert kind.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize(
    ("typed", "meant"), [("MASS", "Mass"), ("raduis", "radius"), ("zzz", ""), ("", "")]
)
def test_the_nearest_name_is_suggested_or_none(typed: str, meant: str) -> None:
    assert suggest(typed, ["Mass", "radius"]) == meant


def test_switches_are_those_that_are_declared() -> None:
    from rung.kinds.options import every_option

    names = {o.name.replace("_", "-") for o in every_option() if isinstance(o.default, bool)}
    assert names <= errors.SWITCHES


def test_python_shows_keywords_and_the_shell_flags() -> None:
    error = errors.UsageError("column 'a' of --drop not found", "use --drop COL or --force")
    assert str(error) == "column 'a' of drop not found; use drop='COL' or force=True"
    assert error.remedy == "use --drop COL or --force"
