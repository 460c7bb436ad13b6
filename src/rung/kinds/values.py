"""Say what options take: how a value is read from a shell, checked, spelled and recorded.

Each check has one message, for shell and Python alike.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from rung.core.memory import read_bytes_text
from rung.errors import UsageError, suggest
from rung.kinds.declaration import Option, OptionValue, Spelled, one_word

# A name in quotes, or without; then a comma or the end.
ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"|((?:[^",][^,]*)?))\s*(,|$)', re.DOTALL)


def check_whole(name: str, value: Any, *, low: int, high: int) -> None:
    """Refuse an option that is no whole number within limits."""
    if isinstance(value, bool) or not isinstance(value, Integral) or not low <= int(value) <= high:
        raise UsageError(
            f"{name} must be a whole number from {low} to {high}, it is {value!r}",
            f"use --{name.replace('_', '-')} {max(low, 1)}",
        )


def check_number(name: str, value: Any, *, low: float, high: float) -> None:
    """Refuse an option that is no number within limits."""
    if isinstance(value, bool) or not isinstance(value, Real) or not low <= float(value) <= high:
        bound = f"from {low:g} to {high:g}" if math.isfinite(high) else f"of at least {low:g}"
        raise UsageError(
            f"{name} must be a number {bound}, it is {value!r}",
            f"give --{name.replace('_', '-')} such a number",
        )


def check_switch(name: str, value: Any) -> None:
    """Refuse an option that is neither true nor false."""
    if not isinstance(value, bool):
        raise UsageError(
            f"{name} must be True or False, it is {value!r}", f"use {name}=False to switch it off"
        )


def check_member(name: str, value: Any, accepted: Sequence[str], flag: str = "") -> None:
    """Refuse an option that is not one of those accepted."""
    if value not in accepted:
        raise UsageError(
            f"{name} {value!r} is not known; {', '.join(accepted)} are",
            f"use {flag or f'--{name}'} {suggest(str(value), accepted) or accepted[0]}",
        )


def plain(shell: type, says: str = "") -> OptionValue:
    """Take what a command line reads, unchecked."""
    return OptionValue(says=says or shell.__name__, shell=shell)


def text(says: str = "str") -> OptionValue:
    """Take a text."""

    def check(option: Option, value: Any) -> Any:
        value = str(value) if isinstance(value, Path) else value
        if not isinstance(value, str):
            raise UsageError(
                f"{option.name} must be a text, it is {value!r}", f"use {option.name}='...'"
            )
        return value

    return OptionValue(says=says, check=check)


def metric_of(task: str) -> OptionValue:
    """Take the key of a metric of one task."""

    def check(option: Option, value: Any) -> Any:
        from rung.core.metrics import find_metric

        return find_metric(value, task).key  # type: ignore[arg-type]

    return OptionValue(says="str", check=check)


def metric_or_function() -> OptionValue:
    """Take the key of a metric, or from Python a function that gives each row's loss."""

    def check(option: Option, value: Any) -> Any:
        if value is None or isinstance(value, str) or callable(value):
            return value
        raise UsageError(
            f"{option.name} must be a text or a function, it is {value!r}",
            f"use {option.name}='mae', or {option.name}=my_loss with `def my_loss(true, predicted)`",
        )

    def spell(option: Option, value: Any) -> Spelled:
        if callable(value):
            return Spelled((), _called(value))
        return one_word(option, value)

    return OptionValue(
        says="str or function",
        check=check,
        spell=spell,
        record=lambda value: _called(value) if callable(value) else value,
    )


def _called(function: Any) -> str:
    return str(getattr(function, "__name__", "a function"))


def tab_or_text() -> OptionValue:
    r"""Take a text in which `\t` is a tab, as no shell types one easily."""

    def check(option: Option, value: Any) -> Any:
        return "\t" if value == "\\t" else value

    def spell(option: Option, value: Any) -> Spelled:
        return one_word(option, "\\t" if value == "\t" else value)

    return OptionValue(says="str", check=check, spell=spell)


