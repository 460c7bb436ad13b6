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
        child = subprocess.Popen(
            command, env=environment, stdout=output, stderr=output, cwd=folder
        )
        usage, is_late = _wait(child, start + cap)
    measured = {
        "wall_s": round(time.perf_counter() - start, 2),
        "processor_s": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mb": round(usage.ru_maxrss / 1024),
    }
    if is_late:
        return measured | {"failed": f"stopped after {cap:g} s"}
    if not answer.exists():
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return measured | {"failed": lines[-1][:200] if lines else "no answer"}
    return measured | {"models": json.loads(answer.read_text(encoding="utf-8"))}


def _wait(child: subprocess.Popen[bytes], deadline: float) -> tuple[Any, bool]:
    """Wait for a child, stop it at the deadline, and return what it used."""
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return usage, False
        if time.perf_counter() > deadline:
            child.kill()
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            return usage, True
        time.sleep(POLL_SECONDS)
