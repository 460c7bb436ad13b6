"""Keep a run on disk while it goes on, so that it can be killed at any moment and resumed."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from rung.compute import JobJournal
from rung.core.history import History
from rung.core.memory import say_bytes
from rung.core.result import Result
from rung.errors import DiskError, PageNotDrawn, UsageError
from rung.store.journal import Journal as FileJournal
from rung.store.journal import open_journal, start_journal
from rung.store.lock import locked
from rung.store.runfolder import RESULTS, SEAL, RunFolder
from rung.store.seals import SealRecord, read_seal
from rung.typing import JSON

JOURNAL = "journal.rung"


class Keeper(Protocol):
    """What a run tells whoever keeps it."""

    @property
    def name(self) -> str:
        """Name of the run's folder, without the way to it; empty if there is none."""
        ...

    @property
    def token(self) -> str:
        """What tells this run from all others; a resumed run has that of the killed one."""
        ...

    def begin(self, identity: JSON, earlier: SealRecord) -> SealRecord:
        """Take note of what the run is; return the runs that opened this seal before it."""
        ...

    @property
    def journal(self) -> JobJournal | None:
        """Where finished jobs are remembered."""
        ...

    @property
    def is_partial(self) -> bool:
        """Whether to take what is finished, train nothing more and leave the sealed rows closed."""
        ...

    def opening(self, record: SealRecord) -> None:
        """Write down that the sealed rows are about to be opened."""
        ...


@dataclass
class NoKeeper:
    """Keep nothing: a run in memory."""

    journal: JobJournal | None = None
    name: str = ""
    token: str = field(default_factory=secrets.token_hex)
    is_partial: bool = False

    def begin(self, identity: JSON, earlier: SealRecord) -> SealRecord:
        """Return what came before."""
        return earlier

    def opening(self, record: SealRecord) -> None:
        """Write nothing."""


@dataclass
class FolderKeeper:
    """Keep a run in its folder.

    Attributes
    ----------
    folder : RunFolder
        Where the run is written.
    resumes : bool
        Whether to go on with what the folder's journal holds.
    is_partial : bool
        Whether to take what the journal holds and train nothing more.
    """

    folder: RunFolder
    resumes: bool = False
    is_partial: bool = False
    journal: FileJournal | None = field(default=None, init=False)
    token: str = field(default_factory=secrets.token_hex, init=False)

    @property
    def name(self) -> str:
        """Name of the folder, without the way to it."""
        return self.folder.path.resolve().name.encode("utf-8", "backslashreplace").decode()

    @property
    def _path(self) -> Path:
        return self.folder.path / JOURNAL

    def begin(self, identity: JSON, earlier: SealRecord) -> SealRecord:
        """Start the journal, or open the one of the killed run.

        Raises
        ------
        UsageError
            If the folder holds another run's journal.
        """
        found = open_journal(self._path) if self.resumes else None
        if found is None:
            head = {"run": identity, "runs_before": len(earlier.runs), "token": self.token}
            self.journal = start_journal(self._path, head)
            return earlier
        changed = _changed(found.identity["run"], identity)
        if changed:
            found.close()
            raise UsageError(
                f"the unfinished run in {str(self.folder.path)!r} is another one: "
                f"{', '.join(changed)} changed",
                "give the same data and options, or start over with --force",
            )
        self.journal = found
        self.token = found.identity["token"]
        return SealRecord(earlier.seal, earlier.runs[: found.identity["runs_before"]])

    def opening(self, record: SealRecord) -> None:
        """Write `seal.json` before the rows are opened: no opening goes unrecorded."""
        self.folder.write_json(SEAL, record.to_dict())

    def close(self) -> None:
        """Leave the journal for a later resume."""
        if self.journal is not None:
            self.journal.close()

    def finish(self) -> None:
        """Remove the journal, as the run is whole; that of a partial run stays for a resume."""
        if self.is_partial:
            self.close()
        elif self.journal is not None:
            self.journal.remove()


def open_folder(out: Path, *, force: bool, resumes: bool, is_partial: bool = False) -> FolderKeeper:
    """Make the folder of a run, or take over the one of a killed run.

    Raises
    ------
    UsageError
        If the folder holds something else, or there is nothing to resume in it.
    """
    is_unfinished = (out / JOURNAL).exists()
    if is_partial and not is_unfinished:
        raise UsageError(
            f"run folder {str(out)!r} holds no run that was stopped; there is nothing to take",
            "leave out --partial",
        )
    if resumes and not is_unfinished and (out / RESULTS).exists():
        raise UsageError(
            f"run folder {str(out)!r} holds a finished run; there is nothing to resume",
            "read its report.html, or replace it with --force",
        )
    if is_unfinished and not (resumes or force):
        raise UsageError(
            f"run folder {str(out)!r} holds an unfinished run",
            "go on with --resume, or start over with --force",
        )
    folder = RunFolder.create(out, force=force or (resumes and is_unfinished))
    return FolderKeeper(folder, resumes, is_partial)


@contextlib.contextmanager
def kept_folder(
    out: Path, *, force: bool, resume: bool, partial: bool = False
) -> Iterator[FolderKeeper]:
    """Make the folder of a run and leave it as it should be, whatever happens in between.

    No other run may write to it meanwhile. What was made for a run that failed at once is taken
    away; the journal of one that ended on its way stays for a resume.
    """
    is_new = not out.exists()
    try:
        with locked(out):
            keeper = open_folder(out, force=force, resumes=resume or partial, is_partial=partial)
            try:
                yield keeper
            except PageNotDrawn:
                keeper.finish()
                raise
            except BaseException as error:
                keeper.close()
                if isinstance(error, (KeyboardInterrupt, DiskError, MemoryError)):
                    _say_how_to_go_on(error, keeper)
                raise
            keeper.finish()
    except BaseException:
        if is_new:
            with contextlib.suppress(OSError):  # it holds something by now
                out.rmdir()
        raise


def _say_how_to_go_on(error: BaseException, keeper: FolderKeeper) -> None:
    """Add to an error that is nobody's mistake that the run can be resumed."""
    if keeper.journal is None:
        return
    again = "go on with the same command and --resume"
    if isinstance(error, DiskError):
        error.remedy = f"{error.remedy}; then {again}"
    else:
        error.add_note(
            f"what is finished is kept ({say_bytes(keeper.journal.size)} in "
            f"{str(keeper.folder.path)!r}): {again}, or take the families that are scored, "
            "as a partial run, with --partial"
        )


def write_page(folder: RunFolder, result: Result, history: History) -> None:
    """Draw the page of a run whose results are written.

    Raises
    ------
    PageNotDrawn
        If a fault of rung keeps it from being drawn; all other files are whole.
    """
    from rung.report.html import render

    try:
        page = render(result, history).encode("utf-8")
    except Exception as error:
        raise PageNotDrawn(
            f"the page could not be drawn ({type(error).__name__}: {error}); all results are "
            f"written to {str(folder.path)!r}",
            "read results.json, and report the trace that --force --debug shows",
        ) from error
    folder.write_bytes("report.html", page)


def earlier_record(out: Path) -> SealRecord | None:
    """Return the seal of the run that a folder holds, if it holds one."""
    return read_seal(out / SEAL) if (out / SEAL).exists() else None


def _changed(before: JSON, now: JSON) -> list[str]:
    return [name for name in now if before.get(name) != now[name]]
