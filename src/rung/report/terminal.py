"""Show a result and the progress of a run in a terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.measure import Measurement
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from rung.core.events import Event
from rung.core.findings import Finding
from rung.core.history import History
from rung.core.result import Result
from rung.extras import named_here
from rung.plugins import left_out
from rung.report import words
from rung.report.numbers import ABSENT, clean, shorten
from rung.report.sections import console_texts
from rung.report.standing import heading, metric_lines, score_line
from rung.report.summary import SEVERITIES, summarise
from rung.typing import JSON

NAME_WIDTH = 40
NARROW_NAME_WIDTH = 14
WIDE = 100
UNBOUND = 10_000
# Beside the metric of the comparison stands what most fields read.
BESIDE = ("photoz_nmad", "bias", "accuracy", "r2", "odds_share")
TERMS = (
    "choice: selected model; as good: non-inferior; worse: inferior;\n"
    "undecided: inconclusive; sealed test: held-out test set, used once"
)
LABEL_WIDTH = 28
NUMBER_WIDTH = 22
TEXT_LIMIT = 300
MOST_NAMES = 3
MOST_LEFT_OUT = 20
LEFT_OUT_CODES = ("identifier", "constant", "all_missing")
VERDICT_STYLES = {"as good": "green", "worse": "dim", "undecided": "yellow"}
SEVERITY_STYLES = {"alarm": "bold red", "warning": "yellow"}


def show(result: Result, console: Console, history: History | None = None) -> None:
    """Print the ladder, the verdict and the sealed test; `show_notes` says what else matters.

    Parameters
    ----------
    result : Result
        Outcome of a run.
    console : rich.console.Console
        Where to print; 80 columns are enough, and no meaning hangs on colour.
    history : History, optional
        Earlier openings of its sealed rows.
    """
    summary = summarise(result, history)
    console.print()
    table = _table(summary, console.width)
    table.width = Measurement.get(console, console.options.update(width=UNBOUND), table).maximum
    console.print(table, crop=False)
    for line in _skipped_lines(summary):
        console.print(line)
    for meaning in metric_lines(summary["metric"]):
        console.print(Text(meaning, "dim"))
    for line in _dependence_lines(summary):
        console.print(line)
    console.print(Text(TERMS, "dim"))
    console.print()
    console.print(Text(summary["headline"]["use"], "bold"))
    console.print(_verdict(summary))
    console.print(Text(f"What would change it: {summary['headline']['change']}"))
    console.print(_test(summary))
    for title, text in console_texts(result, summary):
        lines = "\n".join(clean(line) for line in text.splitlines())
        console.print(Text.assemble((f"{clean(title)} ", "bold"), lines))


def show_notes(
    result: Result, console: Console, *, brief: bool = False, history: History | None = None
) -> None:
    """Print alarms, warnings, and the columns that are left out, each with its reason.

    Parameters
    ----------
    result : Result
        Outcome of a run.
    console : rich.console.Console
        Where to print: standard error, so that what follows a pipe is the result alone.
    brief : bool, default False
        Print alarms and warnings only.
    history : History, optional
        Earlier openings of its sealed rows.
    """
    findings = summarise(result, history)["findings"]
    for finding in findings:
        if finding["severity"] in SEVERITY_STYLES:
            console.print(_finding(finding))
    left_out = [one for one in findings if one["code"] in LEFT_OUT_CODES and not brief]
    for finding in left_out[:MOST_LEFT_OUT]:
        names = ", ".join(shorten(name, NAME_WIDTH) for name in finding["columns"])
        console.print(_marked(Text("left out ", "dim"), f"{names}: {finding['message']}"))
    if len(left_out) > MOST_LEFT_OUT:
        more = f"and {len(left_out) - MOST_LEFT_OUT} more columns; rung check names them all"
        console.print(_marked(Text("left out ", "dim"), more))


def _table(summary: JSON, width: int) -> Table:
    beside = next((key for key in BESIDE if key in _other_keys(summary)), "")
    is_wide = width >= WIDE
    room = width if is_wide else NARROW_NAME_WIDTH
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("Family", no_wrap=True)
    table.add_column(
        Text(shorten(summary["metric"]["with_unit"], NUMBER_WIDTH)), justify="right", no_wrap=True
    )
    if beside:
        table.add_column(words.metric_words(beside).title, justify="right", no_wrap=True)
    table.add_column("worse by", justify="right", no_wrap=True)
    table.add_column("Verdict", no_wrap=True)
    table.add_column("", no_wrap=True)
    for rung in summary["scored"]:
        style = "bold" if rung["is_choice"] else ""
        table.add_row(
            Text(_called(rung, room)),
            Text(_plus_minus(rung["score"])),
            *([Text(_plain_value(rung["scores"][beside]))] if beside else []),
            Text(_plus_minus(rung["difference"])),
            Text(rung["verdict"], VERDICT_STYLES.get(rung["verdict"], "")),
            Text(_marks(rung) if is_wide else _mark(rung)),
            style=style,
        )
    return table


def _called(rung: JSON, room: int) -> str:
    """Name a family; by its short form where there is no room for its title."""
    if len(rung["title"]) <= room:
        return str(rung["title"])
    return words.SHORT_TITLES.get(rung["family"], shorten(rung["title"], room))


def _other_keys(summary: JSON) -> set[str]:
    return {metric["key"] for metric in summary["other_metrics"]}


def _plain_value(shown: JSON | None) -> str:
    return ABSENT if shown is None else str(shown["value"])


def _plus_minus(shown: JSON | None) -> str:
    if shown is None:
        return ABSENT
    if shown["half"] in (ABSENT, "0"):
        return str(shown["value"])
    return f"{shown['value']} ± {shown['half']}"


def _marks(rung: JSON) -> str:
    marks = {"is_choice": "choice", "is_leader": "leader"}
    return ", ".join(word for key, word in marks.items() if rung[key])


def _mark(rung: JSON) -> str:
    """Return the mark that matters most, where there is no room for two."""
    return _marks(rung).partition(",")[0]


def _skipped_lines(summary: JSON) -> list[Text]:
    """Say a reason once for all families that it holds for."""
    titles: dict[str, list[str]] = {}
    for rung in summary["skipped"]:
        titles.setdefault(named_here(rung["reason"]), []).append(rung["title"])
    mark = Text("skipped ", "dim")
    between = "; " if "," in "".join(chain(*titles.values())) else ", "
    return [_marked(mark, f"{between.join(names)}: {why}") for why, names in titles.items()]


def _dependence_lines(summary: JSON) -> list[Text]:
    """Say how dependent rows were divided, and how many independent ones they are worth."""
    folds = summary["folds"]
    found = folds["dependence"]
    if found is None:
        return []
    worth = (
        f"intervals rest on {folds['n_units']} {found['counted']}; {folds['n_scored']} rows tell "
        f"as much as about {found['n_effective']} independent ones"
    )
    return [_marked(Text("folds   ", "dim"), line) for line in (found["said"], worth)]


def _verdict(summary: JSON) -> Text:
    choice = summary["choice"]
    margin = f" Margin {choice['margin']} {summary['metric']['unit']}".rstrip()
    source = f" ({choice['margin_source']}), intervals 95%."
    return Text.assemble(summary["headline"]["sure"], margin, source)


def _finding(finding: JSON, *, code: str = "") -> Text:
    severity = finding["severity"]
    style = SEVERITY_STYLES.get(severity, "dim")
    mark = Text.assemble((f"{severity} ", style), (f"{code}  " if code else "", "bold"))
    shown = finding["columns"][:MOST_NAMES]
    named = [name for name in shown if not _names(finding["message"], name)]
    subject = f"{', '.join(shorten(name, NAME_WIDTH) for name in named)}: " if named else ""
    seen = _marked(mark, f"{subject}{finding['message']}")
    if not finding["remedy"]:
        return seen
    return Text.assemble(seen, "\n  → ", shorten(finding["remedy"], TEXT_LIMIT))


def _names(text: str, name: str) -> bool:
    """Tell whether a text holds a name as a word of its own."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def show_findings(findings: Sequence[Finding], console: Console) -> None:
    """Print findings, the gravest first, with the remedy of each, and their number.

    Parameters
    ----------
    findings : sequence of Finding
        What a check found.
    console : rich.console.Console
        Where to print; 80 columns are enough, and no meaning hangs on colour.
    """
    for finding in findings:
        show_finding(finding, console, with_code=True)
    counts = {name: sum(one.severity == name for one in findings) for name in SEVERITIES}
    listed = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
    total = f"Findings: {listed}." if findings else "Nothing found."
    console.print(Text(total, "bold"))


