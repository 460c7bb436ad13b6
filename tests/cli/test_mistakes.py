"""Ten mistakes that users make, each with one clear message and its exit code."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
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


def test_a_disk_that_is_full_in_mid_run_ends_it_and_the_run_can_be_resumed(tmp_path: Path) -> None:
    table().write_csv(tmp_path / "table.csv")
    words = ["fit", "table.csv", "--target", "mass", "--families", "linear,forest", "--out", "run"]
    done = subprocess.run(
        [sys.executable, "-m", "rung", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (70_000, 70_000)),
    )
    assert done.returncode == 4, done.stderr
    assert "disk full" in done.stderr
    assert "go on with the same command and --resume" in done.stderr
    message = done.stderr[done.stderr.index("error: ") :]  # scores stand before it
    assert len(message.strip().splitlines()) <= 2
    assert not {"seal.json", "results.json"} & {item.name for item in (tmp_path / "run").iterdir()}
    assert rung(*words, "--resume", "--quiet", folder=tmp_path).returncode == 0


def test_a_file_name_that_is_no_unicode_is_spelled_out(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.csv")
    table().write_csv(tmp_path / "table.csv")
    (tmp_path / "table.csv").rename(tmp_path / name)
    words = [name, "--target", "mass", "--families", "linear", "--out", "run"]
    done = rung("fit", *words, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "run" / "results.json").read_text("utf-8"))
    assert results["dataset"]["source"] == "caf\\udce9.csv"


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(signal.SIGTERM, 143, "terminated"), (signal.SIGINT, 130, "interr")],
)
def test_a_signal_ends_a_run_that_says_how_to_go_on(
    number: int, code: int, said: str, tmp_path: Path
) -> None:
    table().write_csv(tmp_path / "table.csv")
    words = ["fit", "table.csv", "--target", "mass", "--out", "run", "--threads", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "rung", *words, "--quiet"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    journal = tmp_path / "run" / "journal.rung"
    while process.poll() is None and not (journal.exists() and journal.stat().st_size > 20_000):
        time.sleep(0.01)
    process.send_signal(number)
    _, error = process.communicate(timeout=60)
    assert process.returncode == code, error
    first, second = error.strip().splitlines()
    assert first.startswith("what is finished is kept (1 MB in 'run'): go on with the same command")
    assert second.startswith(said)
    assert journal.exists()
    assert not (tmp_path / "run" / "results.json").exists()
