"""Say the outcome of a comparison in plain words, with numbers and units."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rung.core.losses import Losses
from rung.core.metrics import Metric
from rung.core.numbers import decimals_for, number
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
        loss, scale = float(self.losses.means[family]), self.losses.scale_of(self.metric)
        if self.metric.scale:
            return 1.0 - (loss / scale if scale > 0 else float(loss > 0))
        return self.metric.value(loss)

    def metric_difference(self, loss: float) -> float:
        """Convert a difference of losses into one of the metric, at the leader.

        It is positive for a larger loss, whichever direction of the metric is better.
        """
        if self.metric.scale:
            scale = self.losses.scale_of(self.metric)
            return loss / scale if scale > 0 else 0.0
        return self.metric.difference(loss, max(float(self.losses.means[self.leader]), 0.0))

    def number(self, value: float) -> str:
        """Write a number with as many decimals as the margin needs for two digits.

        Four significant digits where the margin is so small that this would be more, or zero.
        """
        decimals = decimals_for(self.metric_difference(self.margin))
        own = decimals_for(abs(value), 4)
        if decimals is None or (own is not None and decimals > own + 4):
            decimals = own
        return number(value, max(decimals, 0) if decimals is not None else 3)

    def score(self, family: int) -> str:
        """Write a family's metric; two digits of its own where the margin would show it as zero."""
        value = self.value(family)
        shown = self.number(value)
        is_hidden = value != 0 and not shown.strip("0.\N{MINUS SIGN}")
        return number(value, decimals_for(abs(value))) if is_hidden else shown

    def named(self, family: int) -> str:
        """Name a family with its metric."""
        return f"{self.losses.names[family]} ({self.metric.key} {self.score(family)})"

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
        settle_units: float | None,
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
        settle_units : float or None
            Rows, groups or lines that would settle it.
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
            low, high = (self.metric_difference(end) for end in (difference.low, difference.high))
            between = f"between {self.number(low)} and {self.number(high)}"
            if difference.low > 0:
                text = f"{self.named(chosen)} is behind the best, {self._leader()}, by {between}, "
                text += f"and the data do not settle whether that is more than the margin {margin}"
            else:
                text = f"{self.named(chosen)} cannot be told from the best, {self._leader()}: the "
                text += f"difference lies {between}, the margin is {margin}"
        return f"undecided: {text}{_needed(settle_units, self.losses)}"

    def _leader(self) -> str:
        name = self.losses.names[self.leader]
        return f"{name} ({self.score(self.leader)})"


def _simpler(count: int) -> str:
    return "the simpler family is" if count == 1 else f"all {count} simpler families are"


def _needed(settle_units: float | None, losses: Losses) -> str:
    n, counted = losses.n_counted, losses.counted
    few = f"; {n} {counted} are too few to claim anything" if losses.has_few_groups else ""
    if settle_units is None:
        return few
    if math.isinf(settle_units):
        return f"{few}; more than 100 times the {n:,} {counted} would be needed to settle it"
    digits = -max(math.floor(math.log10(max(settle_units, 1.0))) - 1, 0)
    needed = round(max(settle_units, n), digits)
    return f"{few}; about {needed:,.0f} {counted} would settle it"
