"""How soon there is an answer: tables as they were meant, and the page as it was measured."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks.first_answer.__main__ import HERE, NAMES, WHOLE, frame_of, measured, spent_by
from benchmarks.first_answer.showing import table
from tests.realdata import real_data


def test_the_table_of_the_readme_is_made_from_the_results() -> None:
    found = json.loads((HERE / "results.json").read_text(encoding="utf-8"))
    shown = table({name: found[name] for name in NAMES if name in found})
    assert (HERE / "README.md").read_text(encoding="utf-8").endswith(shown)
    assert set(WHOLE) <= set(found)


@pytest.mark.parametrize(("name", "n_rows"), [("iris", 150), ("diabetes", 442)])
def test_tables_of_scikit_learn_have_their_target(name: str, n_rows: int) -> None:
    frame, target = frame_of(name)
    assert frame.height == n_rows
    assert target in frame.columns


def test_numbers_with_blanks_are_numbers() -> None:
    """Read as text they were four thousand columns of zeros and ones, which never ended."""
    real_data("concrete/concrete.csv")
    frame, _ = frame_of("concrete")
    assert all(dtype.is_numeric() for dtype in frame.dtypes)


def test_the_first_score_is_that_of_the_second_family_and_comes_before_the_end(
    tmp_path: Path,
) -> None:
    lines = ["Constant 16.7 ± 1.1", "Linear 10.5 ± 0.8", "Tree 7.1 ± 0.9"]
    code = "import time\n" + "".join(
        f"print({line!r}, flush=True)\nend = time.process_time() + 0.1\n"
        "while time.process_time() < end: pass\n"
        for line in lines
    )
    found = measured([sys.executable, "-c", code], tmp_path)
    assert 0.08 <= found["first_processor"] < found["processor"] - 0.08
    assert found["first_clock"] < found["clock"]


def test_a_tool_that_fails_is_shown_with_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no such table"):
        measured([sys.executable, "-c", "print('no such table'); raise SystemExit(3)"], tmp_path)


def test_processor_seconds_are_those_of_the_process() -> None:
    import os
    import time

    assert spent_by(os.getpid()) == pytest.approx(time.process_time(), abs=0.5)
