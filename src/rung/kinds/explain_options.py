"""Declare what is asked beside the ladder: explanations, and where the models apply."""

from __future__ import annotations

from dataclasses import dataclass

from rung.kinds.declaration import OUTPUT, declare
from rung.kinds.values import switch


@dataclass(frozen=True, kw_only=True)
class ExplainOptions:
    """State what a run on a table works out beside the ladder.

    Attributes
    ----------
    explain : bool
        Importances, effects and formulas.
    applicability : bool
        What tells which rows to predict are unlike the training rows.
    leave_out : bool
        What each column is worth to the verdict.
    """

    explain: bool = declare(
        True,
        switch(means=False),
        "Leave out importances, effects and formulas: they take a part of the time more.",
        panel=OUTPUT,
        flag="--no-explain",
        recorded="given",
    )
    applicability: bool = declare(
        True,
        switch(means=False),
        "Leave out of the model file what tells which rows to predict are unlike the training rows.",
        panel=OUTPUT,
        flag="--no-applicability",
        recorded="given",
    )
    leave_out: bool = declare(
        False,
        switch(),
        "Leave out each column, train cheap rungs again, and say what it is worth to the verdict.",
        more="It takes as long as these rungs for each column; see also `run.explain.leave_out()`.",
        panel=OUTPUT,
        recorded="given",
    )
