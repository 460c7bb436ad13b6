"""Ten mistakes that users make, each with one clear message and its exit code."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest

N_ROWS = 60


def rung(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rung", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def table(**changes: object) -> pl.DataFrame:
    rng = np.random.default_rng(0)
    size = rng.normal(size=N_ROWS)
    columns = {"size": size, "colour": rng.choice(["red", "blue"], N_ROWS), "mass": size + 1}
    return pl.DataFrame(columns | changes)


MISTAKES = {
    "wrong target": (3, "target column 'mas' not found", "did you mean --target 'mass'"),
    "empty file": (3, "empty", ""),
    "binary file as CSV": (3, "'binary.csv'", ""),
    "all-missing target": (3, "target column 'mass' has no value in any of its 60 rows", ""),
    "one row": (3, "1 row", ""),
    "one class": (3, "same value, 'star', in all 60 rows", ""),
    "target constant": (3, "same value, 7, in all 60 rows", ""),
    "unknown family": (2, "unknown family 'linaer'", "did you mean 'linear'"),
    "existing folder": (2, "run folder 'rung-run-mass' is not empty", "--force"),
}


def arrange(mistake: str, folder: Path) -> list[str]:
    words = ["fit", "table.csv", "--target", "mass"]
    frame = table()
    if mistake == "wrong target":
        words[3] = "mas"
    elif mistake == "all-missing target":
        frame = table(mass=[None] * N_ROWS)
    elif mistake == "one row":
        frame = table().head(1)
    elif mistake == "one class":
        frame = table(mass=["star"] * N_ROWS)
    elif mistake == "target constant":
        frame = table(mass=[7] * N_ROWS)
    elif mistake == "unknown family":
        words += ["--families", "linaer"]
    elif mistake == "existing folder":
        (folder / "rung-run-mass").mkdir()
        (folder / "rung-run-mass" / "precious.txt").write_text("mine")
    elif mistake == "empty file":
        (folder / "empty.csv").write_bytes(b"")
        words[1] = "empty.csv"
    elif mistake == "binary file as CSV":
        (folder / "binary.csv").write_bytes(np.arange(4000, dtype=np.float64).tobytes())
        words[1] = "binary.csv"
    frame.write_csv(folder / "table.csv")
    return words


def contents(folder: Path) -> dict[Path, bytes]:
    return {p: p.read_bytes() if p.is_file() else b"folder" for p in folder.rglob("*")}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_ends_in_one_message_and_its_exit_code(mistake: str, tmp_path: Path) -> None:
    words = arrange(mistake, tmp_path)
    before = contents(tmp_path)
    done = rung(*words, folder=tmp_path)
    code, message, remedy = MISTAKES[mistake]
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert remedy in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 3
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert contents(tmp_path) == before


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of 64 KiB, where this user may."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("this user may not mount a small file system")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_ends_in_one_message_and_its_exit_code(tiny_disk: Path) -> None:
    table().write_csv(tiny_disk.parent / "table.csv")
    (tiny_disk / "filler").write_bytes(b"0" * 56 * 1024)
    out = tiny_disk / "run"
    done = rung("fit", "table.csv", "--target", "mass", "--out", str(out), folder=tiny_disk.parent)
    assert done.returncode == 4, done.stderr
    assert "disk full" in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 3
    assert (tiny_disk / "filler").stat().st_size == 56 * 1024
    assert not (out / "results.json").exists()