def show_left_out(console: Console) -> None:
    """Print a finding for every plugin, or part of one, that was left out."""
    for finding in left_out():
        show_finding(finding, console)


def show_finding(finding: Finding, console: Console, *, with_code: bool = False) -> None:
    """Print one finding with its remedy."""
    shown = {
        "severity": finding.severity,
        "columns": [clean(name) for name in finding.columns],
        "message": clean(finding.message),
        "remedy": clean(finding.remedy),
    }
    console.print(_finding(shown, code=clean(finding.code) if with_code else ""))


def _test(summary: JSON) -> Text:
    test = summary["test"]
    mark = Text("sealed test ", "bold")
    if not test["is_sealed"]:
        return _marked(mark, f"none: {test['reason'] or 'no rows were set aside'}")
    openings, levels = test["openings"], " and ".join(test["levels"])
    once = "" if openings["again"] else f"{openings['said']}, "
    lines = [
        f"{test['n']} {test['counted']}, {once}{summary['metric']['title']}, {levels} intervals",
        *([f"  {openings['said']}"] if openings["again"] else []),
        *([f"  {openings['unknown']}"] if openings["unknown"] else []),
    ]
    room = max((len(row["title"]) for row in test["rows"]), default=0)
    lines += [
        f"  {row['role_words']:18}  {row['title']:{room}}  {_plus_minus(row['score'])}"
        for row in test["rows"]
    ]
    return Text.assemble(mark, "\n".join(lines))