def whole(low: int, high: int) -> OptionValue:
    """Take a whole number within limits."""

    def check(option: Option, value: Any) -> Any:
        check_whole(option.name, value, low=low, high=high)
        return value

    return OptionValue(says=f"int from {low} to {high}", check=check, shell=int)


def number(low: float, high: float) -> OptionValue:
    """Take a number within limits."""

    def check(option: Option, value: Any) -> Any:
        check_number(option.name, value, low=low, high=high)
        return value

    bound = f"from {low:g} to {high:g}" if math.isfinite(high) else f"of at least {low:g}"
    return OptionValue(says=f"float {bound}", check=check, shell=float)


def member(*accepted: str) -> OptionValue:
    """Take one of a few words."""

    def check(option: Option, value: Any) -> Any:
        check_member(option.name, value, accepted, option.shell_flag)
        return value

    return OptionValue(says=" or ".join(f"`{one}`" for one in accepted), check=check)


def switch(*, means: bool = True) -> OptionValue:
    """Take True or False; the flag of the shell says that it is `means`."""

    def check(option: Option, value: Any) -> Any:
        check_switch(option.name, value)
        return value

    def read(option: Option, typed: Any) -> Any:
        return means

    def spell(option: Option, value: Any) -> Spelled:
        is_said = value is means
        return Spelled((option.shell_flag,)) if is_said else Spelled((), repr(value))

    return OptionValue(says="bool", check=check, shell=bool, read=read, spell=spell)


def memory_amount() -> OptionValue:
    """Take an amount of memory, such as `6GB`; options hold bytes."""
    return OptionValue(says="int or str", check=lambda option, value: read_bytes_text(value))


def name_list() -> OptionValue:
    """Take a list of names: split at its commas, or repeated."""

    def check(option: Option, value: Any) -> Any:
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, Sequence) or not all(isinstance(one, str) for one in value):
            raise UsageError(
                f"{option.name}={value!r} is not a list of names", f"use {option.name}=['NAME']"
            )
        return tuple(value)

    def read(option: Option, typed: Any) -> Any:
        return column_names(option.shell_flag, typed)

    return OptionValue(
        says="list of str", check=check, shell=list[str], read=read, spell=_spell_names
    )


def name_or_names() -> OptionValue:
    """Take one name, or several that together are one thing; a lone name is held as a text."""
    names = name_list()

    def check(option: Option, value: Any) -> Any:
        found = names.check(option, value)
        return found if len(found) > 1 else found[0] if found else None

    def spell(option: Option, value: Any) -> Spelled:
        return names.spell(option, (value,) if isinstance(value, str) else value)

    return replace(names, says="str or list of str", check=check, spell=spell)


def name_pair() -> OptionValue:
    """Take two different names."""
    names = name_list()

    def check(option: Option, value: Any) -> Any:
        found = names.check(option, value)
        if len(found) != 2 or found[0] == found[1]:
            raise UsageError(
                f"{option.name} {found!r} is not two columns",
                f"use {option.shell_flag} LONGITUDE,LATITUDE or {option.shell_flag} X,Y",
            )
        return found

    return replace(names, says="pair of str", check=check)


def length() -> OptionValue:
    """Take a length of time: a number, or a text such as 7d."""

    def check(option: Option, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, str | Real):
            raise UsageError(
                f"{option.name} must be a number or a text such as '7d', it is {value!r}",
                f"use {option.name}='7d'",
            )
        return value

    def read(option: Option, typed: str) -> Any:
        try:
            return float(typed)
        except ValueError:
            return typed

    return OptionValue(says="str or float", check=check, read=read)


def fold_choice() -> OptionValue:
    """Take a number of folds, or from Python a splitter or a list of pairs of rows."""
    counted = whole(2, 1000)

    def check(option: Option, value: Any) -> Any:
        return counted.check(option, value) if isinstance(value, Integral) else value

    def spell(option: Option, value: Any) -> Spelled:
        if isinstance(value, Integral):
            return one_word(option, value)
        return Spelled((), _describe(value))

    return OptionValue(
        says=f"{counted.says}, a scikit-learn splitter, or a list of index pairs",
        check=check,
        shell=int,
        spell=spell,
        record=lambda value: (
            value if value is None or isinstance(value, Integral) else _describe(value)
        ),
    )


