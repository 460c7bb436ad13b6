"""Kill `rung fit` on a text in the middle of a network's training, resume it, and compare."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.resume.kills import QUIET

FILES = ("results.json", "model.rung", "seal.json", "unit_losses.parquet", "report.html")
LAID = ".rung-training-*"
POLL = 0.001
WORDS = ("sea", "star", "stone", "light", "under", "over", "near", "of", "the", "a", "moves", "is")


@dataclass(frozen=True)
class TextTrial:
    """Say which run is killed: a text, and options of `rung fit`."""

    text: Path
    options: tuple[str, ...]

    def start(self, out: Path, *extra: str) -> subprocess.Popen[bytes]:
        """Start one run."""
        words = ["fit", str(self.text), "--as", "text", *self.options, "--out", str(out)]
        return subprocess.Popen(
            [sys.executable, "-m", "rung", *words, *QUIET, *extra],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def finish(self, out: Path, *extra: str) -> None:
        """Run to the end."""
        if self.start(out, *extra).wait():
            raise RuntimeError(f"a run ended badly: {self.text.name} {' '.join(extra)}")


def write_text(path: Path, n_characters: int) -> None:
    """Write a stream of seeded words."""
    rng = np.random.default_rng(0)
    words = rng.choice(WORDS, n_characters // 4)
    text = " ".join(f"{word}.\n" if i % 9 == 8 else word for i, word in enumerate(words))
    path.write_text(text[:n_characters], encoding="utf-8")


def kill_after(trial: TextTrial, out: Path, n_laid: int, *extra: str, linger: float = 0.0) -> bool:
    """Run, and kill once a training was laid down so often; tell whether the kill landed.

    With `linger` it goes on for this share of the seconds between the last two.
    """
    process = trial.start(out, *extra)
    before, seen = _laid(out), 0
    last, gap = time.monotonic(), 0.0
    while process.poll() is None:
        now = _laid(out)
        # Several that were laid down between two looks count as one: the kill comes later then.
        if now != before:
            seen, before = seen + 1, now
            gap, last = time.monotonic() - last, time.monotonic()
        if seen >= n_laid and time.monotonic() - last >= linger * gap:
            process.kill()
            process.wait()
            return bool(_laid(out))
        time.sleep(POLL)
    return False


def _laid(out: Path) -> tuple[tuple[str, int], ...]:
    """Return names and file numbers of what is laid down; each replacement has a new number."""
    found = []
    for path in sorted(out.glob(LAID)):
        try:
            found.append((path.name, path.stat().st_mtime_ns))
        except FileNotFoundError:  # the run went on and removed it
            continue
    return tuple(found)


def compare_killed(trial: TextTrial, folder: Path, moments: tuple[int, ...]) -> tuple[int, bool]:
    """Kill one run after so many states were laid down, again and again; then let it finish.

    Returns
    -------
    kills : int
        That landed in the middle of a training.
    is_same : bool
        Whether every file has the bytes of a run that was left alone, and nothing else stayed.
    """
    reference, out = folder / "reference", folder / "killed"
    if not reference.exists():
        trial.finish(reference)
    shutil.rmtree(out, ignore_errors=True)
    kills = 0
    for moment in moments:
        if not kill_after(trial, out, moment, *(("--resume",) if kills else ())):
            break
        kills += 1
    else:
        trial.finish(out, "--resume")
    return kills, are_same(reference, out)


def are_same(reference: Path, out: Path) -> bool:
    """Tell whether two folders hold the same files, and those that matter the same bytes."""
    names = sorted(path.name for path in reference.iterdir())
    return sorted(path.name for path in out.iterdir()) == names and all(
        (out / name).read_bytes() == (reference / name).read_bytes() for name in FILES
    )
