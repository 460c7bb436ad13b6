"""Keep a run on disk while it goes on, so that it can be killed at any moment and resumed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from rung.compute import Journal
from rung.core.result import plain
from rung.errors import UsageError
from rung.families import whole_ladder
from rung.store.journal import Journal as FileJournal
from rung.store.journal import open_journal, start_journal
from rung.store.runfolder import RESULTS, SEAL, RunFolder
from rung.typing import JSON
from rung.workbench.machine import machine, versions
from rung.workbench.options import FitOptions
from rung.workbench.prepare import Prepared
from rung.workbench.seals import SealRecord, read_seal

JOURNAL = "journal.rung"


class Keeper(Protocol):
    """What a run tells whoever keeps it."""

    def begin(self, identity: JSON, earlier: SealRecord) -> SealRecord:
        """Take note of what the run is; return the runs that opened this seal before it."""
        ...

    @property
    def journal(self) -> Journal | None:
        """Where finished jobs are remembered."""
        ...

    def opening(self, record: SealRecord) -> None:
        """Write down that the sealed rows are about to be opened."""
        ...


@dataclass
class NoKeeper:
    """Keep nothing: a run in memory."""

    journal: Journal | None = None

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
    """

    folder: RunFolder
    resumes: bool = False
    journal: FileJournal | None = field(default=None, init=False)

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
            head = {"run": identity, "runs_before": len(earlier.runs)}
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
        return SealRecord(earlier.seal, earlier.runs[: found.identity["runs_before"]])

    def opening(self, record: SealRecord) -> None:
        """Write `seal.json` before the rows are opened: no opening goes unrecorded."""
        self.folder.write_json(SEAL, record.to_dict())

    def close(self) -> None:
        """Leave the journal for a later resume."""
        if self.journal is not None:
            self.journal.close()

    def finish(self) -> None:
        """Remove the journal: the run is whole."""
        if self.journal is not None:
            self.journal.remove()


def open_folder(out: Path, *, force: bool, resumes: bool) -> FolderKeeper:
    """Make the folder of a run, or take over the one of a killed run.

    Raises
    ------
    UsageError
        If the folder holds something else, or there is nothing to resume in it.
    """
    is_unfinished = (out / JOURNAL).exists()
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
    return FolderKeeper(folder, resumes)


@contextlib.contextmanager
def kept_folder(out: Path, *, force: bool, resume: bool) -> Iterator[FolderKeeper]:
    """Make the folder of a run and leave it as it should be, whatever happens in between.

    What was made for a run that failed at once is taken away; the journal of one that was killed
    stays for a resume.
    """
    is_new = not out.exists()
    keeper = open_folder(out, force=force, resumes=resume)
    try:
        yield keeper
    except BaseException as error:
        keeper.close()
        if is_new:
            with contextlib.suppress(OSError):  # it holds something by now
                out.rmdir()
        if isinstance(error, KeyboardInterrupt) and keeper.journal is not None:
            error.add_note("what is finished is kept: go on with the same command and --resume")
        raise
    keeper.finish()


def earlier_record(out: Path) -> SealRecord | None:
    """Return the seal of the run that a folder holds, if it holds one."""
    return read_seal(out / SEAL) if (out / SEAL).exists() else None


def identify(prepared: Prepared, options: FitOptions) -> JSON:
    """Say what a run is: all that its results depend on."""
    return {
        "data": prepared.fingerprint,
        "target": options.target,
        "options": plain(options.to_record()),
        "folds": prepared.folds.fingerprint,
        "seal": plain(prepared.sealing.seal),
        "versions": versions(whole_ladder()),
        "machine": machine(),
    }


def _changed(before: JSON, now: JSON) -> list[str]:
    return [name for name in now if before.get(name) != now[name]]
