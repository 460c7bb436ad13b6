"""Print what a model file holds, the ladder of families, and findings as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any, TypeGuard

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rung.check import Check
from rung.core.family import Family
from rung.core.findings import Finding
from rung.core.result import TextSample, plain
from rung.extras import EXTRA_OF, named_here
from rung.report.numbers import clean, interval, number, percent, shorten
from rung.report.summary import settings_lines
from rung.report.words import metric_words

LONGEST_VALUE = 300


def show_families(families: Sequence[Family], console: Console) -> None:
    """Print each ladder from simple to complex."""
    for inputs in dict.fromkeys(family.inputs for family in families):
        _show_ladder([family for family in families if family.inputs == inputs], console)


def _show_ladder(families: Sequence[Family], console: Console) -> None:
    ladder = sorted(families, key=lambda family: family.step)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading, justify in (("Step", "right"), ("Name", "left"), ("Family", "left")):
        table.add_column(heading, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    table.add_column("Tasks")
    table.add_column("Installed")
    for family in ladder:
        table.add_row(
            str(family.step),
            Text(family.name),
            Text(family.title),
            Text(", ".join(family.tasks)),
            Text(installed(family.needs)),
        )
    console.print(table)
    console.print()
    for family in ladder:
        sources = "; ".join(family.sources)
        console.print(Text.assemble((family.name, "bold"), f"  {sources}"))
    console.print()


def show_numbers(rows: Sequence[Mapping[str, Any]], console: Console) -> None:
    """Print the numbers behind a picture, one line a row; lists are left to the picture."""
    plain_keys = [key for key, value in rows[0].items() if not isinstance(value, list)]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for key in plain_keys:
        table.add_column(key.replace("_", " "), justify="right")
    for row in rows:
        table.add_row(*(Text(_short(row[key])) for key in plain_keys))
    console.print(table)


def _short(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.5f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def installed(needs: Sequence[str]) -> str:
    """Say `yes`, or the command that adds what a family needs.

    Examples
    --------
    >>> installed(("json",))
    'yes'
    >>> installed(("no_such_library",))
    'pip install no_such_library'
    """
    absent = [name for name in needs if find_spec(name) is None]
    if not absent:
        return "yes"
    extras = sorted({EXTRA_OF[name] for name in absent if name in EXTRA_OF})
    plain = [name for name in absent if name not in EXTRA_OF]
    named = [named_here(f"'rung[{extra}]'") for extra in extras]
    return "pip install " + " ".join([*plain, *named])


def show_checks(checks: Sequence[Check], console: Console) -> None:
    """Print what a table is checked for: code, gravest severity, title, source and remedy."""
    for check in checks:
        console.print(Text.assemble((check.code, "bold"), f"  {check.severity}: {check.title}"))
        console.print(Text(f"    source: {check.source}"))
        console.print(Text(f"    remedy: {check.remedy}"))


def checks_json(checks: Sequence[Check]) -> str:
    """Write checks as JSON.

    Examples
    --------
    >>> checks_json([]).split()
    ['{', '"checks":', '[]', '}']
    """
    told = ("code", "title", "severity", "needs_target", "source", "remedy")
    listed = {"checks": [{key: getattr(check, key) for key in told} for check in checks]}
    return json.dumps(listed, indent=2, ensure_ascii=False) + "\n"


def findings_json(findings: Sequence[Finding]) -> str:
    """Write findings as JSON, names as the file spells them.

    Examples
    --------
    >>> findings_json([]).split()
    ['{', '"findings":', '[]', '}']
    """
    listed = {"findings": [plain(finding) for finding in findings]}
    return json.dumps(listed, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def samples_json(samples: Sequence[TextSample]) -> str:
    """Write samples as JSON, each with the share of it that stands in the training text."""
    listed = {"samples": [plain(sample) for sample in samples]}
    return json.dumps(listed, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def samples_text(samples: Sequence[TextSample]) -> str:
    """Write samples one after the other; what was copied is marked.

    Examples
    --------
    >>> print(samples_text([TextSample("emma", 1.0), TextSample("evala", 0.0)]), end="")
    emma  [in the training text]
    evala
    """
    return "".join(f"{_printable(sample.text)}{_mark(sample)}\n" for sample in samples)


def _mark(sample: TextSample) -> str:
    if not sample.copied:
        return ""
    if sample.copied == 1:
        return "  [in the training text]"
    return f"\n[{percent(sample.copied)} of these characters stand so in the training text]"


def _printable(text: str) -> str:
    """Keep line ends; other control characters become visible codes."""
    return "\n".join(clean(line) for line in text.split("\n"))


def show_model(described: Mapping[str, Any], console: Console) -> None:
    """Print the description of a model file, one line a fact; `--json` has every detail."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True, max_width=24)
    table.add_column(overflow="fold")
    for name, value in described.items():
        text = SPEAKERS.get(name, _plain)(value)
        if text:
            table.add_row(Text(clean(name).replace("_", " ")), Text(shorten(text, LONGEST_VALUE)))
    console.print(table)


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{clean(key)} {_plain(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(item) for item in value)
    return clean(value)


def _columns(value: object) -> str:
    """Name the columns with their kinds and units."""
    if not _are_mappings(value):
        return _plain(value)
    return ", ".join(f"{clean(column.get('name', ''))} ({_facts(column)})" for column in value)


def _facts(column: Mapping[str, Any]) -> str:
    """Name kind, unit, and the numbers that are read as missing."""
    facts = [clean(column.get(key, "")) for key in ("kind", "unit")]
    blanks = [f"{value:g} is missing" for value in column.get("sentinels", ())]
    return ", ".join(fact for fact in [*facts, *blanks] if fact)


def _settings(value: object) -> str:
    """Say what the folds chose."""
    return "; ".join(settings_lines(value)) if _are_mappings(value) else _plain(value)


def _choice(value: object) -> str:
    """Give the sentence, which holds the rest."""
    return _plain(value.get("sentence", value) if isinstance(value, Mapping) else value)


def _scores(value: object) -> str:
    """Write scores with their intervals, one line a metric."""
    if not isinstance(value, Mapping) or not _are_mappings(list(value.values())):
        return _plain(value)
    return "\n".join(f"{metric_words(clean(key)).title} {_score(s)}" for key, s in value.items())


def _score(score: Mapping[str, Any]) -> str:
    middle = score.get("mean", score.get("value"))
    ends = [
        math.nan if end is None else end for end in (middle, score.get("low"), score.get("high"))
    ]
    if not all(isinstance(end, (int, float)) for end in ends):
        return _plain(score)
    shown = interval(*ends)
    return f"{shown['value']} ({shown['range']})"


def _are_mappings(value: object) -> TypeGuard[Sequence[Mapping[str, Any]]]:
    return isinstance(value, (list, tuple)) and all(isinstance(item, Mapping) for item in value)


SPEAKERS: Mapping[str, Callable[[object], str]] = {
    "columns": _columns,
    "settings": _settings,
    "choice": _choice,
    "scores": _scores,
    "test": _scores,
}
