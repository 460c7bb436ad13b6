"""Read what was typed: lists of names, numbers by name, and which kind of data is meant."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from rung.cli.arguments import CheckArguments, FitArguments
from rung.errors import UsageError

TABLE_SUFFIXES = (".csv", ".tsv", ".tab", ".parquet", ".pq", ".arrow", ".feather", ".ipc", ".zip")
TABLE_ONLY = (
    "features",
    "drop",
    "groups",
    "time",
    "weight",
    "positive",
    "task",
    "folds",
    "repeats",
    "seal",
    "keep_sentinels",
    "missing",
    "keep_tokens",
    "decimal",
    "delimiter",
    "no_header",
)


def is_text(arguments: FitArguments) -> bool:
    """Tell whether a text is to be fitted: a table has a target, a text has none.

    Raises
    ------
    UsageError
        If both are asked for, or a table is given without its target.

    Examples
    --------
    >>> is_text(FitArguments(data="names.txt")), is_text(FitArguments(data="a.csv", target="y"))
    (True, False)
    """
    if arguments.target is not None:
        if arguments.reading is not None:
            raise UsageError(
                f"--target {arguments.target!r} names a column of a table, and --as "
                f"{arguments.reading!r} reads a text",
                "give one of the two",
            )
        return False
    if arguments.reading is None and arguments.data.lower().endswith(TABLE_SUFFIXES):
        raise UsageError(
            f"missing option '--target': {arguments.data!r} is read as a table, and the column to "
            "predict is not named",
            "add --target COL; or --as lines, --as text to read it as a text",
        )
    refuse_table_options(arguments)
    return True


def refuse_table_options(arguments: FitArguments | CheckArguments) -> None:
    """Raise if something that only a table has is asked of a text.

    Examples
    --------
    >>> refuse_table_options(FitArguments(data="names.txt"))
    """
    given = [*TABLE_ONLY, *(("target",) if arguments.reading else ())]
    wrong = [name for name in given if getattr(arguments, name, None)]
    if wrong:
        raise UsageError(
            f"option --{wrong[0].replace('_', '-')} is for tables, and without --target "
            f"{arguments.data!r} is read as a text",
            "name the column to predict with --target, or drop the option",
        )


def column_names(option: str, values: Sequence[str] | None) -> tuple[str, ...] | None:
    """Read a list of columns: one value is split at its commas, repeated ones are names.

    Quotes protect a comma in a lone value, as in a CSV file.

    Examples
    --------
    >>> column_names("drop", ["a,b"]), column_names("drop", ["a,b", "c"])
    (('a', 'b'), ('a,b', 'c'))
    >>> column_names("drop", ['"a,b",c'])
    ('a,b', 'c')
    """
    if not values:
        return None
    names = tuple(values) if len(values) > 1 else _split(option, values[0])
    if any(not name for name in names):
        raise UsageError(
            f"--{option} {','.join(values)!r} holds an empty name",
            "separate names with single commas",
        )
    return names


def group_columns(values: Sequence[str] | None) -> str | tuple[str, ...] | None:
    """Read the columns that make up a group: a name, or several that together are one.

    Examples
    --------
    >>> group_columns(["plate"]), group_columns(["plate,well"])
    ('plate', ('plate', 'well'))
    """
    names = column_names("groups", values)
    return names[0] if names is not None and len(names) == 1 else names


def family_names(values: Sequence[str] | None) -> tuple[str, ...] | None:
    """Read a list of families, whose names never hold commas.

    Examples
    --------
    >>> family_names(["constant,linear", "tree"])
    ('constant', 'linear', 'tree')
    """
    return column_names("families", [",".join(values)]) if values else None


def named_numbers(words: Sequence[str] | None) -> dict[str, float]:
    """Read values given as NAME=NUMBER.

    Examples
    --------
    >>> named_numbers(["a=3", "b=-1e-2"])
    {'a': 3.0, 'b': -0.01}
    """
    found: dict[str, float] = {}
    for word in words or ():
        name, sign, text = (part.strip() for part in word.partition("="))
        if not sign or not name.isidentifier():
            raise UsageError(
                f"{word!r} is no value for a name; NAME=NUMBER is accepted",
                "write a=3, and keep the whole expression in quotes",
            )
        if name in found:
            raise UsageError(f"{name!r} is given twice", "leave one of the values out")
        try:
            found[name] = float(text)
        except ValueError:
            raise UsageError(
                f"{text!r} in {word!r} is no number", f"write it as {name}=1.5 or {name}=2e-3"
            ) from None
    return found


def _split(option: str, value: str) -> tuple[str, ...]:
    try:
        rows = list(csv.reader([value], strict=True, skipinitialspace=True))
    except csv.Error as error:
        raise UsageError(
            f"--{option} {value!r} cannot be split: {error}", "repeat the option"
        ) from None
    return tuple(name.strip() for name in rows[0]) or ("",)
