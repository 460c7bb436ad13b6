"""Run one tool on one table in processes of its own, and measure what they take."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).with_name("scripts")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LOKY_MAX_CPU_COUNT")
POLL_SECONDS = 0.5


def run_tool(
    tool: str, python: Path, folder: Path, cap: float, *, cores: int = 1
) -> dict[str, Any]:
    """Return wall and processor seconds, peak memory in MB, and the models or why there are none.

    Processor seconds and memory are those of the tool and of all processes it started.

    Parameters
    ----------
    tool : str
        Which of `scripts`.
    python : Path
        Python to run it with.
    folder : Path
        What `tables.divide` wrote.
    cap : float
        Wall seconds after which it is stopped.
    cores : int
        How many cores it is told to use.
    """
    answer, log = folder / f"{tool}.json", folder / f"{tool}.log"
    answer.unlink(missing_ok=True)
    command = [python, SCRIPTS / f"with_{tool}.py", folder, answer, str(cores)]
    environment = os.environ | dict.fromkeys(THREADS, str(cores))
    start, load = time.perf_counter(), os.getloadavg()[0]
    with log.open("wb") as output:
        child = subprocess.Popen(
            command,
            env=environment,
            stdout=output,
            stderr=output,
            cwd=folder,
            start_new_session=True,
        )
        usage, peak, is_late = _wait(child, start + cap)
    measured = {
        "wall_s": round(time.perf_counter() - start, 2),
        "processor_s": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mb": round(peak / 1024),
        "cores": cores,
        "load_before": round(load, 1),
    }
    if is_late:
        return measured | {"failed": f"stopped after {cap:g} s"}
    if not answer.exists():
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return measured | {"failed": lines[-1][:200] if lines else "no answer"}
    models = json.loads(answer.read_text(encoding="utf-8"))
    answer.unlink()
    return measured | {"models": models}


def _wait(child: subprocess.Popen[bytes], deadline: float) -> tuple[Any, int, bool]:
    """Wait for a child, stop it at the deadline, and return what it used and its peak in kB.

    Memory is looked up while the child lives: `ru_maxrss` counts what the parent held when it
    started the child, and knows nothing of several processes at a time.
    """
    peak = 0
    while True:
        peak = max(peak, _highest(child.pid), _held_by_all(child.pid))
        is_late = time.perf_counter() > deadline
        if is_late:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
        pid, status, usage = os.wait4(child.pid, 0 if is_late else os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return usage, peak, is_late
        time.sleep(POLL_SECONDS)


def _highest(pid: int) -> int:
    """Return the most memory that one process has held so far, in kB; 0 where it has ended."""
    return _count(pid, "VmHWM:")


def _held_by_all(pid: int) -> int:
    """Return what a process and all below it hold now, in kB; shared pages count each time."""
    total = _count(pid, "VmRSS:")
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        children = [one for thread in threads for one in _words(thread / "children")]
    except OSError:
        return total
    return total + sum(_held_by_all(int(one)) for one in children)


def _count(pid: int, name: str) -> int:
    words = _words(Path(f"/proc/{pid}/status"))
    return int(words[words.index(name) + 1]) if name in words else 0


def _words(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").split()
    except OSError:
        return []
