"""Decide which family is the simplest that is as good as the best, and say so.

For each family f and each rival g, the contrast c = loss(f) - loss(g) - margin(g).

- *worse*: the maximum over g of mean(c) / SE exceeds the 95 % quantile of the maximum of a
  vector of Student's t with the contrasts' correlation. This pays for having selected the leader.
- *as good*: for every g, mean(c) + t(95 %) · SE <= 0.
- *undecided* otherwise, and with fewer than `FEWEST_GROUPS` groups always.

Means and errors are those of values without what is absurdly far from the rest, and a few values
that are may show the same by themselves (`rung.core.cutting`): a model that explodes on some rows
is *worse*, and hides nothing of the others.

The choice climbs from the lowest step and passes only *worse* families. If the first survivor is
*as good*, it is taken: a claim. Else the simplest survivor within max(margin, s / √m) of the
leader is taken that loses no more than the constant guess, and called undecided. As the order is
fixed beforehand, no correction for the number of steps is needed.

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
    difference_contrast,
    max_quantile,
    student_draws,
)
from rung.core.field_metrics import metric_named
from rung.core.losses import FEWEST_GROUPS, Losses
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
    settle_units : float or None
        For undecided: units (rows, groups, lines) that would settle it, an order of magnitude;
        inf for over 100 times.
    bound : float
        95 % upper bound of how far its loss lies above the leader's.
    open_rival : str
        For undecided: the rival that would be settled last; empty if there is none.
    """

    family: str
    loss: float
    verdict: Verdict
    difference: Difference
    margin: float
    settle_units: float | None
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
    >>> losses = Losses(names, means, rows - means, k=5, m=200, n_counted=200)
    >>> steps = {"constant": 0, "linear": 20, "boosting": 90}
    >>> decide(losses, steps=steps, metric="mae").choice.family
    'linear'
    """
    if choose not in ("simplest", "leader"):
        raise UsageError(
            f"--choose {choose!r} is not a rule; accepted: simplest, leader",
            "use --choose simplest",
        )
    losses = in_order(losses, steps)
    leader = find_leader(losses)
    margin_loss = None if margin is None else loss_margin(losses, metric, margin, leader)
    families = _judge(losses, leader, margin_loss, seed)
    chosen, verdict = _choose(losses, families, leader, choose)
    effective = families[leader].margin
    wording = Wording(metric_named(metric), losses, leader, effective)
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
        values=np.ascontiguousarray(losses.values[:, order]),
    )


def loss_margin(losses: Losses, metric: str, margin: float, leader: int) -> float:
    """Convert a margin in the metric's unit into the loss's, at the leader.

    Examples
    --------
    >>> means = np.array([4.0])
    >>> losses = Losses(("linear",), means, np.zeros((3, 1)), k=5, m=3, n_counted=3)
    >>> loss_margin(losses, "rmse", 0.5, 0)
    2.25
    """
    if not (math.isfinite(margin) and margin >= 0):
        raise UsageError(
            f"margin {margin} is not usable; accepted: a number from 0 up, in the unit of {metric}",
            "give the smallest difference that would matter to you, or leave it out",
        )
    if metric_named(metric).scale:
        return margin * losses.scale_of(metric_named(metric))
    return metric_named(metric).loss_difference(margin, float(losses.means[leader]))


def _judge(
    losses: Losses, leader: int, margin: float | None, seed: int
) -> tuple[FamilyVerdict, ...]:
    from scipy.special import stdtrit

    freedom = max(losses.m - 1, 1)
    one_sided = float(stdtrit(freedom, LEVEL))
    two_sided = float(stdtrit(freedom, (1 + LEVEL) / 2))
    draws = student_draws(len(losses.names), seed, freedom)
    best_rival = _best_rival(losses, leader)
    judged = []
    for family in range(len(losses.names)):
        found = contrasts(losses, family, margin)
        critical = max_quantile(found.correlation, draws, LEVEL) if found.rivals else math.inf
        verdict = _verdict(found, critical, one_sided, has_few=losses.has_few_groups)
        growth, open_rival = _growth(found, critical, one_sided)
        rival = best_rival if family == leader else leader
        judged.append(
            FamilyVerdict(
                family=losses.names[family],
                loss=float(losses.means[family]),
                verdict=verdict,
                difference=_difference(losses, family, rival, two_sided),
                margin=active_margin(losses, family)[0] if margin is None else margin,
                settle_units=_settle_units(losses, growth) if verdict == "undecided" else None,
                bound=_bound(losses, leader, found, margin, one_sided),
                open_rival=open_rival if verdict == "undecided" else "",
            )
        )
    return tuple(judged)


def _verdict(found: Contrasts, critical: float, quantile: float, *, has_few: bool) -> Verdict:
    if not found.rivals or has_few:
        return "undecided"
    if found.above.ratios.max() > critical or (found.above.tails > 0).any():
        return "worse"
    return "as good" if (found.upper(quantile) <= 0).all() else "undecided"


def _best_rival(losses: Losses, leader: int) -> int:
    others = [i for i in range(len(losses.names)) if i != leader]
    return min(others, key=lambda i: (losses.means[i], i), default=leader)


def _difference(losses: Losses, family: int, rival: int, quantile: float) -> Difference:
    if family == rival:
        return Difference(0.0, 0.0, 0.0)
    mean = float(losses.means[family] - losses.means[rival])
    found = difference_contrast(losses, family, rival)
    low, high = float(found.lower(quantile)[0]), float(found.upper(quantile)[0])
    if max(abs(low), abs(high), abs(mean)) <= SAME * abs(float(losses.means[rival])):
        return Difference(0.0, 0.0, 0.0)
    return Difference(mean, min(low, mean), max(high, mean))


def _bound(
    losses: Losses, leader: int, found: Contrasts, margin: float | None, quantile: float
) -> float:
    """Bound the loss above the leader's through the contrast that the verdict tests."""
    name = losses.names[leader]
    if name not in found.rivals:
        return 0.0
    own = active_margin(losses, leader)[0] if margin is None else margin
    return own + float(found.upper(quantile)[found.rivals.index(name)])


