"""Note an opening before it happens: in the run's folder and in the user's ledger.

What is known of earlier openings of the same rows comes from both, and depends on where and when a
run is made; it is handed back as a `History`, apart from the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rung.clock import utc
from rung.core.findings import Finding
from rung.core.history import History, Opened
from rung.core.marks import TARGET, MarkedRows, Marks, make_marks, read_marks
from rung.core.result import plain
from rung.core.seal import Seal
from rung.store.ledger import VARIABLE, Noted, note
from rung.store.seals import SealRecord, digest
from rung.typing import JSON
from rung.workbench.keeping import Keeper

# Options that change no number, or only by what else is recorded.
NOT_ASKED = ("ledger", "memory", "device", "delimiter", "header")


def asked_of(record: Mapping[str, Any], **found: Any) -> JSON:
    """Return what a run asks: its options, and what it made of those that were left open."""
    return {key: value for key, value in record.items() if key not in NOT_ASKED} | found


@dataclass(frozen=True)
class _Known:
    """An earlier opening of whatever rows, as a seal file or the ledger has it."""

    content: str
    asked: Mapping[str, str]
    rows: Marks
    run: str = ""
    when: str = ""
    is_here: bool = False


def note_opening(
    earlier: SealRecord,
    run: JSON,
    rows: MarkedRows,
    keeper: Keeper,
    *,
    ledger: bool,
    replayed: Seal | None = None,
) -> History:
    """Write down that sealed rows are about to be opened, and say what is known of them.

    Parameters
    ----------
    earlier : SealRecord
        The runs that the folder, or a replayed seal, has on record.
    run : dict
        The run's own entry, from `record_run`.
    rows : MarkedRows
        The sealed rows.
    keeper : Keeper
        Keeps the folder.
    ledger : bool
        Whether to keep the ledger.
    replayed : Seal, optional
        The seal that was asked for.
    """
    when = utc()
    keeper.opening(earlier.add(run))
    changed_table = _replay_finding(earlier, rows, replayed) if replayed is not None else ()
    if not run["opened"]:
        return History(findings=changed_table)
    entry = {
        "id": keeper.token,
        "when": when,
        "run": keeper.name,
        "content": digest(run),
        "asked": _digests(run["asked"]),
        "rows": run["rows"],
    }
    noted = note(entry) if ledger else Noted()
    known, n_unreadable = _read(noted.earlier)
    found = _overlapping(_join(earlier, known, keeper.name), rows, _digests(run["asked"]))
    return History(
        is_opened=True,
        when=when,
        earlier=found,
        ledger="off" if not ledger else "not written" if noted.problem else "written",
        findings=(
            *_reopened_finding(found, rows.counted),
            *changed_table,
            *_ledger_findings(noted, n_unreadable),
        ),
    )


def _digests(asked: Mapping[str, Any]) -> dict[str, str]:
    """Return a short digest of each thing asked: the ledger holds no names of columns."""
    return {name: digest({"": value})[:16] for name, value in asked.items()}


def _read(entries: Sequence[JSON]) -> tuple[list[_Known], int]:
    """Read entries of the ledger; count those that make no sense."""
    known = []
    for entry in entries:
        try:
            rows = read_marks(entry["rows"])
            content, run, when = (str(entry[name]) for name in ("content", "run", "when"))
            known.append(_Known(content, dict(entry["asked"]), rows, run, when))
        except (KeyError, TypeError, ValueError):
            continue
    return known, len(entries) - len(known)


def _join(earlier: SealRecord, ledger: list[_Known], name: str) -> list[_Known]:
    """Return all openings once: one on record in the folder is mostly in the ledger, too."""
    joined, unknown, used = list(ledger), [], set[int]()
    for run in earlier.runs:
        if not run["opened"]:
            continue
        content = digest(run)
        places = [i for i, one in enumerate(joined) if one.content == content and i not in used]
        if not places:
            unknown.append(
                _Known(content, _digests(run["asked"]), read_marks(run["rows"]), is_here=True)
            )
            continue
        best = next((i for i in places if joined[i].run == name), places[0])
        joined[best] = replace(joined[best], is_here=joined[best].run == name)
        used.add(best)
    return [*unknown, *joined]


def _overlapping(
    known: Sequence[_Known], rows: MarkedRows, asked: Mapping[str, str]
) -> tuple[Opened, ...]:
    found = []
    for one in known:
        share = one.rows.share_of(rows)
        if not share:
            continue
        changed = {name for name in {*one.asked, *asked} if one.asked.get(name) != asked.get(name)}
        if one.rows.share_of(rows, with_column=TARGET):
            changed.discard("target")  # the same values under another name
        found.append(Opened(share, one.run, one.when, one.is_here, tuple(sorted(changed))))
    return tuple(found)


def _reopened_finding(earlier: Sequence[Opened], counted: str) -> tuple[Finding, ...]:
    """Say that sealed rows had been opened, and what was changed since."""
    if not earlier:
        return ()
    same = [one for one in earlier if not one.is_for_another_target]
    changed = sorted({name for one in same for name in one.changed})
    most = max(one.share for one in same or earlier)
    seen = f"{'' if most >= 1 else f'up to {most:.0%} of '}the sealed {counted} had been opened"
    n, remedy = len(same or earlier), "report every opening; a new sealed test needs new data"
    said = f"{seen} {n} time(s) before this run"
    if not same:
        return (Finding("opened_for_others", "info", (), f"{said}, for other targets", remedy),)
    if not changed:
        # the same question again gets the same answer: nothing was learned from looking
        return (Finding("reopened", "info", (), f"{said}, by the same question", remedy),)
    what = f"{', '.join(changed)} changed since: this result is post hoc"
    return (Finding("post_hoc", "warning", (), f"{said}; {what}", remedy),)


def _replay_finding(earlier: SealRecord, rows: MarkedRows, replayed: Seal) -> tuple[Finding, ...]:
    """Compare the rows that a replayed seal closes now with those that it closed last."""
    seal = plain(replayed)
    last = next((run for run in reversed(earlier.runs) if run["seal"] == seal), None)
    if last is None or last["rows"] is None:
        return ()
    then = read_marks(last["rows"])
    if rows.n and make_marks(rows).digest == then.digest and rows.n == then.n:
        return ()
    left = round(then.share_in(rows) * then.n) if rows.n else 0
    gone = then.n - left
    what = f"{gone:,} of them are gone or changed" if gone else "all of those are still among them"
    return (
        Finding(
            "seal_changed",
            "warning" if gone else "info",
            (),
            f"the table is not the one that was sealed: {then.n:,} rows were sealed then, "
            f"{rows.n:,} are now; {what}",
            "give the table that was sealed, or report which rows were left out"
            if gone
            else "the table has grown; its earlier rows stand where they stood",
        ),
    )


def _ledger_findings(noted: Noted, n_unreadable: int) -> tuple[Finding, ...]:
    found = []
    if noted.problem:
        found.append(
            Finding(
                "ledger_not_written",
                "warning",
                (),
                f"the ledger could not be written ({noted.problem}): openings elsewhere are not "
                "known, and later runs elsewhere will not know of this one",
                f"set {VARIABLE} to a folder that you may write to, or switch it off (--no-ledger)",
            )
        )
    n_damaged = noted.n_damaged + n_unreadable
    if n_damaged:
        found.append(
            Finding(
                "ledger_damaged",
                "warning",
                (),
                f"the ledger is damaged in {n_damaged} place(s): openings elsewhere may be missing",
                "put back a copy of openings.jsonl, or move it away to begin a new one",
            )
        )
    return tuple(found)
