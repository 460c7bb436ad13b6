"""Say what laying trainings down costs, and what a kill costs: a text, and one network at a time."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.resume.texts import TextTrial, are_same, kill_after

N_KILLS = 3
# A process dies this share of the way from one laying down to the next, so that something is redone.
LINGER = 0.5


def price(text: Path, family: str, folder: Path) -> dict[str, Any]:
    """Fit without a folder, with one, and killed in each quarter; compare bytes and seconds.

    Parameters
    ----------
    text : Path
        What is learned, as one stream.
    family : str
        Rung of text that lays its training down.
    folder : Path
        Where runs may be written.
    """
    trial = TextTrial(text, ("--families", family, "--threads", "1"))
    reference, out = folder / f"{family}-reference", folder / f"{family}-killed"
    plain = _child(text, family)
    kept = _child(text, family, reference)
    quarter = max(1, kept["laid"] // (N_KILLS + 1))
    shutil.rmtree(out, ignore_errors=True)
    landed, seconds = 0, []
    for _ in range(N_KILLS):
        before = _children_seconds()
        extra = ("--resume",) if landed else ()
        landed += kill_after(trial, out, quarter, *extra, linger=LINGER)
        seconds.append(_children_seconds() - before)
    before = _children_seconds()
    trial.finish(out, "--resume")
    seconds.append(_children_seconds() - before)
    return {
        "characters": len(text.read_text(encoding="utf-8")),
        "kills": landed,
        "same_bytes": are_same(reference, out),
        "states_laid_down": kept["laid"],
        "bytes_of_a_state": kept["bytes"],
        "processor_seconds": {
            "without_a_folder": round(plain["processor"], 1),
            "with_a_folder": round(kept["processor"], 1),
            "laying_down": round(kept["laying"], 3),
            "killed_and_resumed": [round(one, 1) for one in seconds],
        },
    }


def _child(text: Path, family: str, *folder: Path) -> dict[str, Any]:
    words = [sys.executable, "-m", "benchmarks.resume.child", str(text), family, *map(str, folder)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def table(found: dict[str, Any]) -> str:
    """Lay the figures out for the README."""
    columns = ["rung", "characters", "kills", "same bytes", "processor seconds without a folder"]
    columns += ["with one", "of them for laying down", "killed and resumed"]
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for family, one in found.items():
        used = one["processor_seconds"]
        laying = (
            f"{used['laying_down']:.2f} ({one['states_laid_down']} times "
            f"{one['bytes_of_a_state'] / 1e6:.1f} MB)"
        )
        lines.append(
            f"| {family} | {one['characters']:,} | {one['kills']} | "
            f"{'yes' if one['same_bytes'] else 'no'} | {used['without_a_folder']:.0f} | "
            f"{used['with_a_folder']:.0f} | {laying} | {sum(used['killed_and_resumed']):.0f} |"
        )
    return "\n".join(lines)
