import json
import time
from pathlib import Path

from benchmarks.stream import __main__ as command
from benchmarks.stream.cases import MemoryWatch, make


def test_the_page_shows_the_results_that_are_kept() -> None:
    found = json.loads(command.RESULTS.read_text("utf-8"))
    assert command.README.read_text("utf-8") == command.page(found)
    peaks = [cell["peak_megabytes"] for cell in found["cells"] if cell["way"] == "stream"]
    assert max(peaks) <= 1.2 * min(peaks)


def test_the_table_repeats_and_the_watch_sees_memory_come_and_go(tmp_path: Path) -> None:
    assert make(tmp_path / "a", 1000) == make(tmp_path / "b", 1000)
    watch = MemoryWatch()
    before = watch.now()
    block = bytearray(b"x" * 50_000_000)
    time.sleep(0.2)  # filling the block keeps every other thread waiting: only now can it be seen
    del block
    assert watch.stop() >= before + 45
