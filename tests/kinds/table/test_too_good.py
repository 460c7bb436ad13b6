import numpy as np
import pytest

from rung.core.result import LadderEntry, Score
from rung.kinds.table.too_good import too_good
from tests.check.made import problem

RNG = np.random.default_rng(0)
Y = RNG.normal(size=600)
OWN = problem(Y, copy=Y + 0.05 * RNG.normal(size=600), noise=RNG.normal(size=600))


def entry(name: str, step: int, **means: float) -> LadderEntry:
    scores = {key: Score(mean, mean, mean) for key, mean in means.items()}
    return LadderEntry(name, name.title(), step, "scored", scores=scores)


GUESS = entry("constant", 0, r2=0.0, rmse=1.0, accuracy=0.6, log_loss=0.7)


@pytest.mark.parametrize(
    ("means", "said"),
    [
        ({"r2": 0.991}, "explains 0.9910 of the variance"),
        ({"r2": 0.9, "rmse": 0.009}, "has 0.90% of the constant guess's rmse"),
        ({"accuracy": 0.996}, "is right in 99.60% of the rows"),
        ({"log_loss": 0.006}, "has 0.86% of the constant guess's log_loss"),
    ],
)
def test_a_score_near_perfection_is_doubted_with_the_columns_that_carry_it(
    means: dict[str, float], said: str
) -> None:
    (found,) = too_good((GUESS, entry("linear", 10, **means)), OWN, "y")
    assert (found.code, found.severity) == ("too_good", "warning")
    assert found.message.startswith(f"Linear {said}")
    assert found.columns[0] == "copy"
    assert "skill of a column alone: 'copy' 0.99" in found.message


@pytest.mark.parametrize(
    "means", [{"r2": 0.989}, {"rmse": 0.011}, {"accuracy": 0.994}, {"log_loss": 0.0071}]
)
def test_good_scores_are_believed(means: dict[str, float]) -> None:
    assert too_good((GUESS, entry("linear", 10, **means)), OWN, "y") == ()


def test_a_trivial_table_and_a_guess_alone_raise_nothing() -> None:
    rare = entry("constant", 0, accuracy=0.98)
    assert too_good((rare, entry("linear", 10, accuracy=0.999)), OWN, "y") == ()
    assert too_good((GUESS,), OWN, "y") == ()
