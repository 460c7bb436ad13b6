"""Tell which kind of data is meant, and turn what was typed into its options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rung.errors import UsageError
from rung.kinds.declaration import declared
from rung.kinds.options import Options, every_option, options_of_kinds

LONGEST_FOLDER_NAME = 60
# Kinds of tables without a target: what they lack.
UNTARGETED = {"density": " with a target"}


def default_folder(target: str) -> str:
    """Name the run folder after the target, with letters that every file system accepts.

    Examples
    --------
    >>> default_folder("median house/value")
    'rung-run-median-house-value'
    """
    safe = re.sub(r"[^\w.-]+", "-", target).strip("-.")
    return f"rung-run-{safe[:LONGEST_FOLDER_NAME] or 'target'}"


def fit_options(data: str, given: Mapping[str, Any]) -> Options:
    """Return the options of a run; the kind of data knows the defaults and checks everything.

    Examples
    --------
    >>> fit_options("names.txt", {"seed": 3}).kind, fit_options("a.csv", {"target": "y"}).kind
    ('text', 'table')
    """
    kind = kind_of(data, given)
    refuse_options_of_others(data, given, kind)
    return options_of_kinds()[kind](**given)


def kind_of(data: str, given: Mapping[str, Any]) -> str:
    """Tell what is to be fitted: a table by its target or without one, a text, images.

    Raises
    ------
    UsageError
        If a target and the reading of a text are asked for.
    """
    target, reading = given.get("target"), given.get("reading")
    if target is not None and reading is not None:
        raise UsageError(
            f"--target {target!r} names a column of a table, and --as {reading!r} reads a text",
            "give one of the two",
        )
    from rung.kinds.kind import recognise

    return recognise(data, given).name


def refuse_options_of_others(data: str, given: Mapping[str, Any], kind: str) -> None:
    """Raise if an option is given that only another kind of data knows.

    Raises
    ------
    UsageError
        With the kinds that know it.
    """
    article = "an" if kind[0] in "aeiou" else "a"
    known = {option.name for option in declared(options_of_kinds()[kind])}
    for option in every_option():
        if option.name in given and option.name not in known:
            others = " and ".join(f"{other}s" for other in option.data)
            read = (
                f"read as {article} {kind}"
                if kind not in UNTARGETED
                else "a table to compare densities"
            )
            raise UsageError(
                f"option {option.shell_flag} is for {others}{UNTARGETED.get(kind, '')}, and without "
                f"--target {data!r} is {read}",
                "name the column to predict with --target, or drop the option",
            )


def refuse_idle_options(given: Mapping[str, Any]) -> None:
    """Raise if an option is given that changes nothing where a text is checked: none is divided.

    Examples
    --------
    >>> refuse_idle_options({"reading": "lines", "encoding": "latin-1"})
    """
    for name in given:
        if name not in ("reading", "encoding"):
            raise UsageError(
                f"option --{name.replace('_', '-')} changes nothing where a text is checked, as "
                "none of it is sealed",
                "drop the option",
            )


def refuse_swapped(model: str, data: str) -> None:
    """Raise if a table stands where the model should, and the model where the table should.

    Examples
    --------
    >>> refuse_swapped("run/model.rung", "new.csv")
    """
    from rung.kinds.text.lines_or_stream import has_table_suffix

    is_table = has_table_suffix(model)
    if is_table and (data.lower().endswith(".rung") or Path(data, "model.rung").exists()):
        raise UsageError(
            f"{model!r} stands where the model should, and {data!r} where the table should",
            f"swap them: rung predict {data} {model}",
        )