def family_list() -> OptionValue:
    """Take names of families, or from Python families and estimators; in the ladder's order."""

    def check(option: Option, value: Any) -> Any:
        from rung.core.family import Family
        from rung.families import select, whole_ladder
        from rung.families.wrapped import as_families

        (kind,) = option.kinds
        if isinstance(value, (str, Family)) or hasattr(value, "get_params"):
            value = (value,)
        if not isinstance(value, Sequence):
            raise UsageError(
                f"families={value!r} is not a list of names, families or scikit-learn estimators",
                "use families=['linear', estimator]",
            )
        given = as_families(value, [family.name for family in whole_ladder(kind)])
        # a misspelt name ends here, before anything is read or written
        place = {family.name: i for i, family in enumerate(select(given, kind))}
        for one in given:
            if isinstance(one, Family) and one.inputs != kind:
                raise UsageError(
                    f"family {one.name!r} is for a {one.inputs}, and these data are a {kind}",
                    "leave it out",
                )
        return tuple(sorted(given, key=lambda one: place.get(_family_name(one), len(place))))

    def read(option: Option, typed: Any) -> Any:
        return column_names(option.shell_flag, [",".join(typed)])

    def spell(option: Option, value: Any) -> Spelled:
        from rung.families import baseline, find

        (kind,) = option.kinds
        asked = _family_names(value)
        known = [name for name in asked if find(name, kind) is not None]
        left_out = ", ".join(name for name in asked if name not in known)
        return Spelled(_spell_names(option, known or [baseline(kind)]).words, left_out)

    return OptionValue(
        says="list of str, Family or scikit-learn estimator",
        check=check,
        shell=list[str],
        read=read,
        spell=spell,
        record=lambda value: None if value is None else _family_names(value),
    )


def _family_name(one: Any) -> str:
    name: str = one if isinstance(one, str) else one.name
    return name


def _family_names(value: Any) -> tuple[str, ...]:
    return tuple(_family_name(one) for one in value)


def column_names(flag: str, typed: Sequence[str]) -> tuple[str, ...]:
    """Read a list of names: one value is split at its commas, repeated ones are names.

    Quotes protect commas and blank ends in a lone value, as in a CSV file.

    Examples
    --------
    >>> column_names("--drop", ["a,b"]), column_names("--drop", ["a,b", "c"])
    (('a', 'b'), ('a,b', 'c'))
    >>> column_names("--drop", ['"a,b", c,"say ""x"" "'])
    ('a,b', 'c', 'say "x" ')
    """
    found = tuple(typed) if len(typed) > 1 else _split(flag, typed[0])
    if not all(found):
        raise UsageError(
            f"{flag} {','.join(typed)!r} holds an empty name",
            "separate names with single commas",
        )
    return found


def _split(flag: str, text: str) -> tuple[str, ...]:
    found: list[str] = []
    place, mark = 0, ","
    while mark:
        item = ITEM.match(text, place)
        if item is None:
            raise UsageError(
                f"{flag} {text!r} cannot be split: a quote stands open",
                "repeat the option",
            )
        quoted, bare, mark = item.groups()
        found.append(bare.strip() if quoted is None else quoted.replace('""', '"'))
        place = item.end()
    return tuple(found)


def _spell_names(option: Option, value: Sequence[str]) -> Spelled:
    """Spell names in one word where commas part them safely, else in a word each."""
    flag = option.shell_flag
    if not value:
        return Spelled((), "()")
    if any("," in name or '"' in name or name != name.strip() for name in value):
        if len(value) > 1:
            return Spelled(tuple(f"{flag}={name}" for name in value))
        return Spelled((flag + '="' + value[0].replace('"', '""') + '"',))
    return Spelled((f"{flag}={','.join(value)}",))


def _describe(value: Any) -> str:
    """Name a splitter without what differs from run to run, such as addresses."""
    said = repr(value)
    return said if hasattr(value, "split") and " at 0x" not in said else type(value).__name__
