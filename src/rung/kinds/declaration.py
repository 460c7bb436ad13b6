"""Declare an option once: what it takes, what it does, how a shell spells it, who records it.

The command line, its help, the record of a run, the line that repeats it, docstrings and the
table of the README are all made from these declarations. Nothing heavy is imported here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from numbers import Integral, Real
from typing import Any, Literal

COLUMNS, COMPARISON, READING, OUTPUT = "Columns", "Comparison", "Reading", "Output"
DIVISION = "Folds and sealed test"
PANELS = (COLUMNS, COMPARISON, DIVISION, READING, OUTPUT, "")


@dataclass(frozen=True)
class Spelled:
    """An option as words of a command line, and what only Python can say of it."""

    words: tuple[str, ...] = ()
    left_out: str = ""


def as_given(option: Option, value: Any) -> Any:
    """Leave a value as it is."""
    return value


def one_word(option: Option, value: Any) -> Spelled:
    """Spell a value as one word, a fraction with all its digits."""
    is_fraction = isinstance(value, Real) and not isinstance(value, Integral)
    return Spelled((f"{option.shell_flag}={repr(float(value)) if is_fraction else value}",))


@dataclass(frozen=True, kw_only=True)
class OptionValue:
    """What an option takes.

    Attributes
    ----------
    says : str
        Its type, as a docstring names it.
    check : callable
        Raises `UsageError`, or returns the value as options hold it.
    shell : type
        What the command line reads: `str`, `int`, `float`, `bool`, `Path` or `list[str]`.
    read : callable
        Turns what the command line read into what `check` takes.
    spell : callable
        Writes a value as words that the command line reads back.
    record : callable
        Returns what results.json holds.
    """

    says: str
    check: Callable[[Option, Any], Any] = as_given
    shell: Any = str
    read: Callable[[Option, Any], Any] = as_given
    spell: Callable[[Option, Any], Spelled] = one_word
    record: Callable[[Any], Any] = lambda value: value


@dataclass(frozen=True, kw_only=True)
class Option:
    """All that is known of an option.

    Attributes
    ----------
    value : OptionValue
        What it takes: how that is read, checked, spelled and recorded.
    help : str
        What it does, in one plain sentence.
    more : str
        What a reader of the README or a docstring learns beyond that.
    panel : str
        Heading in the help of the command line: one of `PANELS`, empty for none.
    flag : str
        How a shell spells it; `--name` if not given.
    metavar : str or None
        What stands for its value in the help.
    is_argument : bool
        A shell gives it by its place, without a flag.
    recorded : str
        In results.json `always`, where it is `given`, or `never`.
    repeated : bool
        Whether the line that repeats a run holds it: it may change a result.
    checked : bool
        Whether `rung check` takes it too.
    unless : str
        What holds if it is not given, where that is not the default's own spelling.
    name, kinds, data, default
        Set from the dataclass that declares it: kinds of data, and what people call these;
        `...` where it must be given.
    """

    value: OptionValue
    help: str
    more: str = ""
    panel: str = ""
    flag: str = ""
    metavar: str | None = None
    is_argument: bool = False
    recorded: Literal["always", "given", "never"] = "always"
    repeated: bool = True
    checked: bool = False
    unless: str = ""
    name: str = ""
    kinds: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    default: Any = ...

    @property
    def shell_flag(self) -> str:
        """How a shell spells it."""
        return self.flag or f"--{self.name.replace('_', '-')}"

    @property
    def unless_given(self) -> str:
        """What holds if nothing is given; empty where the help says all."""
        has_none = self.default in {..., None, ()} or isinstance(self.default, bool)
        return self.unless or ("" if has_none else str(self.default))

    @property
    def sentence(self) -> str:
        """The help with what holds if nothing is given."""
        known = self.unless_given
        return f"{self.help.removesuffix('.')} ({known})." if known else self.help


def declare(default: Any, value: OptionValue, help_: str, **facts: Any) -> Any:
    """Return the field of a dataclass that holds an option.

    Parameters
    ----------
    default : any
        What holds if it is not given; `...` where it must be.
    value : OptionValue
        What it takes.
    help_ : str
        What it does, in one plain sentence.
    **facts
        Other fields of `Option`.

    Examples
    --------
    >>> from rung.kinds.values import whole
    >>> @dataclass(frozen=True)
    ... class Asked:
    ...     n: int = declare(3, whole(1, 9), "Texts to write.")
    >>> [(one.name, one.shell_flag, one.sentence) for one in declared(Asked)]
    [('n', '--n', 'Texts to write (3).')]
    """
    return held(default, Option(value=value, help=help_, **facts))


def held(default: Any, option: Option) -> Any:
    """Return the field of a dataclass that holds an option as it is declared elsewhere."""
    return field(default=MISSING if default is ... else default, metadata={"option": option})


def again(owner: Any, name: str, default: Any, **changes: Any) -> Any:
    """Declare an option of another class anew, with another default or another value."""
    (option,) = (one for one in declared(owner) if one.name == name)
    return held(default, replace(option, **changes))


def declared(owner: Any) -> tuple[Option, ...]:
    """Return the options that a dataclass declares, in the order of the help."""
    found = [_named(owner, one) for one in fields(owner) if "option" in one.metadata]
    return tuple(sorted(found, key=lambda option: PANELS.index(option.panel)))


def _named(owner: Any, declaration: Field[Any]) -> Option:
    option: Option = declaration.metadata["option"]
    kind = getattr(owner, "kind", "")
    called = getattr(owner, "called", "") or kind
    return replace(
        option,
        name=declaration.name,
        default=... if declaration.default is MISSING else declaration.default,
        kinds=(kind,) if kind else (),
        data=(called,) if called else (),
    )
