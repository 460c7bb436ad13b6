"""See where the sealed test contradicts the scores that the choice was made by.

A run holds two estimates of how well a family does: on rows that its fold models had not seen, and
on the sealed rows. They agree but for chance, unless something let the folds know what the sealed
rows did not tell, or the sealed rows are of another kind.

On independent rows their two intervals fail to meet in fewer than one of a hundred runs, all three
families together (measured for six kinds of tables of 100 to 2,000 rows, heavy tails among them).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from rung.core.field_metrics import metric_named
from rung.core.findings import Finding
from rung.core.result import Result, Score, TestScore

# Of the out-of-fold loss: a model that averages those of the folds, or learned from all of their
# rows, may be better than each of them by so much.
BETTER_BY_ITSELF = 0.25
# Of the constant's loss: in a table with as many rows of each class, a class that is rarer among
# the sealed rows is commoner in training, so that a constant always loses more on the former.
CONSTANT_SHARE = 0.1
# Metrics whose intervals are too short in small samples, or whose unit bends, and what is read
# instead of them.
READ_AS = {
    "r2": "rmse",
    "skill": "rmse",
    "balanced_accuracy": "accuracy",
    "bits_per_char": "nll",
    "perplexity": "nll",
}


@dataclass(frozen=True)
class Contradiction:
    """Two scores of one family, before and after the seal was opened."""

    family: str
    metric: str
    seen: Score
    sealed: TestScore

    @property
    def gap(self) -> float:
        """How far apart the intervals are; negative where they overlap."""
        return max(self.sealed.low - self.seen.high, self.seen.low - self.sealed.high)

    def said(self, *, has_one_split: bool) -> str:
        """Return both scores with their intervals, in as many digits as part them."""
        decimals = min(max(1 - math.floor(math.log10(self.gap)), 0), 12)

        def shown(*values: float) -> str:
            mean, low, high = (f"{value:,.{decimals}f}" for value in values)
            return f"{mean} ({low} to {high})"

        before, after = (
            ("on the verdict's part", "part") if has_one_split else ("out of fold", "rows")
        )
        return (
            f"{self.family} has {self.metric} {shown(self.seen.mean, self.seen.low, self.seen.high)} "
            f"{before} and {shown(self.sealed.value, self.sealed.low, self.sealed.high)} on the "
            f"sealed {after}"
        )

    def matters(self, margin_loss: float, *, is_fixed: bool) -> bool:
        """Tell whether the scores lie apart by chance hardly ever, and by more than the margin.

        Parameters
        ----------
        margin_loss : float
            Smallest difference that matters, in the unit of the metric's loss.
        is_fixed : bool
            Whether it is the constant guess.
        """
        metric, before, after = metric_named(self.metric), self.seen.mean, self.sealed.value
        loss = 1.0 - before if metric.greater_is_better else before
        margin = metric.difference(margin_loss, loss**2 if self.metric == "rmse" else loss)
        difference = abs(after - before)
        if not self.gap > 0 or difference <= margin:
            return False
        is_better = (after > before) == metric.greater_is_better
        by_itself = CONSTANT_SHARE if is_fixed else BETTER_BY_ITSELF if is_better else 0.0
        return difference > by_itself * loss


def contradictions(result: Result) -> tuple[Contradiction, ...]:
    """Return the families whose two intervals lie apart by more than what matters; choice first.

    Sealed scores that are better count where they are better by more than a final model can be
    by itself.
    """
    test = result.test
    metric = READ_AS.get(result.metric, result.metric)
    found: dict[str, Contradiction] = {}
    for role in ("choice", "leader", "constant"):
        family = (test.families or {}).get(role, "")
        sealed = (test.scores or {}).get(role, {}).get(metric)
        seen = next((one.scores or {} for one in result.ladder if one.family == family), {})
        if sealed is not None and metric in seen and family not in found:
            both = Contradiction(family, metric, seen[metric], sealed)
            is_fixed = family == (test.families or {}).get("constant")
            if both.matters(result.choice.margin_loss, is_fixed=is_fixed):
                found[family] = both
    return tuple(found.values())


def heed_sealed_test(result: Result) -> Result:
    """Return the result with an alarm where the sealed test contradicts it; the sentence says so.

    What was a claim is none then.
    """
    found = contradictions(result)
    if not found:
        return result
    first = found[0].said(has_one_split=result.folds.has_one_split)
    sentence = f"{result.choice.sentence}; the sealed test contradicts this: {first}"
    return replace(
        result,
        choice=replace(result.choice, sentence=sentence, is_claim=False),
        findings=(_alarm(result, found), *result.findings),
    )


def _alarm(result: Result, found: tuple[Contradiction, ...]) -> Finding:
    names = [one.family for one in found]
    reason, remedy = _reason(result, names)
    others = f" (and so for {' and '.join(names[1:])})" if names[1:] else ""
    message = (
        "the sealed test contradicts what the choice was made by: "
        f"{found[0].said(has_one_split=result.folds.has_one_split)}{others}; {reason}"
    )
    return Finding("sealed_test_contradicts", "alarm", (), message, remedy)


def _reason(result: Result, names: list[str]) -> tuple[str, str]:
    """Return what may be the reason, and what to do."""
    if result.folds.has_one_split:
        return (
            "the sealed part is of another kind than the verdict's",
            "expect of a text the score of the part that it resembles",
        )
    if result.folds.kind == "time":
        return (
            "the sealed rows are the latest: what comes differs from what was",
            (
                "expect the sealed score of what comes; train on later rows alone, or add columns that "
                "tell what changed"
            ),
        )
    if (result.test.families or {}).get("constant") in names:
        return (
            "even the constant guess differs, so the sealed rows are of another kind",
            (
                "rely on neither score; name what rows have in common with --groups, or what orders "
                "them with --time"
            ),
        )
    return (
        "its models may have known rows that they were scored on",
        (
            f"see that {names[0]} learns anew in every fold, or leave it out with --families; name "
            "what rows have in common with --groups"
        ),
    )
