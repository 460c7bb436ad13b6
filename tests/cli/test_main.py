from __future__ import annotations

import subprocess
import sys

from rung import __version__


def test_python_dash_m_rung_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "rung", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"rung {__version__}\n"


def test_the_exit_code_reaches_the_shell():
    done = subprocess.run(
        [sys.executable, "-m", "rung", "nonsense"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
