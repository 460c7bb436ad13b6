"""Label what was made of the families that a stopped run had scored."""

from __future__ import annotations

from collections.abc import Sequence

from rung.compute import JobJournal
from rung.core.findings import Finding
from rung.core.result import LadderEntry, TestResult
from rung.errors import UsageError
from rung.families import baseline
from rung.kinds.kind import SealedTest

UNFINISHED = "was not trained before the run was stopped"


def partial_finding(ladder: Sequence[LadderEntry]) -> tuple[Finding, ...]:
    """Warn that families are missing, by name.

    Examples
    --------
    >>> partial_finding([LadderEntry("svm", "SVM", 700, "skipped", UNFINISHED)])[0].message
    'this is a partial run: svm was not trained before it was stopped'
    """
    missing = [entry.family for entry in ladder if entry.reason == UNFINISHED]
    if not missing:
        return ()
    were = "was" if len(missing) == 1 else "were"
    return (
        Finding(
            "partial_run",
            "warning",
            (),
            f"this is a partial run: {', '.join(missing)} {were} not trained before it was stopped",
            "go on with the same command and --resume; the sealed test (held-out test set) stays "
            "closed until then",
        ),
    )


def refuse_if_nothing_is_scored(journal: JobJournal | None, inputs: str) -> None:
    """Raise if the stopped run has not even scored the baseline.

    Raises
    ------
    UsageError
        With how to go on.
    """
    if journal is None or journal.finished(baseline(inputs)) is None:
        raise UsageError(
            "the stopped run has scored no family yet; there is nothing to take",
            "go on with the same command and --resume",
        )


def left_closed(sealed: SealedTest, ladder: Sequence[LadderEntry]) -> SealedTest:
    """Return the final test of a partial run: it stays closed, for the whole run to open."""
    reason = "a partial run leaves the held-out test set closed, for the whole run to open"
    return SealedTest(
        lambda: TestResult(False, 0, reason), (*partial_finding(ladder), *sealed.findings)
    )
