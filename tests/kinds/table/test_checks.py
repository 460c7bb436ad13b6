import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import rung
from rung.check import discover
from rung.core.findings import Finding
from rung.errors import TargetProblem, UnreadableFile, UsageError
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import prepare
from rung.workbench import check_table
from tests.realdata import real_data
from tests.workbench.frames import frame


def codes(findings: tuple[Finding, ...]) -> dict[str, tuple[str, ...]]:
    return {finding.code: finding.columns for finding in findings}


def marked(n_rows: int = 300) -> pl.DataFrame:
    """Return the frame with -99 in place of ten sizes."""
    first = pl.int_range(pl.len()) < 10
    return frame(n_rows).with_columns(size=pl.when(first).then(-99.0).otherwise(pl.col("size")))


def test_a_table_is_checked_with_and_without_a_target() -> None:
    table = marked().with_columns(copy=pl.col("mass") * 2 + 1)
    without = codes(check_table(table))
    assert without.pop("redundant") == ("copy", "mass")
    assert without == {"sentinel": ("size",), "identifier": ("object_id",), "constant": ("survey",)}
    told = {"leak": ("copy",), "strong_column": ("size",), **without}
    assert codes(check_table(table, target="mass")) == told


def test_fit_says_what_the_check_says() -> None:
    table = marked().with_columns(copy=pl.col("mass") * 2 + 1)
    run = rung.fit(table, target="mass", families=["constant"])
    assert run.result.findings == check_table(table, target="mass")


def test_checks_that_use_the_target_see_the_training_rows_only() -> None:
    table = frame(600).with_columns(copy=pl.col("mass") * 2 + 1)
    sealed = prepare(table, FitOptions("mass"))
    is_test = np.isin(np.arange(600), sealed.file_row[sealed.test])
    other = pl.Series(np.where(is_test, 7.0, table["mass"].to_numpy()))
    found = check_table(table, target="mass")
    assert "leak" in codes(found)
    assert found == check_table(table.with_columns(mass=other), target="mass")


def test_a_suspected_leak_is_dropped_on_demand() -> None:
    table = frame().with_columns(copy=pl.col("mass") * 2 + 1)
    assert "leak" not in codes(check_table(table, target="mass", drop=["copy"]))


def test_a_dropped_column_is_not_spoken_of() -> None:
    assert "constant" not in codes(check_table(frame(), drop=["survey"]))
    with pytest.raises(UsageError, match="column 'nothing' of drop not found"):
        check_table(frame(), drop=["nothing"])


def test_options_of_the_division_need_a_target() -> None:
    with pytest.raises(UsageError, match="option 'groups' needs a target"):
        check_table(frame(), groups="plate")


def test_unreadable_data_and_unknown_targets_are_errors(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"there is no file '.*absent\.csv'"):
        check_table(tmp_path / "absent.csv")
    with pytest.raises(TargetProblem, match="'masse' not found"):
        check_table(frame(), target="masse")


def test_the_shell_prints_json_alone_and_ends_with_0_or_3(tmp_path: Path) -> None:
    marked().write_csv(tmp_path / "t.csv")

    def shell(*words: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "rung", "check", *words]
        return subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)

    done = shell("t.csv", "--target", "kind", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)["findings"]
    assert {tuple(one) for one in found} == {("code", "severity", "columns", "message", "remedy")}
    assert {one["code"] for one in found} <= {check.code for check in discover()}
    assert shell("absent.csv").returncode == 3


def test_known_problems_of_a_real_table_are_found() -> None:
    path = real_data("xgass/xGASS_representative_sample.csv")
    found = check_table(path, target="lgGF")
    assert {("leak", ("lgMstar", "lgMHI")), ("sentinel", ("NUVr",)), ("identifier", ("GASS",))} <= {
        (finding.code, finding.columns) for finding in found
    }


@pytest.mark.parametrize(("token", "options", "said"), [
    ("NA", {}, "'NA' (20) of 80 cells are values here, not missing"),
    ("N/A", {}, "'N/A' (20) of 80 cells are read as missing"),
    ("NA", {"missing": "NA"}, None),
])  # fmt: skip
def test_a_word_for_missing_in_a_target_of_words_is_a_warning(token, options, said) -> None:
    table = {"x": np.arange(80.0) ** 2, "y": ["AO", "ZW", "BW", token] * 20}
    found = [one for one in check_table(table, target="y", **options) if one.code == "token"]
    assert [(one.severity, one.message) for one in found] == ([("warning", said)] if said else [])
    (counts,) = [
        one for one in check_table(table, target="y", **options) if one.code == "class_counts"
    ]
    assert f"has {4 if 'values' in str(said) else 3} classes" in counts.message


def test_few_groups_are_a_warning_that_says_how_settings_are_chosen() -> None:
    rng = np.random.default_rng(0)
    table = {"x": rng.normal(size=60), "site": ["a", "b"] * 30, "y": rng.normal(size=60)}
    found = prepare(table, FitOptions("y", groups="site")).findings
    (one,) = [one for one in found if one.code == "few_groups"]
    assert one.message.startswith("2 groups of 'site' are left to train on")


def test_positions_that_are_held_out_by_blocks_are_not_found_again() -> None:
    rng = np.random.default_rng(0)
    lon, lat = rng.uniform(-60, 60, size=(2, 400))
    y = np.sin(lon / 10) + np.cos(lat / 10) + rng.normal(size=400) / 10
    table = {"lon": lon, "lat": lat, "w": rng.normal(size=400), "y": y}
    assert "space" in {one.code for one in check_table(table, target="y")}
    assert "space" not in {one.code for one in check_table(table, target="y", space=("lon", "lat"))}
