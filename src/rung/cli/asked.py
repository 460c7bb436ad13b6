"""Turn what was typed into the options of the workbench."""

from __future__ import annotations

import re
from typing import Any

from rung.cli.arguments import FitArguments
from rung.cli.words import column_names, family_names, group_columns

LONGEST_FOLDER_NAME = 60
PLAIN_OPTIONS = (
    "time",
    "gap",
    "rolling",
    "block_size",
    "buffer",
    "weight",
    "metric",
    "margin",
    "positive",
    "task",
    "folds",
    "repeats",
    "seed",
    "test_fraction",
    "choose",
    "threads",
    "memory",
    "device",
    "seal",
    "decimal",
    "delimiter",
    "encoding",
)
TEXT_OPTIONS = (
    "reading",
    "metric",
    "margin",
    "choose",
    "seed",
    "test_fraction",
    "threads",
    "encoding",
)
CHECK_OPTIONS = (
    "time",
    "gap",
    "rolling",
    "block_size",
    "buffer",
    "task",
    "seed",
    "test_fraction",
    "seal",
    "decimal",
    "delimiter",
    "encoding",
)


def default_folder(target: str) -> str:
    """Name the run folder after the target, with letters that every file system accepts.

    Examples
    --------
    >>> default_folder("median house/value")
    'rung-run-median-house-value'
    """
    safe = re.sub(r"[^\w.-]+", "-", target).strip("-.")
    return f"rung-run-{safe[:LONGEST_FOLDER_NAME] or 'target'}"


def fit_options(arguments: FitArguments) -> Any:
    """Hand over what was given; the workbench knows the defaults and checks everything."""
    names = {
        "features": column_names("features", arguments.features),
        "groups": group_columns(arguments.groups),
        "space": column_names("space", arguments.space),
        "drop": column_names("drop", arguments.drop),
        "families": family_names(arguments.families),
        "header": False if arguments.no_header else None,
        "keep_sentinels": arguments.keep_sentinels or None,
        "ledger": False if arguments.no_ledger else None,
        "missing": column_names("missing", arguments.missing),
        "keep_tokens": arguments.keep_tokens or None,
    }
    values = names | {name: getattr(arguments, name) for name in PLAIN_OPTIONS}
    from rung.workbench import FitOptions

    given = {name: value for name, value in values.items() if value is not None}
    return FitOptions(str(arguments.target), **given)
