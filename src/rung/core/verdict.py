"""Decide which family is the simplest that is as good as the best, and say so.

For each family f and each rival g, the contrast c = loss(f) - loss(g) - margin(g).

- *worse*: the maximum over g of mean(c) / SE exceeds the 95 % quantile of the maximum of a
  Gaussian vector with the contrasts' correlation. This pays for having selected the leader.
- *as good*: for every g, mean(c) + t(95 %) · SE <= 0.
- *undecided* otherwise.

The choice climbs from the lowest step and passes only *worse* families. If the first survivor is
*as good*, it is taken: a claim. Else the simplest survivor within max(margin, s / √m) of the
leader is taken, and called undecided. As the order is fixed beforehand, no correction for the
number of steps is needed.

Sources: Hsu (1984), Annals of Statistics 12; Berger (1982), Technometrics 24 (intersection-union
tests); Maurer, Hothorn & Lehmacher (1995) (fixed sequences).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from rung.core.compare import (
    Contrasts,
    active_margin,
    contrasts,
    max_quantile,
    normal_draws,
    standard_errors,
)
from rung.core.losses import Losses
from rung.core.metrics import METRICS
from rung.core.result import Choice, Difference, Verdict
from rung.core.wording import Wording
from rung.errors import UsageError
from rung.typing import Array

LEVEL = 0.95
OUT_OF_REACH = 100.0
# Relative difference of mean losses that is rounding and no difference.
SAME = 1e-9
Rule = Literal["simplest", "leader"]


@dataclass(frozen=True)
class FamilyVerdict:
    """What the comparison says of one family.

    Attributes
    ----------
    family : str
        Its name.
    loss : float
        Mean loss.
    verdict : str
        `as good`, `worse` or `undecided`.
    difference : Difference
        Loss minus the leader's with its 95 % interval; for the leader minus its best rival's.
    margin : float
        Smallest difference that matters against this family as a rival, in the loss's unit.
    settle_rows : float or None
        For undecided: rows that would settle it, an order of magnitude; inf for over 100 times.
    bound : float
        95 % upper bound of how far its loss lies above the leader's.
    open_rival : str
        The rival that it may lose to by the most above the margin; empty if there is none.
    """

    family: str
    loss: float
    verdict: Verdict
    difference: Difference
    margin: float
    settle_rows: float | None
    bound: float
    open_rival: str = ""


@dataclass(frozen=True)
class Decision:
    """Hold the outcome: the choice with its sentence, and the verdict on every family."""

    choice: Choice
    families: Mapping[str, FamilyVerdict]

    @property
    def leader(self) -> str:
        """Name of the family with the smallest mean loss."""
        return self.choice.leader


def decide(
    losses: Losses,
    *,
    steps: Mapping[str, int],
    metric: str,
    margin: float | None = None,
    choose: Rule = "simplest",
    seed: int = 0,
) -> Decision:
    """Judge every family and choose one.

    Parameters
    ----------
    losses : Losses
        Of all families; one called `constant` sets the scale of the default margin.
    steps : mapping of str to int
        Place of each family on the ladder; equal steps go by name.
    metric : str
        Metric that the user reads; its loss must be the one in `losses`.
    margin : float, optional
        Smallest difference that matters, in the metric's unit.
    choose : str
        `simplest` climbs as the module says; `leader` takes the leader.
    seed : int
        Of the Monte Carlo quantiles.

    Raises
    ------
    UsageError
        If the margin is negative or not a number, or `choose` is unknown.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> rows = rng.random((200, 1)) + np.array([2.0, 1.0, 1.0])
    >>> means = rows.mean(axis=0)
    >>> names = ("constant", "linear", "boosting")
    >>> losses = Losses(names, means, rows - means, k=5, m=200, n_rows=200)
    >>> steps = {"constant": 0, "linear": 20, "boosting": 90}
    >>> decide(losses, steps=steps, metric="mae").choice.family
    'linear'
    """
    if choose not in ("simplest", "leader"):
        raise UsageError(
            f"choose='{choose}' is not a rule; accepted: simplest, leader", "use choose='simplest'"
        )
    losses = in_order(losses, steps)
    leader = find_leader(losses)
    margin_loss = None if margin is None else loss_margin(losses, metric, margin, leader)
    families = _judge(losses, leader, margin_loss, seed)
    chosen, verdict = _choose(losses, families, leader, choose)
    effective = families[leader].margin
    wording = Wording(METRICS[metric], losses, leader, effective)
    choice = Choice(
        family=losses.names[chosen],
        leader=losses.names[leader],
        verdict=verdict,
        is_claim=verdict == "as good",
        rule=choose,
        metric=metric,
        margin=wording.metric_difference(effective),
        margin_loss=effective,
        margin_source="default" if margin is None else "given",
        sentence=_sentence(wording, families, chosen, verdict),
    )
    return Decision(choice, {item.family: item for item in families})


def find_leader(losses: Losses) -> int:
    """Return the family with the smallest mean loss; the simpler one where only rounding differs.

    Two families can be the same model in other arithmetic, and which of them loses less by the
    last bit may differ between processors.
    """
    least = float(losses.means.min())
    return int(np.flatnonzero(losses.means <= least + SAME * abs(least))[0])


def in_order(losses: Losses, steps: Mapping[str, int]) -> Losses:
    """Return the losses sorted by step and name, so that the order given plays no part."""
    order = sorted(
        range(len(losses.names)), key=lambda i: (steps[losses.names[i]], losses.names[i])
    )
    return replace(
        losses,
        names=tuple(losses.names[i] for i in order),
        means=losses.means[order],
        influence=np.ascontiguousarray(losses.influence[:, order]),
        shown=None if losses.shown is None else losses.shown[order],
    )


def loss_margin(losses: Losses, metric: str, margin: float, leader: int) -> float:
    """Convert a margin in the metric's unit into the loss's, at the leader.

    Examples
    --------
    >>> means = np.array([4.0])
    >>> losses = Losses(("linear",), means, np.zeros((3, 1)), k=5, m=3, n_rows=3)
    >>> loss_margin(losses, "rmse", 0.5, 0)
    2.25
    """
    if not (math.isfinite(margin) and margin >= 0):
        raise UsageError(
            f"margin {margin} is not usable; accepted: a number from 0 up, in the unit of {metric}",
            "give the smallest difference that would matter to you, or leave it out",
        )
    if metric == "r2":
        return margin * losses.target_variance
    return METRICS[metric].loss_difference(margin, float(losses.means[leader]))


def _judge(
    losses: Losses, leader: int, margin: float | None, seed: int
) -> tuple[FamilyVerdict, ...]:
    from scipy.special import stdtrit

    n_families = len(losses.names)
    one_sided = float(stdtrit(max(losses.m - 1, 1), LEVEL))
    two_sided = float(stdtrit(max(losses.m - 1, 1), (1 + LEVEL) / 2))
    draws = normal_draws(n_families, seed)
    best_rival = _best_rival(losses, leader)
    judged = []
    for family in range(n_families):
        found = contrasts(losses, family, margin)
        critical = max_quantile(found.correlation, draws, LEVEL) if found.rivals else math.inf
        verdict = _verdict(found, critical, one_sided)
        own = active_margin(losses, family)[0] if margin is None else margin
        judged.append(
            FamilyVerdict(
                family=losses.names[family],
                loss=float(losses.means[family]),
                verdict=verdict,
                difference=_difference(
                    losses, family, best_rival if family == leader else leader, two_sided
                ),
                margin=own,
                settle_rows=_settle_rows(losses.n_rows, found, critical, one_sided)
                if verdict == "undecided"
                else None,
                bound=_bound(losses, leader, found, margin, one_sided),
                open_rival=found.rivals[int(found.upper(one_sided).argmax())]
                if found.rivals
                else "",
            )
        )
    return tuple(judged)


def _verdict(found: Contrasts, critical: float, quantile: float) -> Verdict:
    if not found.rivals:
        return "undecided"
    if found.ratios.max() > critical:
        return "worse"
    return "as good" if (found.upper(quantile) <= 0).all() else "undecided"


def _best_rival(losses: Losses, leader: int) -> int:
    others = [i for i in range(len(losses.names)) if i != leader]
    return min(others, key=lambda i: (losses.means[i], i), default=leader)


def _difference(losses: Losses, family: int, rival: int, quantile: float) -> Difference:
    mean = float(losses.means[family] - losses.means[rival])
    influence = losses.influence[:, [family]] - losses.influence[:, [rival]]
    if losses.m > 1 and not influence.any():
        return Difference(mean, mean, mean)
    half = quantile * float(_errors(losses, influence, losses.factor)[0])
    if abs(mean) + half <= SAME * abs(float(losses.means[rival])):
        return Difference(0.0, 0.0, 0.0)
    return Difference(mean, mean - half, mean + half)


def _errors(losses: Losses, influence: Array, factor: float | None) -> Array:
    return standard_errors(influence, losses.k, factor=factor, is_ordered=losses.is_ordered)


def _bound(
    losses: Losses, leader: int, found: Contrasts, margin: float | None, quantile: float
) -> float:
    """Bound the loss above the leader's through the contrast that the verdict tests."""
    name = losses.names[leader]
    if name not in found.rivals:
        return 0.0
    own = active_margin(losses, leader)[0] if margin is None else margin
    return own + float(found.upper(quantile)[found.rivals.index(name)])


