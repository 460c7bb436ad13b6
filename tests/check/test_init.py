import numpy as np
import pytest

from rung import check
from rung.check import SEVERITIES, Check, Seen, discover, run_checks
from rung.core.dataset import Dataset
from rung.core.family import Problem
from rung.core.findings import Finding

CODES = {
    "all_missing",
    "capped_target",
    "class_counts",
    "coded_number",
    "conflicting_rows",
    "constant",
    "dirty_number",
    "duplicate_rows",
    "far_cell",
    "groups",
    "heavy_tail",
    "identifier",
    "later_by_name",
    "leak",
    "mostly_missing",
    "near_constant",
    "near_duplicates",
    "nearly_unique",
    "numeric_category",
    "redundant",
    "sentinel",
    "shift",
    "space",
    "strong_column",
    "text",
    "time",
    "zero_inflated",
}
EMPTY = Dataset((), {}, 0)


def test_every_file_that_declares_a_check_is_found_once() -> None:
    found = discover()
    assert {check.code for check in found} == CODES
    assert len(found) == len(CODES)
    assert all(check.severity in SEVERITIES and check.title for check in found)
    assert all(check.source and check.remedy for check in found)


def test_checks_that_need_a_target_are_left_out_without_one() -> None:
    needing = {check.code for check in discover() if check.needs_target}
    assert needing == {
        "capped_target",
        "class_counts",
        "coded_number",
        "conflicting_rows",
        "groups",
        "heavy_tail",
        "later_by_name",
        "leak",
        "space",
        "strong_column",
        "time",
        "zero_inflated",
    }
    assert run_checks(Seen(EMPTY)) == ()


def test_the_gravest_finding_comes_first_and_what_no_check_speaks_for_is_kept() -> None:
    read = (Finding("constant", "info", ("a",), "one"), Finding("stray_quote", "warning", (), "q"))
    assert [finding.code for finding in run_checks(Seen(EMPTY, read))] == [
        "stray_quote",
        "constant",
    ]


def test_findings_keep_the_severity_that_their_check_declares_or_a_lesser_one() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=200)
    dataset = Dataset((), {}, 200)
    problem = Problem("binary", dataset, (x > 0).astype(int), ("a", "b"))
    gravest = {check.code: SEVERITIES.index(check.severity) for check in discover()}
    for finding in run_checks(Seen(dataset, problem=problem, target="y")):
        assert SEVERITIES.index(finding.severity) >= gravest[finding.code]


def test_what_columns_tell_is_measured_once() -> None:
    shown = Seen(EMPTY, problem=Problem("regression", EMPTY, np.zeros(0)), target="y")
    assert shown.skills is shown.skills
    assert Seen(EMPTY).skills is None


def test_numbers_that_cannot_be_computed_with_end_a_check_and_not_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(seen: Seen) -> tuple[Finding, ...]:
        raise np.linalg.LinAlgError("SVD did not converge")

    broken = Check(
        code="odd", title="t", severity="info", look=fail, source="practice", remedy="none"
    )
    monkeypatch.setattr(check, "discover", lambda: (broken,))
    (found,) = run_checks(Seen(EMPTY))
    assert (found.code, found.severity) == ("odd", "warning")
    assert "could not be made: LinAlgError: SVD did not converge" in found.message
