import json
from dataclasses import replace
from pathlib import Path

import pytest

from rung.core.keys import KeyColumn
from rung.core.seal import Seal
from rung.errors import DataError
from rung.workbench.seals import SealRecord, post_hoc_finding, read_seal

SEAL = Seal("random", 3, 0.2, 1, (KeyColumn("a", "number"), KeyColumn("b", "string")), ("ab",))
FIRST = {"opened": True, "metric": "rmse", "families": ["constant", "linear"]}


def test_a_record_survives_its_file(tmp_path: Path) -> None:
    path = tmp_path / "seal.json"
    record = SealRecord(SEAL).add(FIRST)
    path.write_text(json.dumps(record.to_dict()))
    assert read_seal(path) == record
    assert record.openings == 1


@pytest.mark.parametrize("change", [{"schema": 9}, {"seal": {"kind": "odd"}}, {"runs": 3}])
def test_a_file_that_is_no_seal_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "seal.json"
    path.write_text(json.dumps(SealRecord(SEAL).to_dict() | change))
    with pytest.raises(DataError, match="is not a seal file"):
        read_seal(path)


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("time", {"cutoff": None}, "no cutoff for a seal by time"),
        ("time", {"columns": (), "cutoff": 3.0}, "no column for a seal of kind 'time'"),
        ("grouped", {"columns": ()}, "no column for a seal of kind 'grouped'"),
    ],
)
def test_a_seal_that_lacks_what_it_seals_by_is_refused(tmp_path: Path, kind, change, said) -> None:
    path = tmp_path / "seal.json"
    path.write_text(json.dumps(SealRecord(replace(SEAL, kind=kind, **change)).to_dict()))
    with pytest.raises(DataError, match=said):
        read_seal(path)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'.*nowhere.json' not found"):
        read_seal(tmp_path / "nowhere.json")


def test_the_first_opening_is_no_finding() -> None:
    assert post_hoc_finding(SealRecord(SEAL), FIRST) == ()


def test_a_changed_metric_is_post_hoc() -> None:
    (found,) = post_hoc_finding(SealRecord(SEAL).add(FIRST), FIRST | {"metric": "mae"})
    assert found.code == "post_hoc"
    assert "metric changed since" in found.message


def test_the_same_run_again_is_reopened() -> None:
    (found,) = post_hoc_finding(SealRecord(SEAL).add(FIRST), FIRST)
    assert found.code == "reopened"
