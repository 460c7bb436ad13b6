"""Hold the options that every kind of data shares, and find those that each adds of its own."""

from __future__ import annotations

import importlib
import math
import pkgutil
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from rung.errors import UsageError, suggest
from rung.kinds.declaration import (
    COMPARISON,
    DIVISION,
    OUTPUT,
    PANELS,
    READING,
    Option,
    Spelled,
    declare,
    declared,
)
from rung.kinds.values import family_list, member, number, switch, text, whole

if TYPE_CHECKING:
    from rung.core.family import Family

LARGEST_SEED = 2**62  # that of rung.core.seal, which needs numpy
WIDTH = 92
Anything = TypeVar("Anything", bound=Callable[..., Any])
Asked = TypeVar("Asked", bound="Options")


@dataclass(frozen=True, kw_only=True)
class Options:
    """State what a run is asked to do, whatever the kind of data.

    A kind adds its own in a subclass that its folder's `options.py` calls `OPTIONS`.
    """

    kind: ClassVar[str] = ""
    called: ClassVar[str] = ""  # what the data are called, where that is not the kind's name

    families: tuple[str | Family, ...] | None = declare(
        None,
        family_list(),
        "Climb these rungs only: a,b (see `rung families`).",
        more="The baseline always climbs along. From Python also families and, for tables, "
        "scikit-learn estimators, which stand above rung's own in the order listed.",
        panel=COMPARISON,
        metavar="NAMES",
    )
    metric: str | None = declare(
        None,
        text(),
        "What families are compared by, such as mae, accuracy or bits_per_char.",
        more="Of tables also photoz (redshifts) and skill (against climatology), with others beside; "
        "from Python a function of true and predicted values that gives each row's loss.",
        panel=COMPARISON,
        metavar="KEY",
        unless="rmse, log_loss or nll",
    )
    margin: float | None = declare(
        None,
        number(0.0, math.inf),
        "Smallest difference that matters (equivalence margin), in the metric's unit.",
        panel=COMPARISON,
    )
    choose: Literal["simplest", "leader"] = declare(
        "simplest",
        member("simplest", "leader"),
        "Select the simplest family that is as good (non-inferior), or the leader.",
        panel=COMPARISON,
        metavar="RULE",
    )
    seed: int = declare(
        0, whole(0, LARGEST_SEED), "Seed of every random number.", panel=DIVISION, checked=True
    )
    test_fraction: float | None = declare(
        None,
        number(0.0, 0.5),
        "Share to seal for the test (held-out test set); 0 seals nothing.",
        more="Of a large text less is sealed.",
        panel=DIVISION,
        checked=True,
    )
    ledger: bool = declare(
        True,
        switch(means=False),
        "Do not look for earlier openings of the sealed rows elsewhere, nor note this one.",
        panel=DIVISION,
        flag="--no-ledger",
    )
    threads: int | None = declare(
        None,
        whole(1, 1024),
        "Jobs at a time; no result depends on it.",
        panel=OUTPUT,
        recorded="never",
        repeated=False,
        unless="one a processor",
    )
    encoding: str | None = declare(
        None,
        text(),
        "How a text file is written, such as latin-1; found if not given.",
        panel=READING,
        metavar="NAME",
        recorded="given",
        checked=True,
    )

    def __post_init__(self) -> None:
        for option in declared(type(self)):
            given = getattr(self, option.name)
            if given is not None or option.default is not None:
                object.__setattr__(self, option.name, option.value.check(option, given))

    def to_record(self) -> dict[str, Any]:
        """Return what the results say of the options: all that can change a result."""
        return {
            option.name: option.value.record(getattr(self, option.name))
            for option in declared(type(self))
            if option.recorded == "always"
            or (option.recorded == "given" and not _is_default(option, getattr(self, option.name)))
        }

    def spell(self) -> Mapping[str, Spelled]:
        """Spell, for a shell, each option that repeats this run and is not at its default."""
        return {
            option.name: option.value.spell(option, getattr(self, option.name))
            for option in declared(type(self))
            if option.repeated and not _is_default(option, getattr(self, option.name))
        }


def _is_default(option: Option, value: Any) -> bool:
    """Tell whether an option is at its default; what is no plain value never equals one."""
    is_plain = isinstance(value, (str, int, float, tuple))
    return value is option.default or (is_plain and bool(value == option.default))


