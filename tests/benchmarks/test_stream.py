import json
import sys
import time
from pathlib import Path

from benchmarks.stream import __main__ as command
from benchmarks.stream import large
from benchmarks.stream.cases import MemoryWatch, make


def test_the_page_shows_the_results_that_are_kept() -> None:
    found = json.loads(command.RESULTS.read_text("utf-8"))
    assert command.README.read_text("utf-8") == command.page(found)
    peaks = [cell["peak_megabytes"] for cell in found["cells"] if cell["way"] == "stream"]
    assert max(peaks) <= 1.2 * min(peaks)


def test_a_table_ten_times_as_large_as_memory_is_read_within_it() -> None:
    found = json.loads(large.RESULTS.read_text("utf-8"))
    assert found["memory"] == "600MB"
    cells = {(one["form"], one["way"]): one for one in found["cells"]}
    assert max(one["peak_megabytes"] for one in cells.values()) < 600
    assert cells["Parquet", "rung fit"]["rows"] == 100_000_000
    for form, most in (("Parquet", 2), ("CSV", 4)):
        scan, read = (cells[form, way]["cpu_seconds"] for way in ("polars scans", "rung reads"))
        assert read <= most * scan


def test_memory_and_seconds_of_a_child_of_a_child_are_counted() -> None:
    inner = "x = bytearray(b'x' * 60_000_000); import time; time.sleep(0.3); sum(range(10**6))"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    found = large.measure([sys.executable, "-c", outer])
    assert 60 < found["peak_megabytes"] < 150
    assert 0.01 < found["cpu_seconds"] < 5


def test_the_table_repeats_and_the_watch_sees_memory_come_and_go(tmp_path: Path) -> None:
    assert make(tmp_path / "a", 1000) == make(tmp_path / "b", 1000)
    watch = MemoryWatch()
    before = watch.now()
    block = bytearray(b"x" * 50_000_000)
    time.sleep(0.2)  # filling the block keeps every other thread waiting: only now can it be seen
    del block
    assert watch.stop() >= before + 45
