"""Judge families of tables by what they predict for rows that they have not seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rung.compute import one_thread_each
from rung.core.bounds import SealedRows, sealed_scores
from rung.core.family import CrossFit
from rung.core.findings import Finding
from rung.core.judge_predictions import OutOfFold, confusion, score_families
from rung.core.losses import unit_losses
from rung.core.result import TestResult
from rung.errors import ResourceError
from rung.kinds.kind import Judged, Ladder, SealedTest
from rung.kinds.limits import LARGEST
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import PreparedTable
from rung.typing import Array

MOST_CLASSES_SHOWN = 30


def judge(prepared: PreparedTable, fits: Mapping[str, CrossFit]) -> Judged:
    """Return losses and scores of families; the evidence is their out-of-fold predictions."""
    oof = out_of_fold(prepared, fits)
    is_shown = 0 < len(oof.classes) <= MOST_CLASSES_SHOWN
    return Judged(
        losses=unit_losses(oof, prepared.metric.loss),
        scores=score_families(oof, prepared.metric),
        evidence=oof,
        confusion={name: confusion(oof, name) for name in fits} if is_shown else {},
    )


def out_of_fold(prepared: PreparedTable, fits: Mapping[str, CrossFit]) -> OutOfFold:
    """Return the matrix of rows x families.

    Raises
    ------
    ResourceError
        If the constant guess, by which all others are measured, is not among them.
    """
    if "constant" not in fits:
        raise ResourceError("the constant guess could not be made", "run again with --debug")
    return OutOfFold(
        task=prepared.problem.task,
        y=prepared.problem.y,
        splits=prepared.folds.splits,
        predictions={name: fitted.predictions for name, fitted in fits.items()},
        unit=prepared.units.train,
        classes=prepared.problem.classes,
        positive=prepared.positive,
        weight=prepared.problem.design.weight,
        counted=prepared.units.counted,
        is_ordered=prepared.units.is_ordered,
        own=prepared.metric,
    )


@dataclass(frozen=True)
class SealedPredictions:
    """What the constant, the choice and the leader predict for the sealed rows.

    Attributes
    ----------
    families : mapping of str to str
        Role to family.
    of_role : mapping of str to ndarray, each (n_test, n_outputs)
        Predictions, within limits that a loss can be computed with.
    n_beyond : mapping of str to int
        How many values of a family were not within them, if any.
    """

    families: Mapping[str, str]
    of_role: Mapping[str, Array]
    n_beyond: Mapping[str, int]


def sealed_test(prepared: PreparedTable, found: Ladder, options: FitOptions) -> SealedTest:
    """Predict the sealed rows, and return the final test, not yet opened."""
    predicted = predict_sealed(prepared, found)
    return SealedTest(
        lambda: open_test(prepared, predicted, options), beyond_findings(predicted.n_beyond)
    )


def predict_sealed(prepared: PreparedTable, found: Ladder) -> SealedPredictions:
    """Predict the sealed rows from their features, with the final model of each distinct family.

    Nothing is opened by it: what goes wrong here goes wrong before. A value that is not finite or
    too large counts as the largest, as any loss of it says enough.
    """
    roles = {"constant": "constant", "choice": found.choice, "leader": found.leader}
    design = prepared.dataset.take(prepared.test)
    with one_thread_each(), np.errstate(all="ignore"):
        predicted = {name: found.model(name).predict(design) for name in sorted({*roles.values()})}
    beyond = {name: int((~(np.abs(p) <= LARGEST)).sum()) for name, p in predicted.items()}
    bounded = {
        name: np.clip(np.nan_to_num(p, nan=LARGEST), -LARGEST, LARGEST) if beyond[name] else p
        for name, p in predicted.items()
    }
    return SealedPredictions(
        families=roles,
        of_role={role: bounded[name] for role, name in roles.items()},
        n_beyond={name: n for name, n in beyond.items() if n},
    )


def beyond_findings(n_beyond: Mapping[str, int]) -> tuple[Finding, ...]:
    """Shout about families that predict sealed rows beyond what a loss can be computed with."""
    return tuple(
        Finding(
            "wild_predictions",
            "alarm",
            (),
            f"{name} predicts {n} values of sealed rows that are not finite numbers, or beyond "
            f"{LARGEST:g}; they count as {LARGEST:g}",
            "look for numbers as large in the features",
        )
        for name, n in n_beyond.items()
    )


def open_test(
    prepared: PreparedTable, predicted: SealedPredictions, options: FitOptions
) -> TestResult:
    """Score the constant, the choice and the leader on the sealed rows.

    Parameters
    ----------
    prepared : PreparedTable
        Table with its sealed rows.
    predicted : SealedPredictions
        What they predict for them.
    options : FitOptions
        For the seed.
    """
    if not len(prepared.test):
        return TestResult(False, 0, prepared.sealing.seal.reason)
    y = prepared.target.y[prepared.test]
    rows = SealedRows(
        task=prepared.problem.task,
        y=y,
        unit=prepared.units.test,
        n_train=len(prepared.train),
        classes=prepared.problem.classes,
        positive=prepared.positive,
        weight=prepared.dataset.take(prepared.test).weight,
    )
    return TestResult(
        opened=True,
        n=len(prepared.test),
        families=predicted.families,
        scores=sealed_scores(rows, predicted.of_role, metric=prepared.metric, seed=options.seed),
        confusion=_confusion(prepared, y, predicted.of_role["choice"]),
    )


def _confusion(
    prepared: PreparedTable, y: Array, probability: Array
) -> tuple[tuple[float, ...], ...] | None:
    n_classes = len(prepared.problem.classes)
    if not 0 < n_classes <= MOST_CLASSES_SHOWN:
        return None
    weight = prepared.dataset.weight
    counts = np.zeros((n_classes, n_classes))
    share = np.ones(len(y)) if weight is None else weight[prepared.test]
    np.add.at(counts, (y, probability.argmax(axis=1)), share)
    return tuple(tuple(float(value) for value in row) for row in counts)
