"""A declaration is read from the dataclass that holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest

from rung.kinds.declaration import COLUMNS, OUTPUT, again, declare, declared
from rung.kinds.values import switch, text, whole


@dataclass(frozen=True, kw_only=True)
class Asked:
    kind: ClassVar[str] = "sky"

    n_stars: int = declare(3, whole(1, 9), "Stars.", panel=OUTPUT)
    name: str = declare(..., text(), "Of the field.", panel=COLUMNS, flag="--of")
    is_dark: bool = declare(False, switch(), "Is it night?")


@dataclass(frozen=True, kw_only=True)
class AskedMore(Asked):
    n_stars: int = again(Asked, "n_stars", 5, unless="five")


def test_options_come_in_the_order_of_their_panels() -> None:
    assert [one.name for one in declared(Asked)] == ["name", "n_stars", "is_dark"]


def test_name_kind_and_default_are_those_of_the_field() -> None:
    name, stars, _ = declared(Asked)
    assert (name.shell_flag, name.default, name.kinds) == ("--of", ..., ("sky",))
    assert (stars.shell_flag, stars.default) == ("--n-stars", 3)


def test_a_field_without_a_default_must_be_given() -> None:
    with pytest.raises(TypeError, match="name"):
        Asked()


@pytest.mark.parametrize(
    ("owner", "sentences"),
    [
        (Asked, ["Of the field.", "Stars (3).", "Is it night?"]),
        (AskedMore, ["Of the field.", "Stars (five).", "Is it night?"]),
    ],
)
def test_the_sentence_says_what_holds_if_nothing_is_given(owner, sentences) -> None:
    assert [one.sentence for one in declared(owner)] == sentences
    assert AskedMore(name="x").n_stars == 5
