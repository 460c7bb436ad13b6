"""What families lost on rows that they had not seen, and the final test on sealed rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rung.core.events import ignore
from rung.core.family import Context, CrossFit, Problem
from rung.core.folds import Folds
from rung.errors import ResourceError
from rung.families.table.constant import FAMILY as CONSTANT
from rung.kinds.table.judge import judge, open_test, predict_sealed, sealed_test
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import PreparedTable, prepare
from rung.workbench.climb import Climb, climb
from tests.workbench.frames import frame

OPTIONS = FitOptions("mass", families=("constant", "linear"))
PREPARED = prepare(frame(400), OPTIONS)


def perfect(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Predict held-out rows without error; the final model is the constant guess."""
    fitted = CONSTANT.cross_fit(problem, folds, context)
    truth = tuple(problem.y[split.test][:, None] for split in folds.splits)
    return replace(fitted, predictions=truth)


def climbed(options: FitOptions = OPTIONS, prepared: PreparedTable = PREPARED) -> Climb:
    """Climb a small ladder."""
    return climb(prepared, options, ignore, {})


def test_losses_and_scores_are_of_out_of_fold_predictions() -> None:
    found = climbed()
    y = PREPARED.problem.y
    held = np.empty(len(y))
    for split, predictions in zip(
        PREPARED.folds.splits, found.fitted("linear").predictions, strict=True
    ):
        held[split.test] = predictions[:, 0]
    expected = np.sqrt(np.mean((y - held) ** 2))
    assert found.judged.scores["linear"]["rmse"].mean == pytest.approx(expected)
    assert set(found.judged.losses.names) == {"constant", "linear"}


def test_without_the_constant_guess_nothing_can_be_judged() -> None:
    with pytest.raises(ResourceError, match="constant guess"):
        judge(PREPARED, {"linear": climbed().fitted("linear")})


def test_a_confusion_matrix_counts_every_row_once() -> None:
    options = FitOptions("colour", families=("constant",))
    prepared = prepare(frame(400), options)
    counts = np.array(climbed(options, prepared).judged.confusion["constant"])
    assert counts.sum() == len(prepared.problem.y)
    assert climbed().judged.confusion == {}


def test_the_sealed_test_is_opened_when_it_is_called_and_not_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from rung.kinds.table import judge as module

    opened = []
    monkeypatch.setattr(module, "open_test", lambda *asked: opened.append(asked))
    sealed = sealed_test(PREPARED, climbed(), OPTIONS)
    assert not opened
    sealed.open()
    assert len(opened) == 1


def test_the_test_scores_the_final_model_on_sealed_rows_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from rung.workbench import climb as module

    odd = replace(CONSTANT, name="odd", title="Odd", step=50, cross_fit=perfect)
    monkeypatch.setattr(module, "select", lambda *asked: (CONSTANT, odd))
    found = climbed()
    test = open_test(PREPARED, predict_sealed(PREPARED, found), OPTIONS)
    assert (test.opened, test.n) == (True, len(PREPARED.test))
    assert test.scores is not None
    y, train = PREPARED.target.y[PREPARED.test], PREPARED.problem.y
    expected = np.sqrt(np.mean((y - train.mean()) ** 2))
    assert test.scores["constant"]["rmse"].value == pytest.approx(expected)
    assert not np.intersect1d(PREPARED.train, PREPARED.test).size