def _growth(found: Contrasts, critical: float, quantile: float) -> tuple[float, str]:
    """Return how many times the units would settle a family if the means stay, and the last rival.

    It is worse as soon as it is so against one rival that it loses more than; as good when it is
    against all. Standard errors shrink with the root of the units: (half-width / mean)².
    """
    if not found.rivals or not np.isfinite(found.above.errors).any():
        return math.nan, ""
    is_above = found.means > 0
    sides = (found.above, critical), (found.below, quantile)
    worse, good = (
        np.where(side.means > 0, (width * side.errors / _positive(side.means)) ** 2, np.inf)
        for side, width in sides
    )
    if is_above.any():
        last = int(np.where(is_above, worse, np.inf).argmin())
        return float(worse[last]), found.rivals[last]
    # where neither means nor errors differ from zero, nothing is open
    good = np.where((found.below.means == 0) & (found.below.errors == 0), 0.0, good)
    last = int(good.argmax())
    return float(good[last]), found.rivals[last]


def _positive(values: Array) -> Array:
    return np.where(values > 0, values, 1.0)


def _settle_units(losses: Losses, growth: float) -> float | None:
    """Return the units that would settle a family, at least as many as a verdict needs at all."""
    if math.isnan(growth):
        return None
    needed = losses.n_counted * growth
    if losses.has_few_groups:
        needed = max(needed, FEWEST_GROUPS)
    return float(needed) if growth <= OUT_OF_REACH else math.inf


def _choose(
    losses: Losses, families: tuple[FamilyVerdict, ...], leader: int, choose: Rule
) -> tuple[int, Verdict]:
    if choose == "leader":
        return leader, families[leader].verdict
    survivors = [i for i, item in enumerate(families) if item.verdict != "worse"]
    if families[survivors[0]].verdict == "as good":
        return survivors[0], "as good"
    near = (i for i in survivors if _is_near(losses, families, i, leader))
    return next(near, leader), "undecided"


def _is_near(losses: Losses, families: tuple[FamilyVerdict, ...], family: int, leader: int) -> bool:
    """Say whether a family is near enough to the leader to be taken for its simplicity.

    The reach is the plain standard error: this is a preference for the simple, and claims
    nothing. What loses more than the constant guess is never near.
    """
    if family == leader:
        return True
    plain = difference_contrast(replace(losses, factor=1.0), family, leader).above
    reach = max(families[leader].margin, float(plain.errors[0]))
    gap = float(losses.means[family] - losses.means[leader])
    return gap <= reach and float(losses.means[family]) <= _most_acceptable(losses)


def _most_acceptable(losses: Losses) -> float:
    if losses.baseline not in losses.names:
        return math.inf
    base = float(losses.means[losses.names.index(losses.baseline)])
    return base + SAME * abs(base)


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
    # What is open is a simpler family that may be as good, or else the family taken itself.
    first = next(i for i, item in enumerate(families) if item.verdict != "worse")
    is_good, is_leader = families[chosen].verdict == "as good", chosen == wording.leader
    names = [item.family for item in families]
    is_simpler_open = first != chosen and (is_good or is_leader)
    subject = first if is_simpler_open else chosen
    own_rival = families[chosen].open_rival
    return wording.undecided(
        chosen,
        rival=first if is_simpler_open else names.index(own_rival or names[wording.leader]),
        difference=families[chosen].difference,
        settle_units=families[subject].settle_units,
        is_good=is_good,
    )