def _settle_rows(n_rows: int, found: Contrasts, critical: float, quantile: float) -> float | None:
    """Return the rows at which the family would be worse, or as good, if the means stay.

    Standard errors shrink with the root of the rows: rows times (half-width / mean)².
    """
    if not found.rivals or not np.isfinite(found.errors).any():
        return None
    above = found.means > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        growth_worse = (critical * found.errors / found.means) ** 2
        growth_good = (quantile * found.errors / found.means) ** 2
    growth = growth_worse[above].min() if above.any() else np.nan_to_num(growth_good).max()
    return float(n_rows * growth) if growth <= OUT_OF_REACH else math.inf


def _choose(
    losses: Losses, families: tuple[FamilyVerdict, ...], leader: int, choose: Rule
) -> tuple[int, Verdict]:
    if choose == "leader":
        return leader, families[leader].verdict
    survivors = [i for i, item in enumerate(families) if item.verdict != "worse"]
    if families[survivors[0]].verdict == "as good":
        return survivors[0], "as good"
    gaps = losses.means - losses.means[leader]
    influence = losses.influence - losses.influence[:, [leader]]
    # The plain standard error: this is a preference for the simple, and claims nothing.
    plain = _errors(losses, influence, 1.0)
    reach = np.maximum(families[leader].margin, plain)
    return next(i for i in survivors if i == leader or gaps[i] <= reach[i]), "undecided"


def _sentence(
    wording: Wording,
    families: tuple[FamilyVerdict, ...],
    chosen: int,
    verdict: Verdict,
) -> str:
    if len(families) == 1:
        return wording.alone()
    if verdict == "as good":
        worse = sum(item.verdict == "worse" for item in families[:chosen])
        return wording.claim(chosen, families[chosen].bound, worse, chosen == worse)
    first = next(i for i, item in enumerate(families) if item.verdict != "worse")
    is_good, is_leader = families[chosen].verdict == "as good", chosen == wording.leader
    names = [item.family for item in families]
    own_rival = names.index(families[chosen].open_rival)
    return wording.undecided(
        chosen,
        rival=first if first != chosen and (is_good or is_leader) else own_rival,
        difference=families[chosen].difference,
        settle_rows=_rows_to_settle(families, chosen),
        is_good=is_good,
    )


def _rows_to_settle(families: tuple[FamilyVerdict, ...], chosen: int) -> float | None:
    """Return the rows that would settle the first family that is open, up to the chosen one."""
    still_open = [item for item in families[: chosen + 1] if item.verdict == "undecided"]
    return still_open[0].settle_rows if still_open else None