def _marked(mark: Text, text: str) -> Text:
    """Put a coloured word before a text, and keep very long texts to a few lines."""
    return Text.assemble(mark, shorten(text, TEXT_LIMIT))


class Progress:
    """Listen to a run: a line for each family that is scored, and below what goes on now.

    Where nobody looks, as in a pipe or a batch job, there are the lines alone: one for each family,
    and one for every change of what the verdict would be by now.

    Parameters
    ----------
    console : rich.console.Console
        Usually of standard error.
    quiet : bool
        Draw nothing.
    says_question : bool
        Print lines where nobody looks too, the first says how the question was understood.

    Examples
    --------
    >>> from rich.console import Console
    >>> with Progress(Console(quiet=True), quiet=True) as listener:
    ...     listener(Event("family", family="linear"))
    """

    def __init__(
        self, console: Console, *, quiet: bool = False, says_question: bool = True
    ) -> None:
        self._console = console
        self.is_silent = quiet or not console.is_terminal
        self._says_lines = not quiet and (says_question or console.is_terminal)
        self._bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[count]}", markup=False),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}", markup=False),
            console=console,
            transient=True,
        )
        self._so_far = ""
        self._has_heading = False
        self._verdict: TaskID | None = None
        self._tasks: dict[str, TaskID] = {}
        self._stages: list[TaskID] = []

    def __enter__(self) -> Self:
        if not self.is_silent:
            self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self.is_silent:
            self._bars.stop()

    def __call__(self, event: Event) -> None:
        """Draw one event."""
        if event.kind == "asked":
            self._print(clean(event.text))
            return
        if event.kind in ("scored", "skipped"):
            self._say_how_it_stands(event)
        if self.is_silent:
            return
        if event.kind == "stage":
            self._finish(self._bars.task_ids)
        elif event.kind == "family":
            self._finish(self._stages)  # families end by themselves: some are learned side by side
        task = self._task(event)
        if event.kind == "stage":
            self._stages.append(task)
        if event.kind == "progress":
            count = f"{event.done}/{event.total}"
            self._bars.update(task, completed=event.done, total=event.total, count=count)
        elif event.kind in ("scored", "skipped"):
            self._finish([task])

    def _print(self, line: str, style: str = "") -> None:
        """Print a line, never wrapped; above the bars if there are any."""
        if self._says_lines:
            self._console.print(Text(line.rstrip(), style), soft_wrap=True)

    def _say_how_it_stands(self, event: Event) -> None:
        standing = event.standing
        if standing is not None and not self._has_heading:
            self._print(heading(standing), "bold")
            self._has_heading = True
        self._print(score_line(event))
        if standing is None or standing.so_far in ("", self._so_far):
            return
        self._so_far = standing.so_far
        said = f"so far: {clean(standing.so_far)}"
        if self.is_silent:
            self._print(f"  {said}")
            return
        if self._verdict is None:
            self._verdict = self._bars.add_task("", total=1, count="", note="")
        self._bars.update(self._verdict, description=said, completed=1)

    def _task(self, event: Event) -> TaskID:
        name = event.family or event.text
        if name not in self._tasks:
            title = event.text if event.kind == "family" and event.text else name
            label = f"{shorten(clean(title), LABEL_WIDTH):{LABEL_WIDTH}}"
            self._tasks[name] = self._bars.add_task(label, total=None, count="", note="")
        return self._tasks[name]

    def _finish(self, tasks: Sequence[TaskID]) -> None:
        """Fill the bars and stop the clocks of what has ended; a line above says how it did."""
        for task in self._bars.tasks:
            if task.id in tasks and not task.finished:
                total = task.total or 1
                self._bars.update(task.id, completed=total, total=total, visible=False)
                self._bars.stop_task(task.id)
