"""Run nanoGPT and makemore as their authors describe, in an environment of their own."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

NANOGPT = [
    "config/train_shakespeare_char.py",
    "--device=cpu",
    "--compile=False",
    "--eval_iters=20",
    "--log_interval=50",
    "--block_size=64",
    "--batch_size=12",
    "--n_layer=4",
    "--n_head=4",
    "--n_embd=128",
    "--max_iters=2000",
    "--lr_decay_iters=2000",
    "--dropout=0.0",
]
PACKAGES = ("torch==2.13.0", "numpy", "requests", "tensorboard")


def make_environment(folder: Path) -> Path:
    """Return the Python of an environment with what both scripts import."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES], check=True)
    return python


def check_out(repository: Path, folder: Path) -> Path:
    """Lay out the newest version of a repository in a folder."""
    if not folder.exists():
        subprocess.run(["git", "clone", "-q", str(repository), str(folder)], check=True)
    return folder


def run_nanogpt(folder: Path, python: Path, text: str) -> list[dict[str, float]]:
    """Return validation losses of nanoGPT's documented run on a processor, with seconds."""
    # Its own script divides the text, and fetches it only where it does not lie there.
    data = folder / "data" / "shakespeare_char"
    (data / "input.txt").write_text(text, encoding="utf-8")
    subprocess.run([str(python), str(data / "prepare.py")], check=True, stdout=subprocess.DEVNULL)
    found = []
    for seconds, line in _follow([str(python), "-u", "train.py", *NANOGPT], folder):
        match = re.match(r"step (\d+): train loss [\d.]+, val loss ([\d.]+)", line)
        if match:
            found.append({"step": int(match[1]), "loss": float(match[2]), "seconds": seconds})
    return found


def run_makemore(folder: Path, python: Path, names: Path, steps: int) -> list[dict[str, float]]:
    """Return test losses of makemore's transformer, with seconds."""
    command = [str(python), "-u", "makemore.py", "-i", str(names), "-o", str(folder / "out")]
    command += ["--max-steps", str(steps), "--num-workers", "0"]
    found = []
    for seconds, line in _follow(command, folder):
        match = re.match(r"step (\d+) train loss: \S+ test loss: ([\d.]+)", line)
        if match:
            found.append({"step": int(match[1]), "loss": float(match[2]), "seconds": seconds})
    return found


def _follow(command: list[str], folder: Path) -> list[tuple[float, str]]:
    """Return every line that a command prints with the seconds since it told of its first step.

    What comes before, imports and data, is not counted, as it is not for the GPT rung.
    """
    lines = []
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        lines = [(time.perf_counter(), line) for line in process.stdout]
    if process.returncode:
        raise RuntimeError("".join(line for _, line in lines[-20:]))
    start = next(second for second, line in lines if line.startswith("step 0"))
    return [(second - start, line) for second, line in lines]
