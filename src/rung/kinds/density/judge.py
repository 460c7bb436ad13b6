"""Judge densities by how probable they make rows that they have not seen."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rung.compute import one_thread_each
from rung.core.bounds import SealedRows, sealed_scores
from rung.core.family import CrossFit
from rung.core.judge_predictions import score_families
from rung.core.losses import unit_losses
from rung.core.out_of_fold import OutOfFold
from rung.core.result import TestResult
from rung.errors import ResourceError
from rung.families.density import BASELINE
from rung.kinds.density.options import DensityOptions
from rung.kinds.density.prepare import PreparedRows
from rung.kinds.kind import Judged, Ladder, SealedTest


def judge(prepared: PreparedRows, fits: Mapping[str, CrossFit]) -> Judged:
    """Return losses and scores of families; the evidence is their out-of-fold log densities.

    Raises
    ------
    ResourceError
        If the density of each column alone, by which all are measured, is not among them.
    """
    if BASELINE not in fits:
        raise ResourceError("the columns alone could not be fitted", "run again with --debug")
    oof = OutOfFold(
        task="density",
        y=prepared.problem.y,
        splits=prepared.folds.splits,
        predictions={name: fitted.predictions for name, fitted in fits.items()},
        unit=prepared.unit[prepared.train],
    )
    return Judged(unit_losses(oof, prepared.metric.loss), score_families(oof), oof)


def sealed_test(prepared: PreparedRows, found: Ladder, options: DensityOptions) -> SealedTest:
    """Score the sealed rows with each distinct family, and return the test, not yet opened."""
    roles = {"constant": BASELINE, "choice": found.choice, "leader": found.leader}
    design = prepared.seen.take(prepared.test)
    with one_thread_each(), np.errstate(all="ignore"):
        logs = {name: found.model(name).predict(design) for name in sorted({*roles.values()})}

    def open_() -> TestResult:
        n = len(prepared.test)
        if not n:
            return TestResult(False, 0, prepared.seal.reason)
        rows = SealedRows("density", np.zeros(n), prepared.unit[prepared.test], len(prepared.train))
        of_role = {role: logs[name] for role, name in roles.items()}
        scores = sealed_scores(rows, of_role, seed=options.seed)
        return TestResult(True, n, families=roles, scores=scores)

    return SealedTest(open_)
