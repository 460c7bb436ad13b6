"""Say how many independent rows would tell as much as rows that depend on each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rung.core.compare import standard_errors
from rung.core.losses import estimate
from rung.core.out_of_fold import OutOfFold
from rung.typing import Array


def effective_rows(oof: OutOfFold, family: str, loss: str) -> float:
    """Return the effective number of rows behind a family's mean loss.

    It is the variance of a row's loss over the squared standard error of the mean by units: the
    number of rows over what surveys call the design effect.

    Parameters
    ----------
    oof : OutOfFold
        Predictions, and units of rows that are alike.
    family, loss : str
        Whose mean, as in `rung.core.losses.estimate`.

    Returns
    -------
    float
        From 1 to the number of scored rows.

    Source
    ------
    Kish (1965), Survey Sampling, ch. 5.

    Examples
    --------
    >>> from rung.core.folds import partition_folds
    >>> unit = np.repeat(np.arange(50), 4)
    >>> y = np.random.default_rng(0).normal(size=50)[unit]
    >>> splits = partition_folds(unit % 5).splits
    >>> zeros = {"zero": tuple(np.zeros((40, 1)) for _ in splits)}
    >>> oof = OutOfFold("regression", y, splits, zeros, unit=unit)
    >>> round(effective_rows(oof, "zero", "squared_error"))
    49
    """
    rows = replace(oof, unit=np.arange(len(oof.y)), is_ordered=False)
    by_row = _error(estimate(rows, family, loss).influence, rows)
    by_unit = _error(estimate(oof, family, loss).influence, oof)
    n_rows = len(oof.scored)
    if not (np.isfinite(by_unit) and by_unit > by_row):
        return float(n_rows) if np.isfinite(by_unit) else 1.0
    return max(n_rows * (by_row / by_unit) ** 2, 1.0)


def _error(influence: Array, oof: OutOfFold) -> float:
    found = standard_errors(influence[:, None], oof.n_folds, factor=1.0, is_ordered=oof.is_ordered)
    return float(found[0])
