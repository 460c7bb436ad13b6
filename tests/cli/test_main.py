from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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


def test_the_demo_ends_in_a_verdict_and_a_report(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rung", "demo"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "is as good as" in done.stdout or "undecided" in done.stdout
    assert done.stdout.rstrip().endswith("demo-run/report.html")
    assert (tmp_path / "demo-run" / "report.html").exists()
