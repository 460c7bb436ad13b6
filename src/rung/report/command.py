"""Write the command line that repeats a run."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from rung.core.memory import DEFAULT_LIMIT
from rung.core.result import Result
from rung.families import find
from rung.report.numbers import clean

FLAGS = {
    "reading": "--as",
    "features": "--features",
    "drop": "--drop",
    "groups": "--groups",
    "time": "--time",
    "gap": "--gap",
    "rolling": "--rolling",
    "space": "--space",
    "block_size": "--block-size",
    "buffer": "--buffer",
    "weight": "--weight",
    "metric": "--metric",
    "margin": "--margin",
    "positive": "--positive",
    "task": "--task",
    "folds": "--folds",
    "repeats": "--repeats",
    "families": "--families",
    "seed": "--seed",
    "test_fraction": "--test-fraction",
    "choose": "--choose",
    "memory": "--memory",
    "device": "--device",
    "seal": "--seal",
    "delimiter": "--delimiter",
    "encoding": "--encoding",
    "decimal": "--decimal",
    "missing": "--missing",
}
DEFAULTS = {
    "repeats": 1,
    "seed": 0,
    "test_fraction": 0.2,
    "choose": "simplest",
    "memory": DEFAULT_LIMIT,
    "device": "auto",
}


def fit_command(result: Result) -> list[str]:
    """Return the words of the `rung fit` line that repeats this run, each quoted for a shell.

    Threads and the output folder are left out, as they never change the result. So are options
    at their defaults, and folds and families that were given as Python objects.
    """
    source = _value(result.dataset.source)
    safe_source = f"./{source}" if source.startswith("-") else source
    is_text = "text" in result.sections
    words = ["rung", "fit", safe_source]
    words += [] if is_text else [f"--target={_value(result.target)}"]
    defaults = {**DEFAULTS, "test_fraction": None} if is_text else DEFAULTS
    for name, flag in FLAGS.items():
        value = result.options.get(name)
        is_object = name == "folds" and isinstance(value, str)
        if name == "families" and value is not None:
            value = [family for family in value if family not in families_from_python(result)]
        if name == "groups" and isinstance(value, str):
            value = [value]
        if value is not None and value != defaults.get(name) and not is_object:
            words.extend(_option(flag, value))
    if result.options.get("header") is False:
        words.append("--no-header")
    if result.options.get("ledger") is False:
        words.append("--no-ledger")
    if result.options.get("keep_sentinels") is True:
        words.append("--keep-sentinels")
    if result.options.get("keep_tokens") is True:
        words.append("--keep-tokens")
    return [shlex.quote(word) for word in words]


def families_from_python(result: Result) -> list[str]:
    """Return the families of a run that no command line can name, as they were Python objects."""
    asked = result.options.get("families") or ()
    inputs = "text" if "text" in result.sections else "table"
    return [name for name in asked if find(name, inputs) is None]


def _option(flag: str, value: object) -> list[str]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [f"{flag}={_value(value)}"]
    items = [_value(item) for item in value]
    if not items:
        return []
    if len(items) == 1:
        return [f"{flag}={_guarded(items[0])}"]
    if any("," in item or '"' in item for item in items):
        return [f"{flag}={item}" for item in items]
    return [f"{flag}={','.join(items)}"]


def _guarded(item: str) -> str:
    """Quote a lone name, because a lone value is split at its commas."""
    if "," not in item and '"' not in item:
        return item
    return '"' + item.replace('"', '""') + '"'


def _value(value: object) -> str:
    return "\\t" if value == "\t" else clean(value)
