"""Run one tool on one table in a process of its own, and measure what it takes."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

PEERS = Path(__file__).with_name("peers")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LOKY_MAX_CPU_COUNT")
POLL_SECONDS = 0.05


def run_tool(tool: str, python: Path, folder: Path, cap: float) -> dict[str, Any]:
    """Return wall and processor seconds, peak memory in MB, and the models or why there are none.

    Parameters
    ----------
    tool : str
        Which script of `peers`.
    python : Path
        Python to run it with.
    folder : Path
        What `sources.divide` wrote.
    cap : float
        Wall seconds after which it is stopped.
    """
    answer, log = folder / f"{tool}.json", folder / f"{tool}.log"
    answer.unlink(missing_ok=True)
    command = [python, PEERS / f"with_{tool}.py", folder, answer]
    environment = os.environ | dict.fromkeys(THREADS, "1")
    start = time.perf_counter()
    with log.open("wb") as output:
        child = subprocess.Popen(command, env=environment, stdout=output, stderr=output, cwd=folder)
        usage, peak, is_late = _wait(child, start + cap)
    measured = {
        "wall_s": round(time.perf_counter() - start, 2),
        "processor_s": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mb": round(peak / 1024),
    }
    if is_late:
        return measured | {"failed": f"stopped after {cap:g} s"}
    if not answer.exists():
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return measured | {"failed": lines[-1][:200] if lines else "no answer"}
    return measured | {"models": json.loads(answer.read_text(encoding="utf-8"))}


def _wait(child: subprocess.Popen[bytes], deadline: float) -> tuple[Any, int, bool]:
    """Wait for a child, stop it at the deadline, and return what it used and its peak in kB.

    The peak is looked up while the child lives: `ru_maxrss` counts what the parent held when it
    started the child.
    """
    peak = 0
    while True:
        peak = max(peak, _peak(child.pid))
        is_late = time.perf_counter() > deadline
        if is_late:
            child.kill()
        pid, status, usage = os.wait4(child.pid, 0 if is_late else os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return usage, peak, is_late
        time.sleep(POLL_SECONDS)


def _peak(pid: int) -> int:
    """Return the most memory that a process has held so far, in kB; 0 where it has ended."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = [line.split()[1] for line in text.splitlines() if line.startswith("VmHWM")]
    return int(found[0]) if found else 0
