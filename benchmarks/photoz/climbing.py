"""Climb the ladder on one case through the public door, and keep what astronomers ask for."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

import rung
from benchmarks.photoz.cases import Case
from benchmarks.photoz.metrics import compared, measured, residuals

SEED = 0


@dataclass
class Clock:
    """Listen to a run, and note the processor seconds of each family."""

    seconds: dict[str, float] = field(default_factory=dict)
    start: float = 0.0

    def __call__(self, event: Any) -> None:
        """Take the time where a family begins and ends."""
        if event.kind == "family":
            self.start = time.process_time()
        elif event.kind in ("scored", "skipped"):
            self.seconds[event.family] = time.process_time() - self.start


@dataclass(frozen=True)
class Climbed:
    """A run, the table it was given, and the processor seconds of its families."""

    case: Case
    frame: pl.DataFrame
    run: rung.Run
    seconds: dict[str, float]

    def residuals(self, family: str) -> np.ndarray:
        """Return dz of rows that the family's models had not seen; shape (n_scored,)."""
        found = self.run.out_of_fold
        return residuals(found[family], found["target"])


def climb(case: Case) -> Climbed:
    """Read the table and run `rung.fit` on one thread."""
    from sklearn.model_selection import KFold

    frame, clock = case.table(), Clock()
    options: dict[str, Any] = {"folds": KFold(5), "test_fraction": 0} if case.is_course else {}
    run = rung.fit(
        frame,
        target=case.target,
        features=list(case.features),
        families=list(case.families),
        keep_sentinels=case.keeps_sentinels,
        seed=SEED,
        threads=1,
        device="cpu",
        ledger=False,
        listener=clock,
        **options,
    )
    return Climbed(case, frame, run, clock.seconds)


def record(climbed: Climbed) -> dict[str, Any]:
    """Return all figures of a run but those of the sealed rows' redshifts."""
    run, case = climbed.run, climbed.case
    result = run.result
    families = {}
    for entry in result.ladder:
        if entry.scores is None:
            families[entry.family] = {"skipped": entry.reason}
            continue
        scores = {key: entry.scores[key] for key in ("rmse", "r2")}
        one: dict[str, Any] = {
            key: [score.mean, score.low, score.high] for key, score in scores.items()
        }
        one["r2_per_fold"] = list(scores["r2"].per_fold)
        one["verdict"] = entry.verdict
        one["processor_s"] = round(climbed.seconds[entry.family], 2)
        if case.target == "redshift":
            one |= measured(climbed.residuals(entry.family), seed=SEED)
        families[entry.family] = one
    return {
        "title": case.title,
        "features": list(case.features),
        "rows": result.dataset.rows,
        "scored": len(run.out_of_fold["row"]),
        "families": families,
        "choice": run.verdict.family,
        "leader": run.verdict.leader,
        "is_claim": run.verdict.is_claim,
        "sentence": str(run.verdict),
        "findings": [f"{one.code}: {one.message}" for one in result.findings],
        "sealed": sealed(climbed),
    }


def sealed(climbed: Climbed) -> dict[str, Any] | None:
    """Return the choice's scores on the sealed rows, those of the field among them."""
    run, case = climbed.run, climbed.case
    test = run.result.test
    if not test.opened or test.scores is None or test.families is None:
        return None
    found: dict[str, Any] = {"n": test.n, "family": run.verdict.family}
    for role, scores in test.scores.items():
        found[role] = {
            "family": test.families[role],
            **{
                key: [scores[key].value, scores[key].low, scores[key].high]
                for key in ("rmse", "r2")
            },
        }
    rows = climbed.frame[_sealed_rows(climbed)]
    truth, said = rows[case.target].to_numpy(), run.model.predict(rows)
    again = float(np.sqrt(np.mean((said - truth) ** 2)))
    # The rows that were left are those that were sealed, or the figures would be of other rows.
    np.testing.assert_allclose(again, found["choice"]["rmse"][0], rtol=1e-9)
    if case.target == "redshift":
        found["choice"] |= measured(residuals(said, truth), seed=SEED)
    return found


def _sealed_rows(climbed: Climbed) -> np.ndarray:
    is_sealed = np.ones(climbed.frame.height, dtype=bool)
    is_sealed[climbed.run.out_of_fold["row"]] = False
    return np.flatnonzero(is_sealed)


def by_class(climbed: Climbed, family: str) -> dict[str, Any]:
    """Return a family's figures on each kind of object; the label divides rows, after the fact."""
    labels = climbed.frame["class"].to_numpy()[climbed.run.out_of_fold["row"]]
    dz = climbed.residuals(family)
    found: dict[str, Any] = {}
    for label in np.unique(labels).tolist():
        own = dz[labels == label]
        found[label] = {"n": len(own), **measured(own, seed=SEED)}
    return found


def held_against(before: Climbed, after: Climbed) -> dict[str, Any]:
    """Return how scatter and outliers change from one case to another, family by family.

    The rows and their folds are the same, so that they are resampled as pairs.
    """
    for key in ("row", "fold"):
        np.testing.assert_array_equal(before.run.out_of_fold[key], after.run.out_of_fold[key])
    return {
        family: {
            name: compared(before.residuals(family), after.residuals(family), name=name, seed=SEED)
            for name in ("scatter", "outliers")
        }
        for family in after.case.families
        if family != "constant"
    }
