"""Say the outcome of a comparison in plain words, with numbers and units."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rung.core.losses import Losses
from rung.core.metrics import Metric
from rung.core.result import Difference


@dataclass(frozen=True)
class Wording:
    """Turn losses into sentences about a metric.

    Attributes
    ----------
    metric : Metric
        What the reader sees.
    losses : Losses
        Of all families, in the order of the ladder.
    leader : int
        Index of the family with the smallest loss.
    margin : float
        Smallest difference that matters against the leader, in the loss's unit.
    """

    metric: Metric
    losses: Losses
    leader: int
    margin: float

    def value(self, family: int) -> float:
        """Return a family's metric."""
        if self.metric.key == "r2" and self.losses.shown is not None:
            return float(self.losses.shown[family])
        return self.metric.value(float(self.losses.means[family]))

    def metric_difference(self, loss: float) -> float:
        """Convert a difference of losses into one of the metric, at the leader.

        It is positive for a larger loss, whichever direction of the metric is better.
        """
        if self.metric.key == "r2":
            variance = self.losses.target_variance
            return loss / variance if variance > 0 else 0.0
        return self.metric.difference(loss, max(float(self.losses.means[self.leader]), 0.0))

    def number(self, value: float) -> str:
        """Write a number with as many decimals as the margin needs for two digits."""
        margin = self.metric_difference(self.margin)
        size = margin if margin > 0 else abs(value) * 0.01
        decimals = min(max(1 - math.floor(math.log10(size)), 0), 8) if size > 0 else 3
        return f"{value:,.{decimals}f}"

    def named(self, family: int) -> str:
        """Name a family with its metric."""
        return f"{self.losses.names[family]} ({self.metric.key} {self.number(self.value(family))})"

    def alone(self) -> str:
        """Say that there was nothing to compare."""
        return f"undecided: only {self.named(0)} was scored, so there is nothing to compare it with"

    def claim(self, chosen: int, bound: float, n_worse: int, is_lowest: bool) -> str:
        """Say that the chosen family is as good as the best.

        Parameters
        ----------
        chosen : int
            Index of the family.
        bound : float
            Upper bound of its loss above the leader's.
        n_worse : int
            Simpler families that are worse.
        is_lowest : bool
            Whether no simpler family is as good or undecided.
        """
        margin = self.number(self.metric_difference(self.margin))
        if chosen != self.leader:
            most = self.number(max(self.metric_difference(bound), 0.0))
            return (
                f"{self.named(chosen)} is as good as the best, {self._leader()}: the difference "
                f"is at most {most}, within the margin {margin}"
            )
        text = f"{self.named(chosen)} is as good as any: no rival is better by the margin {margin}"
        if is_lowest and n_worse:
            return f"{text}, and {_simpler(n_worse)} worse by more than that"
        return text

    def undecided(
        self,
        chosen: int,
        *,
        rival: int,
        difference: Difference,
        settle_rows: float | None,
        is_good: bool,
    ) -> str:
        """Say that the data do not tell, what was taken, and how many rows would tell.

        Parameters
        ----------
        chosen : int
            Index of the family taken.
        rival : int
            Index of the family that keeps it open: a simpler one, or the one that the family taken
            may lose to by more than the margin.
        difference : Difference
            Of the family taken, to the leader.
        settle_rows : float or None
            Rows that would settle it.
        is_good : bool
            Whether the family taken is itself as good as the best.
        """
        margin = self.number(self.metric_difference(self.margin))
        if is_good:
            text = f"{self.named(chosen)} is as good as the best, but the data do not settle "
            text += f"whether the simpler {self.named(rival)} is too, at the margin {margin}"
        elif chosen == self.leader:
            text = f"{self.named(chosen)} leads, but the data do not settle it against "
            text += f"{self.named(rival)} at the margin {margin}"
        elif rival != self.leader:
            text = f"{self.named(chosen)} is near the best, {self._leader()}, but the data do not "
            text += f"settle it against {self.named(rival)} at the margin {margin}"
        else:
            low, high = (self._signed(end) for end in (difference.low, difference.high))
            text = f"{self.named(chosen)} cannot be told from the best, {self._leader()}: the "
            text += f"difference lies between {self.number(low)} and {self.number(high)}, "
            text += f"the margin is {margin}"
        return f"undecided: {text}{_rows(settle_rows, self.losses)}"

    def _leader(self) -> str:
        name = self.losses.names[self.leader]
        return f"{name} ({self.number(self.value(self.leader))})"

    def _signed(self, loss: float) -> float:
        if self.metric.key != "rmse" or loss >= 0:
            return self.metric_difference(loss)
        return max(self.metric_difference(loss), -self.value(self.leader))


def _simpler(count: int) -> str:
    return "the simpler family is" if count == 1 else f"all {count} simpler families are"


def _rows(settle_rows: float | None, losses: Losses) -> str:
    n_rows, counted = losses.n_rows, losses.counted
    if settle_rows is None:
        return ""
    if math.isinf(settle_rows):
        return f"; more than 100 times the {n_rows:,} {counted} would be needed to settle it"
    digits = -max(math.floor(math.log10(max(settle_rows, 1.0))) - 1, 0)
    return f"; about {round(max(settle_rows, n_rows), digits):,.0f} {counted} would settle it"