def from_keywords(owner: type[Asked], given: Mapping[str, Any]) -> Asked:
    """Build options from keywords; a misspelt one gets a suggestion instead of a traceback.

    Parameters
    ----------
    owner : type
        `Options` of a kind.
    given : mapping
        Values by name of the option.

    Raises
    ------
    UsageError
        If an option is unknown, or its value is not accepted.
    """
    known = [option.name for option in declared(owner)]
    for name in given:
        if name not in known:
            near = suggest(name, known)
            raise UsageError(
                f"unknown option {name!r} for a {owner.kind}; the options are {', '.join(known)}",
                f"did you mean {near}=?" if near else "",
            )
    return owner(**given)


@cache
def options_of_kinds() -> Mapping[str, type[Options]]:
    """Return the options of every kind of data, found by scanning the folders here.

    Examples
    --------
    >>> {"image", "table", "text"} <= set(options_of_kinds())
    True
    """
    package = importlib.import_module("rung.kinds")
    found = [
        importlib.import_module(f"{package.__name__}.{folder.name}.options").OPTIONS
        for folder in pkgutil.iter_modules(package.__path__)
        if folder.ispkg
    ]
    return MappingProxyType({options.kind: options for options in found})


def every_option() -> tuple[Option, ...]:
    """Return the options of all kinds, each once, in the order of the help."""
    found: dict[str, list[Option]] = {}
    kinds = options_of_kinds().values()
    for options in sorted(kinds, key=lambda one: (one.called or one.kind, bool(one.called))):
        for option in declared(options):
            found.setdefault(option.name, []).append(option)
    merged = [_merged(same) for same in found.values()]
    return tuple(sorted(merged, key=lambda option: PANELS.index(option.panel)))


def _merged(same: list[Option]) -> Option:
    """Join what kinds declare under one name; where defaults differ, each is named."""
    first = same[0]
    assert len({(one.flag, one.value.shell, one.help, one.panel) for one in same}) == 1, first.name
    unless = [one.unless_given for one in same]
    differing = dict.fromkeys(
        f"{said} of {_a(one.data[0])}" for one, said in zip(same, unless, strict=True) if said
    )
    return replace(
        first,
        kinds=tuple(kind for one in same for kind in one.kinds),
        data=tuple(dict.fromkeys(called for one in same for called in one.data)),
        unless=", ".join(differing) if len(set(unless)) > 1 else first.unless,
    )


def _a(kind: str) -> str:
    """Return the name of a kind with its article."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def fill_quick(options: Any, inputs: str) -> None:
    """Fill in the families and folds that `quick` stands for, where no others are asked for.

    Parameters
    ----------
    options : Options
        Being made: with `families` and `folds`.
    inputs : str
        `table` or `density`.
    """
    from rung.families.pace import QUICK_FOLDS, quick_families

    for name, value in (("families", quick_families(inputs)), ("folds", QUICK_FOLDS)):
        if getattr(options, name) is None:
            object.__setattr__(options, name, value)


def documented(options: Iterable[Option]) -> Callable[[Anything], Anything]:
    """Write options into a docstring, in place of its `{options}`."""

    def decorate(function: Anything) -> Anything:
        before, mark, after = (function.__doc__ or "").partition("{options}")
        if mark:
            indent = before.rpartition("\n")[2]
            lines = textwrap.indent("\n".join(_entries(options)), indent).strip()
            function.__doc__ = f"{before}{lines}{after}"
        return function

    return decorate


def _entries(options: Iterable[Option]) -> Iterator[str]:
    """Write each option as an entry of a docstring."""
    listed = tuple(options)
    n_data = len({called for option in listed for called in option.data})
    for option in listed:
        is_told = option.default is ... or option.unless
        default = "" if is_told else f", default {option.default!r}"
        kinds = "" if len(option.data) == n_data else f", of {' or '.join(map(_a, option.data))}"
        sense = f"{option.value.read(option, True)}: " if option.value.shell is bool else ""
        told = f"{sense}{option.sentence if option.unless else option.help} {option.more}".strip()
        yield f"{option.name} : {option.value.says}{default}{kinds}"
        yield textwrap.indent(textwrap.fill(told, WIDTH), "    ")
