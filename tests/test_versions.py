"""Declared bounds are those that are tested."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OF_THEIR_TIME = {"click", "pandas", "pyparsing"}


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {
        key.lower(): value for key, value in re.findall(r"^([\w-]+)==(\S+)$", text, re.MULTILINE)
    }


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version without zeros at the end."""
    return tuple(int(part) for part in re.sub(r"(\.0)+$", "", version).split("."))


def test_the_lowest_set_has_every_dependency_at_its_declared_bound() -> None:
    lowest = pins("constraints-lowest.txt")
    for requirement in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["deep"]):
        found = re.match(r"([\w-]+)>=([\d.]+)", requirement)
        assert found, requirement
        assert numbers(lowest[found[1].lower()]) == numbers(found[2]), requirement


def test_what_else_the_lowest_set_holds_is_as_the_tests_ran_with() -> None:
    lowest, newest = pins("constraints-lowest.txt"), pins("constraints.txt")
    assert set(lowest) <= set(newest)
    declared = {re.split(r"[>\[]", each)[0].lower() for each in PROJECT["dependencies"]}
    others = set(lowest) - declared - OF_THEIR_TIME - {"torch"}
    assert {name: lowest[name] for name in others} == {name: newest[name] for name in others}


def test_every_extra_is_offered_by_all_but_those_for_developers() -> None:
    extras = PROJECT["optional-dependencies"]
    users = ["deep", "export", "science", "images", "embed"]
    assert set(extras) == {*users, "dev", "site", "all"}
    assert extras["all"] == [f"rung[{','.join(users)}]"]
