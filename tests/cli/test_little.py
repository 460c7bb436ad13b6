"""In little memory a command works or says so: no trace, no signal, exit code 4."""

import os
import subprocess
import sys

import numpy as np
import pytest

START = """
import resource, sys
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from rung.cli import main
main(sys.argv[2:])
"""


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("little") / "t.csv"
    rows = np.random.default_rng(0).normal(size=(200, 3))
    lines = [",".join(f"{value:.6f}" for value in row) for row in rows]
    path.write_text("a,b,y\n" + "\n".join(lines) + "\n", encoding="ascii")
    return path


def run(megabytes, *words):
    return subprocess.run(
        [sys.executable, "-c", START, str(megabytes * 10**6), *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"COLUMNS": "80"},
    )


@pytest.mark.parametrize(("command", "needs"), [("check", "450 MB"), ("fit", "800 MB")])
def test_too_little_is_said_with_limit_and_need_in_two_lines(table, command, needs):
    done = run(300, command, table, "--target", "y")
    assert done.returncode == 4
    said, remedy = done.stderr.splitlines()
    assert f"limited to 300 MB; rung {command} needs {needs} more" in said
    assert remedy.startswith("  → raise the limit")


def test_half_a_gigabyte_is_enough_to_check_a_small_table(table):
    done = run(600, "check", table, "--target", "y")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_table_too_large_for_the_limit_is_one_message(table, tmp_path):
    large = tmp_path / "large.csv"
    line = "1,2,3\n" * 200_000
    large.write_text("a,b,y\n" + line * 20, encoding="ascii")
    done = run(600, "check", large, "--target", "y")
    assert done.returncode == 4
    assert done.stderr.startswith("error: there is not enough memory\n")
    assert len(done.stderr.splitlines()) == 2
