"""Sentences that name flags of the shell, told with the keywords of Python.

Messages are written once, as the shell spells options. What Python shows of them (a traceback, a
warning, `run.findings`) names the keyword that does the same.
"""

from __future__ import annotations

import re

# Options without a value; a test holds that these are all that are declared.
SWITCHES = frozenset(
    {
        *("force", "resume", "partial", "quick", "independent", "explain", "ledger", "header"),
        *(
            "keep-sentinels",
            "keep-tokens",
            "leave-out",
            "strict",
            "polynomial",
            "json",
            "applicability",
        ),
        *("quiet", "debug", "list"),
    }
)
# Flags that have another name in Python.
KEYWORDS = {"as": "reading", "json": "as_json"}
# Words that are values where they follow a flag; others may be the sentence going on.
_VALUES = frozenset(
    {
        *("regression", "binary", "multiclass", "lines", "text", "simplest", "leader"),
        *("cpu", "cuda", "json", "onnx", "rmse", "mae"),
    }
)
_FLAG = re.compile(
    r"(?<![\w-])--(?P<no>no-)?(?P<name>[a-z][a-z-]*)"
    r"(?:[ =](?P<value>'[^']*'|[\w.%/]+(?:,[\w.%/]+)*|[.,;](?=\s|$)))?"
)


def in_python(text: str) -> str:
    """Say options as keywords of Python where a sentence has them as flags of the shell.

    Examples
    --------
    >>> in_python("use --drop COL, or add --task multiclass; --independent declares it")
    "use drop='COL', or add task='multiclass'; independent=True declares it"
    >>> in_python("give --space LON,LAT and --gap to --folds 5, with --no-ledger")
    "give space=['LON', 'LAT'] and gap to folds=5, with ledger=False"
    """
    return _FLAG.sub(_keyword, text)


def _keyword(found: re.Match[str]) -> str:
    name, value = found["name"], found["value"] or ""
    keyword = KEYWORDS.get(name, name.replace("-", "_"))
    if name in SWITCHES or found["no"]:
        rest = f" {value}" if value else ""
        return f"{keyword}={not found['no']}{rest}"
    whole = value.rstrip(".") or value
    if not (whole in _VALUES or whole.isupper() or re.match(r"'|\d|.*[,.;]", whole)):
        return f"{keyword} {value}".rstrip()
    return f"{keyword}={_literal(whole)}{value[len(whole) :]}"


def _literal(value: str) -> str:
    if value.startswith("'") or re.fullmatch(r"\d+(\.\d+)?", value):
        return value
    parts = [part for part in value.split(",") if part] or [value]
    return repr(parts if len(parts) > 1 else value)
