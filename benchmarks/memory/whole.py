"""Climb the whole ladder on one large table, and say how long and how large it was."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

# Run in a process of its own: what it holds at most, and no other.
SCRIPT = """
import json, sys
from pathlib import Path
import rung
data, target, out, threads = sys.argv[1:]
options = {"threads": int(threads) or None, "ledger": False}
run = rung.fit(data, target=target, header=False, out=out, **options)
lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1e6
ladder = [
    {
        "family": entry.family,
        "status": entry.status,
        "reason": entry.reason,
        "notes": list(entry.notes),
        "score": entry.scores[run.result.metric].mean if entry.scores else None,
        "seconds": run.timings["seconds"].get(entry.family),
    }
    for entry in run.result.ladder
]
found = {
    "rows": run.result.dataset.rows,
    "columns": len(run.result.dataset.columns),
    "classes": len(run.result.classes),
    "threads": run.timings["threads"],
    "seconds": run.timings["seconds"],
    "peak_gigabytes": peak,
    "allowed_gigabytes": run.result.options["memory"] / 1e9,
    "metric": run.result.metric,
    "ladder": ladder,
    "verdict": str(run.verdict),
}
print(json.dumps(found))
"""


def climb_whole(data: Path, target: str, out: Path, threads: int) -> dict[str, Any]:
    """Run the ladder in a process of its own and return what it says of itself."""
    command = [sys.executable, "-c", SCRIPT, str(data), target, str(out), str(threads)]
    start = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return {"wall": time.perf_counter() - start, **json.loads(done.stdout.splitlines()[-1])}
