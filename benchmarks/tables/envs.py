"""Give each tool an environment of its own, outside the project."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PACKAGES = {
    "lightgbm": ("lightgbm", "scikit-learn", "pandas"),
    "sklearn": ("scikit-learn", "pandas"),
    "mljar": ("mljar-supervised",),
}
INSTALL_SECONDS = 600


def interpreter(tool: str, envs: Path) -> Path:
    """Return the Python of a tool, made on the first call; rung runs in the Python at hand.

    Raises
    ------
    subprocess.SubprocessError
        If its packages cannot be installed, or not within ten minutes.
    """
    if tool == "rung":
        return Path(sys.executable)
    folder = envs / tool
    python, done = folder / "bin" / "python", folder / "installed"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        command = [python, "-m", "pip", "install", "--quiet", *PACKAGES[tool]]
        subprocess.run(command, check=True, timeout=INSTALL_SECONDS)
        done.touch()
    return python


def versions(python: Path, tool: str) -> str:
    """Return the version of each package that a tool stands on, as `name==version`."""
    names = PACKAGES.get(tool, ("rung", "numpy", "scikit-learn", "lightgbm"))
    code = (
        "import importlib.metadata as m, sys\n"
        "for n in sys.argv[1:]:\n try: print(n + '==' + m.version(n))\n except Exception: pass"
    )
    found = subprocess.run([python, "-c", code, *names], check=True, capture_output=True, text=True)
    return ", ".join(found.stdout.split())
