"""Give each tool an environment of its own, outside the project."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

AUTOGLUON = "autogluon.tabular[lightgbm,catboost,xgboost,fastai]==1.6.3"
# FLAML does not read the text columns of pandas 3. AutoGluon's torch is a CPU build where pip
# knows of one.
PACKAGES = {
    "lightgbm": ("lightgbm", "scikit-learn", "pandas"),
    "sklearn": ("scikit-learn", "pandas"),
    "mljar": ("mljar-supervised",),
    "flaml": ("flaml", "lightgbm", "xgboost-cpu", "scikit-learn", "pandas<3"),
    "autogluon": (AUTOGLUON, "torch==2.13.0"),
    "shap": ("shap", "scikit-learn"),
    "ebm": ("interpret-core", "scikit-learn", "pandas"),
}
# Two ways to run one tool share what is installed.
ENVIRONMENT_OF = {"autogluon_good": "autogluon"}
INSTALL_SECONDS = 1_800


def interpreter(tool: str, envs: Path) -> Path:
    """Return the Python of a tool, made on the first call; rung runs in the Python at hand.

    Raises
    ------
    subprocess.SubprocessError
        If its packages cannot be installed, or not within half an hour.
    """
    if tool == "rung":
        return Path(sys.executable)
    name = ENVIRONMENT_OF.get(tool, tool)
    folder = envs / name
    python, done = folder / "bin" / "python", folder / "installed"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        command = [python, "-m", "pip", "install", "--quiet", *PACKAGES[name]]
        subprocess.run(command, check=True, timeout=INSTALL_SECONDS)
        done.touch()
    return python


def versions(python: Path, tool: str) -> str:
    """Return the version of each package that a tool stands on, as `name==version`."""
    own = ("rung", "numpy", "scikit-learn", "lightgbm", "torch")
    wanted = PACKAGES.get(ENVIRONMENT_OF.get(tool, tool), own)
    names = [name.split("[")[0].split("=")[0].split("<")[0] for name in wanted]
    code = (
        "import importlib.metadata as m, sys\n"
        "for n in sys.argv[1:]:\n try: print(n + '==' + m.version(n))\n except Exception: pass"
    )
    found = subprocess.run([python, "-c", code, *names], check=True, capture_output=True, text=True)
    return ", ".join(found.stdout.split())
