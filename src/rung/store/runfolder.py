"""Keep the files of one run together; what is not whole never looks whole."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rung.errors import DiskError, UsageError
from rung.store import durable
from rung.store.lock import LOCK
from rung.typing import Array

# What a run found: it is written first, and goes first when a run is replaced. A run is whole once
# its journal is gone.
RESULTS = "results.json"
# Says which rows were opened and how often; it outlives the run that wrote it.
SEAL = "seal.json"
# What was known of the sealed rows when they were opened; it depends on where and when.
OPENINGS = "openings.json"
NAMES = (
    "model.rung",
    RESULTS,
    "timings.json",
    "out_of_fold.parquet",
    "unit_losses.parquet",
    SEAL,
    OPENINGS,
    "report.html",
)
_PROBE_BYTES = 65_536


@dataclass
class RunFolder:
    """Write the files of one run; make it with `RunFolder.create`.

    Attributes
    ----------
    path : Path
        The folder.
    """

    path: Path
    _is_started: bool = field(default=False, init=False, repr=False)

    @classmethod
    def create(cls, path: str | Path, *, force: bool = False) -> RunFolder:
        """Make the folder, or take over an earlier one, and check that it can be written to.

        Nothing of an earlier run is touched before the first file is written, so a run that fails
        on its way leaves the earlier one whole. Files that rung did not write are never touched.

        Parameters
        ----------
        path : path
            The folder; parents are made.
        force : bool, default False
            Accept a folder that holds files, and replace those of an earlier run.

        Returns
        -------
        RunFolder
            Ready for writing.

        Raises
        ------
        UsageError
            If the folder holds files and `force` is off, or it cannot be made.
        DiskError
            If the disk is full.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as parent:
        ...     folder = RunFolder.create(Path(parent) / "run")
        ...     folder.write_json("results.json", {"schema": 1})
        ...     sorted(item.name for item in folder.path.iterdir())
        ['results.json']
        """
        folder = Path(path)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            held = sorted(item.name for item in folder.iterdir() if not _is_own(item))
        except OSError as error:
            raise UsageError(
                f"run folder {str(path)!r} cannot be made: {error.strerror or error}",
                "name a new folder in a place that you may write to, with --out",
            ) from error
        if held and not force:
            shown = ", ".join(repr(name) for name in held[:3]) + (", ..." if held[3:] else "")
            raise UsageError(
                f"run folder {str(path)!r} is not empty; it holds {shown}",
                "name another folder with --out, or replace an earlier run with --force",
            )
        for name in NAMES:
            if (folder / name).is_dir():
                raise UsageError(
                    f"{str(folder / name)!r} is a folder, where a run writes a file",
                    "name another folder with --out",
                )
        _probe(folder)
        return cls(folder)

    def write_bytes(self, name: str, data: bytes) -> None:
        """Write one of the run's files durably.

        Parameters
        ----------
        name : str
            One of `NAMES`.
        data : bytes
            All of it.

        Raises
        ------
        DiskError
            If it cannot be written: a run has nowhere else to go.
        """
        if name not in NAMES:
            raise ValueError(f"{name!r} is not a file of a run: {NAMES}")
        self._start()
        try:
            durable.write_bytes(self.path / name, data)
        except UsageError as error:
            raise DiskError(error.message, error.remedy) from error

    def write_json(self, name: str, value: Any) -> None:
        """Write a JSON file that people can read, with sorted keys."""
        self.write_bytes(name, durable.canonical_json(value, indent=2) + b"\n")

    def write_parquet(self, name: str, columns: Mapping[str, Array]) -> None:
        """Write a table; see `encode_parquet`."""
        self.write_bytes(name, encode_parquet(columns))

    def _start(self) -> None:
        """Before the first write, remove an earlier run, its sign of being whole first."""
        if self._is_started:
            return
        self._is_started = True
        for name in (RESULTS, *NAMES):
            if name != SEAL:
                _remove(self.path / name)
        try:
            parts = [item for item in self.path.iterdir() if _is_part(item)]
        except OSError as error:  # the folder went away while the run was at work
            raise durable.disk_error(error, self.path) from error
        for item in parts:
            _remove(item)


def encode_parquet(columns: Mapping[str, Array]) -> bytes:
    """Return a Parquet file of columns.

    Parameters
    ----------
    columns : mapping of str to ndarray, each (n_rows,)
        Numbers, booleans or strings.

    Returns
    -------
    bytes
        The file.

    Examples
    --------
    >>> import numpy as np
    >>> encode_parquet({"row": np.arange(3)})[:4]
    b'PAR1'
    """
    import polars as pl

    buffer = io.BytesIO()
    pl.DataFrame(dict(columns)).write_parquet(buffer, compression="zstd")
    return buffer.getvalue()


def write_parquet(path: str | Path, columns: Mapping[str, Array]) -> None:
    """Write columns to a Parquet file durably; see `encode_parquet`."""
    durable.write_bytes(path, encode_parquet(columns))


def _is_part(item: Path) -> bool:
    """Tell whether a file is one that a killed run left unfinished."""
    return item.name.startswith(durable.PART_PREFIX) and item.name.endswith(durable.PART_SUFFIX)


def _is_own(item: Path) -> bool:
    """Tell whether a file is none that a person would miss."""
    return item.name == LOCK or _is_part(item)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise DiskError(
            f"{str(path)!r} of an earlier run cannot be replaced: {error.strerror or error}",
            "see to it that the folder may be written to",
        ) from error


def _probe(folder: Path) -> None:
    """Write a little and take it away, so that a full disk is known before hours of work."""
    probe = folder / f"{durable.PART_PREFIX}probe-{os.getpid()}{durable.PART_SUFFIX}"
    durable.write_bytes(probe, b"\0" * _PROBE_BYTES)
    with contextlib.suppress(OSError):
        probe.unlink()
