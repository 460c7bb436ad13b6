from dataclasses import replace

import numpy as np
import pytest

from rung.core.events import ignore
from rung.core.family import Context, CrossFit, Family, Problem
from rung.core.folds import Folds
from rung.errors import NotApplicable
from rung.families import find
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import prepare
from rung.workbench import climb as module
from rung.workbench.climb import Climb, climb
from tests.workbench.frames import frame

OPTIONS = FitOptions("mass")
PREPARED = prepare(frame(400), OPTIONS)
CONSTANT = find("constant")
assert CONSTANT is not None


def climbing(monkeypatch: pytest.MonkeyPatch, odd: Family) -> Climb:
    monkeypatch.setattr(module, "select", lambda *asked: (CONSTANT, odd))
    return climb(PREPARED, OPTIONS, ignore, {})


def family(cross_fit: object, **changes: object) -> Family:
    assert CONSTANT is not None
    odd = {"name": "odd", "title": "Odd", "step": 50, "cross_fit": cross_fit}
    return replace(CONSTANT, **(odd | changes))  # type: ignore[arg-type]


def perfect(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    assert CONSTANT is not None
    fitted = CONSTANT.cross_fit(problem, folds, context)
    truth = tuple(problem.y[split.test][:, None] for split in folds.splits)
    return replace(fitted, predictions=truth)


def test_what_does_not_apply_is_skipped_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*asked: object) -> CrossFit:
        raise NotApplicable("it rains")

    entry = climbing(monkeypatch, family(refuse)).ladder[1]
    assert (entry.status, entry.reason) == ("skipped", "it rains")


@pytest.mark.parametrize("error", [MemoryError("12 GB"), np.linalg.LinAlgError("singular")])
def test_a_failure_is_said_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*asked: object) -> CrossFit:
        raise error

    found = climbing(monkeypatch, family(fail))
    assert found.ladder[1].reason == f"failed: {type(error).__name__}: {error}"
    assert found.ladder[0].status == "scored"


def test_a_missing_library_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = climbing(monkeypatch, family(perfect, needs=("no_such_library",))).ladder[1]
    assert entry.reason == (
        "needs no_such_library, which is not installed: pip install no_such_library"
    )


def test_another_task_is_a_reason_to_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = climbing(monkeypatch, family(perfect, tasks=("binary",))).ladder[1]
    assert entry.reason == "does not do regression"


def test_weights_are_never_ignored_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    options = FitOptions("mass", weight="weight")
    monkeypatch.setattr(module, "select", lambda *asked: (CONSTANT, family(perfect, weights=False)))
    found = climb(prepare(frame(), options), options, ignore, {})
    assert found.ladder[1].reason == "does not honour weights of rows"


def test_a_perfect_family_leads_and_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    found = climbing(monkeypatch, family(perfect))
    assert found.decision.choice.family == "odd"
    assert found.decision.choice.is_claim
