"""Make a table of any length, train on it as a stream, and say what that took."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from rung.workbench import fit_stream

N_NUMBERS = 10
FILE_ROWS, GROUP_ROWS = 500_000, 65_536


def make(folder: Path, n_rows: int, n_numbers: int = N_NUMBERS) -> int:
    """Write Parquet files of seeded numbers; return their bytes on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, start in enumerate(range(0, n_rows, FILE_ROWS)):
        generator = np.random.default_rng((1, part))
        X = generator.normal(size=(min(FILE_ROWS, n_rows - start), n_numbers))
        y = np.abs(X[:, 0]) + X[:, 1] * X[:, 2] + generator.normal(0, 0.3, len(X))
        frame = pl.DataFrame(X, schema=[f"x{i}" for i in range(n_numbers)])
        path = folder / f"part{part:04d}.parquet"
        frame.with_columns(y=y).write_parquet(path, row_group_size=GROUP_ROWS)
    return sum(path.stat().st_size for path in folder.iterdir())


def stream(folder: Path, passes: int) -> dict[str, Any]:
    """Train on a folder of files, watching memory."""
    import rung.nets.stream  # noqa: F401 what torch itself takes is there before

    watch = MemoryWatch()
    before = watch.now()
    start = time.perf_counter()
    found = fit_stream(folder, "y", passes=passes, hidden=(32,), batch_rows=512)
    return {
        "way": "stream",
        "seconds": time.perf_counter() - start,
        "before_megabytes": before,
        "peak_megabytes": watch.stop(),
        **{name: found.score[name] for name in ("loss", "standard_error", "constant")},
    }


def whole(folder: Path) -> dict[str, Any]:
    """Only read the same files at once into one matrix, watching memory."""
    watch = MemoryWatch()
    before = watch.now()
    start = time.perf_counter()
    matrix = pl.read_parquet(folder / "*.parquet").to_numpy()
    return {
        "way": "whole",
        "rows_read": len(matrix),
        "seconds": time.perf_counter() - start,
        "before_megabytes": before,
        "peak_megabytes": watch.stop(),
    }


class MemoryWatch:
    """Look every few milliseconds at the memory of this process, pages of files left out.

    Pages of a mapped file are the system's to take back, so they are no need of the program.
    """

    def __init__(self) -> None:
        self._peak = self.now()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def now(self) -> float:
        """Return megabytes now; Linux only."""
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1e3

    def _look(self) -> None:
        while not self._ended.wait(0.005):
            self._peak = max(self._peak, self.now())

    def stop(self) -> float:
        """Return the peak."""
        self._ended.set()
        self._thread.join()
        return self._peak


def growth_table(cells: list[dict[str, Any]]) -> str:
    """Lay the cells out as a table."""
    head = "rows | table in memory, MB | on disk, MB | way | seconds | before, MB | peak, MB | loss"
    lines = [f"| {head} | of the constant |", "|---|---|---|---|---|---|---|---|---|"]
    for each in cells:
        scores = ["", ""]
        if each["way"] == "stream":
            scores = [
                f"{each['loss']:.4f} ± {each['standard_error']:.4f}",
                f"{each['constant']:.3f}",
            ]
        lines.append(
            f"| {each['n_rows']:,} | {each['table_megabytes']:.0f} | {each['disk_megabytes']:.0f} "
            f"| {each['way']} | {each['seconds']:.1f} | {each['before_megabytes']:.0f} "
            f"| {each['peak_megabytes']:.0f} | {scores[0]} | {scores[1]} |"
        )
    return "\n".join(lines)
