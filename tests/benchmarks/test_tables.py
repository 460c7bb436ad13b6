import json
import sys
from pathlib import Path

import numpy as np

from benchmarks.peers.running import run_tool
from benchmarks.peers.scoring import compare, interval, row_losses
from benchmarks.peers.tables import divide
from benchmarks.tables.__main__ import RESULTS
from benchmarks.tables.showing import readme
from benchmarks.tables.sources import SOURCES
from tests.realdata import real_data

FOUND = json.loads(RESULTS.read_text(encoding="utf-8"))


def test_the_readme_is_made_from_the_results() -> None:
    text = Path(RESULTS).with_name("README.md").read_text(encoding="utf-8")
    assert readme(FOUND) == text


def test_every_table_was_scored_on_the_same_rows_by_rung_and_two_others() -> None:
    assert set(FOUND["tables"]) <= {source.name for source in SOURCES}
    for table in FOUND["tables"].values():
        for tool in ("rung", "lightgbm", "sklearn"):
            assert "models" in table["tools"][tool]


def test_losses_are_squared_errors_or_logarithms_of_the_true_class() -> None:
    assert row_losses(np.array([1.0, 3.0]), np.array([[2.0], [1.0]])).tolist() == [1.0, 4.0]
    losses = row_losses(np.array([0, 1]), np.array([[1.0, 1.0], [1.0, 3.0]]))
    np.testing.assert_allclose(losses, -np.log([0.5, 0.75]))


def test_the_interval_holds_the_mean_of_normal_numbers_as_theory_says() -> None:
    losses = np.random.default_rng(0).normal(5.0, 1.0, 10_000)
    score, low, high = interval(losses, is_root=False)
    assert low < score < high
    np.testing.assert_allclose((high - low) / 2, 1.96 / 100, rtol=0.1)


def test_a_difference_in_every_row_is_seen_and_chance_is_not() -> None:
    losses = np.random.default_rng(1).exponential(size=400)
    assert compare(losses, losses + 0.1) == "better"
    assert compare(losses + 0.1, losses) == "worse"
    assert compare(losses, losses[::-1]) == "even"


def test_held_rows_are_a_fifth_and_their_target_is_not_handed_over(tmp_path: Path) -> None:
    real_data("insurance/insurance.csv")
    source = next(source for source in SOURCES if source.name == "insurance")
    held = divide(source, tmp_path)
    header, *rows = (tmp_path / "test.csv").read_text(encoding="utf-8").splitlines()
    assert len(held.y) == len(rows) == 268
    assert "charges" not in header
    again = divide(source, tmp_path / "again")
    np.testing.assert_array_equal(held.y, again.y)
    np.testing.assert_array_equal(held.rows, again.rows)


def test_a_tool_that_fails_is_measured_and_says_why(tmp_path: Path) -> None:
    measured = run_tool("lightgbm", Path(sys.executable), tmp_path, cap=30.0)
    assert "task.json" in measured["failed"] or "No module" in measured["failed"]
    assert measured["peak_mb"] > 0


def test_a_tool_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    measured = run_tool("lightgbm", Path(sys.executable), tmp_path, cap=0.0)
    assert measured["failed"] == "stopped after 0 s" or measured["wall_s"] < 0.2
