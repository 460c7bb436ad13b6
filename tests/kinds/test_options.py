"""Each option is declared once, and all that speaks of it is made from that."""

from __future__ import annotations

import re

import pytest

import rung
from rung.core.seal import LARGEST_SEED
from rung.errors import UsageError
from rung.kinds import options as shared
from rung.kinds.declaration import PANELS, declared
from rung.kinds.options import (
    Options,
    documented,
    every_option,
    from_keywords,
    options_of_kinds,
)

KINDS = list(options_of_kinds().values())
EVERY = every_option()


def test_every_kind_builds_on_the_options_that_all_share() -> None:
    common = {option.name for option in declared(Options)}
    assert {"seed", "families", "threads"} < common
    for options in KINDS:
        assert issubclass(options, Options)
        assert common <= {option.name for option in declared(options)}


def test_no_two_options_have_one_flag() -> None:
    flags = [option.shell_flag for option in EVERY]
    assert len(set(flags)) == len(flags)


@pytest.mark.parametrize("option", EVERY, ids=lambda option: option.name)
def test_the_help_of_an_option_is_one_plain_sentence(option) -> None:
    assert re.fullmatch(r"[A-Z].{10,150}[^.]\.", option.help), option.help
    assert not re.search(r"[.!?] [A-Z]", option.help), option.help
    assert option.panel in PANELS[:-1]


def test_what_differs_between_kinds_is_named_for_each() -> None:
    (fraction,) = (option for option in EVERY if option.name == "test_fraction")
    assert fraction.sentence.endswith(
        "seals nothing (0.2 of an image, 0.2 of a table, 0.1 of a text)."
    )


@pytest.mark.parametrize("options", KINDS, ids=lambda options: options.kind)
def test_the_docstring_of_the_options_names_each_with_its_help(options) -> None:
    text = " ".join(options.__doc__.split())
    for option in declared(options):
        assert f" {option.name} : {option.value.says}" in text
        assert option.help.removesuffix(".") in text


def test_the_docstring_of_fit_names_every_option() -> None:
    for option in declared(options_of_kinds()["table"]):
        assert re.search(rf"^ +{option.name} : ", rung.fit.__doc__, re.MULTILINE), option.name
    assert "{options}" not in rung.fit.__doc__


def test_a_docstring_of_all_kinds_says_which_knows_an_option() -> None:
    @documented(EVERY)
    def verb() -> None:
        """Do.

        {options}
        """

    assert "groups : str or list of str, default None, of an image or a table\n" in verb.__doc__
    assert "seed : int from 0 to 4611686018427387904, default 0\n" in verb.__doc__


def test_the_largest_seed_is_that_of_the_seal() -> None:
    assert shared.LARGEST_SEED == LARGEST_SEED


@pytest.mark.parametrize("options", KINDS, ids=lambda options: options.kind)
def test_a_misspelt_option_gets_a_suggestion(options) -> None:
    with pytest.raises(UsageError, match=r"unknown option 'familys' for a .*mean families="):
        from_keywords(options, {"familys": ["linear"]})


def test_none_is_refused_where_the_default_is_another_value() -> None:
    table = options_of_kinds()["table"]
    with pytest.raises(UsageError, match=r"seed must be a whole number .* it is None"):
        table(target="y", seed=None)
    with pytest.raises(UsageError, match="drop=None is not a list of names"):
        table(target="y", drop=None)


def test_the_record_holds_what_can_change_a_result_and_an_encoding_only_if_given() -> None:
    table = options_of_kinds()["table"]
    every = {option.name for option in declared(table)}
    given_only = {option.name for option in declared(table) if option.recorded == "given"}
    assert {"encoding", "gap", "space", "independent", "skip_lines"} <= given_only
    assert set(table("y").to_record()) == every - {"target", "threads", "quick"} - given_only
    record = table("y", encoding="latin-1", memory="7 GB").to_record()
    assert (record["encoding"], record["memory"]) == ("latin-1", 7_000_000_000)


def test_families_are_kept_in_the_order_of_the_ladder() -> None:
    table = options_of_kinds()["table"]
    asked = table("y", families=("boosting", "blend", "linear"))
    assert asked.families == ("linear", "boosting", "blend")
    with pytest.raises(UsageError, match="did you mean 'linear'"):
        table("y", families=["linaer"])
