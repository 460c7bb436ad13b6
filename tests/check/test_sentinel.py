import numpy as np
import pytest

from rung.check import Seen
from rung.check.sentinel import CHECK, evidence
from rung.core.dataset import Column, Dataset
from rung.core.family import Problem
from rung.core.sentinels import Sentinel, find_sentinels

VALUES = np.concatenate([np.linspace(1.0, 7.0, 60), [-99.0] * 4])


def seen(*, role: str = "feature", are_kept: bool = False, y: np.ndarray | None = None) -> Seen:
    dataset = Dataset((Column("x", "number", role),), {"x": VALUES}, len(VALUES))  # type: ignore[arg-type]
    problem = None if y is None else Problem("regression", dataset, y)
    return Seen(dataset, (), find_sentinels(dataset), are_kept, problem, "y")


def test_a_feature_is_read_as_missing_with_its_evidence() -> None:
    (found,) = CHECK.look(seen())
    assert (found.severity, found.columns) == ("warning", ("x",))
    assert found.message.startswith("-99 in 4 rows of 'x', next value 1: 16.7 times the range")
    assert found.remedy.startswith("read as missing; --keep-sentinels")


def test_the_switch_and_the_role_decide_what_was_done() -> None:
    assert CHECK.look(seen(are_kept=True))[0].remedy.startswith("kept as a number")
    assert CHECK.look(seen(role="identifier"))[0].remedy.startswith("not used as a feature")


def test_a_sentinel_in_the_target_is_an_alarm_and_left_as_it_is() -> None:
    found = CHECK.look(seen(y=VALUES))[0]
    assert (found.severity, found.columns) == ("alarm", ("y",))
    assert "left as it is" in found.remedy


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (Sentinel("x", 0.0, 9, 11.7, 3.2, False), "it may stand for missing"),
        (Sentinel("x", -99.0, 9, 1.0, 5e5, True, "colour"), "as in 'colour'"),
        (Sentinel("x", -99.0, 9, 1.0, 500.0, False), "the only negative value"),
        (Sentinel("x", -99.0, 9, 1.0, 0.0, False), "the only other"),
    ],
)
def test_the_evidence_says_how_far_it_goes(one: Sentinel, words: str) -> None:
    assert words in evidence(one)
