"""Lay a long training down beside the journal of its run while it goes on, and take it up again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rung.core.family import State
from rung.errors import BadModelFile, DiskError, UsageError
from rung.store.checkpoint import load_checkpoint, save_checkpoint
from rung.store.durable import PART_PREFIX, PART_SUFFIX, canonical_json

# Unfinished files of a run are named like this, so whoever clears up after one knows them.
PREFIX = f"{PART_PREFIX}training-"


@dataclass(frozen=True)
class CheckpointFile:
    """Keep the state of one training in one file: whole, or absent.

    Attributes
    ----------
    path : Path
        The file.
    identity : mapping
        Whose training it is; that of another run is never taken up.
    """

    path: Path
    identity: Mapping[str, Any]

    def lay(self, state: State) -> None:
        """Replace what lay here; after a crash there is the old state or the new one.

        Raises
        ------
        DiskError
            If it cannot be written.
        """
        try:
            save_checkpoint(self.path, state, identity=self.identity)
        except UsageError as error:  # the folder of a run at work cannot be written to any more
            raise DiskError(error.message, error.remedy) from error

    def take(self) -> State | None:
        """Return what was laid down last; None if there is nothing that can be read."""
        try:
            return load_checkpoint(self.path, identity=self.identity)
        except BadModelFile:
            return None


def shelf_for(folder: Path, run: Mapping[str, Any], key: Sequence[str | int]) -> CheckpointFile:
    """Return the place of one training of a run.

    Parameters
    ----------
    folder : Path
        Folder of the run.
    run : mapping
        What the run is; JSON-ready.
    key : sequence of str or int
        Which of its trainings, the family first.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     shelf = shelf_for(Path(folder), {"seed": 0}, ("gpt", 0))
    ...     shelf.lay(State({"step": 8}))
    ...     shelf.take().spec, shelf_for(Path(folder), {"seed": 1}, ("gpt", 0)).take()
    ({'step': 8}, None)
    """
    whose = hashlib.sha256(canonical_json(dict(run))).hexdigest()
    named = hashlib.sha256(canonical_json([str(part) for part in key])).hexdigest()[:16]
    return CheckpointFile(
        folder / f"{PREFIX}{named}{PART_SUFFIX}",
        {"run": whose, "training": [str(part) for part in key]},
    )


def clear_shelves(folder: Path) -> None:
    """Remove every training that was laid down in a folder."""
    for path in folder.glob(f"{PREFIX}*{PART_SUFFIX}"):
        path.unlink(missing_ok=True)
