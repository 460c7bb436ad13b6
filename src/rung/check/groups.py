"""Find rows that belong together: several of a subject, a plate, a station, a recording.

Their columns are known by names and codes of things, or by their values alone: the row most alike in
all other columns is of the same group far oftener than chance. Whether it matters is measured: the
price of random folds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from shlex import quote

import numpy as np

from rung.check import Check, Seen
from rung.check.entities import MANY_WORDS, Entity, find_entities, pairs_of
from rung.check.price import LITTLE, Price, Sheet, deal_units, make_sheet, measure, share, thin
from rung.core.dataset import Dataset
from rung.core.family import Problem
from rung.core.findings import Finding
from rung.core.likeness import (
    MostAlike,
    intraclass,
    same_group_share,
    smoothness,
    standard_ranks,
)
from rung.typing import Array

FEWEST_ROWS = 40
FEWEST_GROUPS = 5
# Numbers that no name says to be codes.
FEWEST_NUMBERS = 10
# A name or a code is believed where target or features are alike at all; values alone must speak
# loudly.
CHANCE = 1e-5
ALIKE_IF_NAMED, ALIKE = 0.1, 0.2
CERTAIN = 2.0
SURELY, SURELY_SHARE, SURELY_ALIKE = 1e-8, 0.05, 0.3
JUMPS = 0.6
MOST_PRICED = 3
MOST_FEATURES = 40
# Of two prices that differ by less, the group with a name of a thing is reported.
NEARLY = 0.8


@dataclass(frozen=True)
class GroupEvidence:
    """Say how alike the rows of an entity are, and what that is worth.

    Attributes
    ----------
    entity : Entity
        What divides the rows.
    in_target : float
        Intraclass correlation of the target.
    p_value : float
        Of its being chance.
    in_features : float
        How much oftener than chance the most similar row is of the same group.
    price : Price or None
        What random folds flatter by, once it is measured.
    """

    entity: Entity
    in_target: float
    p_value: float
    in_features: float
    price: Price | None = None

    @property
    def is_told(self) -> bool:
        """Whether a name or the form of the values says that it is a thing."""
        return self.entity.is_named or self.entity.is_code

    @property
    def is_alarm(self) -> bool:
        """Whether random folds flatter by more than matters; what nobody calls a thing must be sure."""
        entity, price = self.entity, self.price
        if price is None or not price.matters or entity.n_groups < FEWEST_GROUPS:
            return False
        if entity.is_named or entity.has_letters:
            return True
        if entity.is_number:
            return price.z > CERTAIN
        return price.low > 0

    @property
    def is_strong(self) -> bool:
        """Whether it is worth the measuring."""
        if self.is_told:
            return self.p_value < CHANCE or self.in_features >= ALIKE_IF_NAMED
        return self.in_features >= ALIKE

    @property
    def is_sure(self) -> bool:
        """Whether the likeness itself is worth a warning."""
        in_target = self.p_value < SURELY and self.in_target >= SURELY_SHARE
        is_visible = self.price is not None and self.price.difference > LITTLE
        return self.is_told and (self.in_features >= SURELY_ALIKE or (in_target and is_visible))


def find_groups(problem: Problem, target: str, seed: int = 0) -> tuple[Finding, ...]:
    """Find the column that says which rows belong together, and the price of not saying so.

    Parameters
    ----------
    problem : Problem
        Training rows.
    target : str
        Name of the target.
    seed : int
        Of samples and folds.

    Returns
    -------
    tuple of Finding
        Code `groups`: none, or one, for the entity with the highest price.
    """
    design = problem.design
    assert isinstance(design, Dataset)
    if design.n_rows < FEWEST_ROWS:
        return ()
    entities = find_entities(design, target)
    if not entities:
        return ()
    sheet = make_sheet(problem)
    strong = _gather(entities, sheet, seed)
    priced = [replace(one, price=_price(one, sheet, seed)) for one in strong[:MOST_PRICED]]
    best = _best(priced)
    return () if best is None else (_finding(best, design),)


def _gather(entities: Sequence[Entity], sheet: Sheet, seed: int) -> list[GroupEvidence]:
    """Return entities with strong evidence, the likeliest first."""
    near = MostAlike.of(standard_ranks(sheet.X), seed)
    found = []
    for entity in entities:
        if entity.is_possible and _is_thinkable(entity):
            others = [j for j, name in enumerate(sheet.owner) if name not in entity.columns]
            kept = _without_copies(sheet.X, others, entity.codes)
            left_out = [j for j in range(len(sheet.owner)) if j not in kept]
            pairs = near.without(left_out) if kept else None
            found.append(_evidence(entity, sheet, pairs))
    found.extend(_of_pairs(entities, sheet, near))
    strong = [one for one in found if one.is_strong and _is_no_quantity(one.entity, sheet)]
    return sorted(strong, key=lambda one: (-one.is_told, -one.in_features - one.in_target))


def _is_thinkable(entity: Entity) -> bool:
    if entity.is_named:
        return True
    if entity.is_number:
        return entity.n_groups >= (FEWEST_GROUPS if entity.is_long else FEWEST_NUMBERS)
    return entity.n_groups >= (FEWEST_GROUPS if entity.is_code else MANY_WORDS)


def _without_copies(X: Array, kept: list[int], codes: Array) -> list[int]:
    """Leave out a column that only renames the groups, unless several say the same of them.

    One such column is another spelling; two or more are what is known of a thing.
    """
    known = codes >= 0
    same = [j for j in kept if _is_function(X[known, j], codes[known])]
    return [j for j in kept if j not in same] if len(same) == 1 else kept


def _is_function(values: Array, codes: Array) -> bool:
    """Tell whether a column has one value in each group, and another one in most groups."""
    first = np.full(int(codes.max()) + 1, np.nan)
    first[codes] = values
    is_same = bool((first[codes] == values).all())
    return is_same and len(np.unique(first[np.unique(codes)])) > 0.5 * len(np.unique(codes))


def _evidence(entity: Entity, sheet: Sheet, pairs: tuple[Array, Array] | None) -> GroupEvidence:
    alike = 0.0 if pairs is None else same_group_share(pairs, entity.codes)
    outputs = [intraclass(sheet.y[:, j], entity.codes) for j in range(sheet.y.shape[1])]
    most = min(outputs, key=lambda one: (one.p_value, -one.share))
    return GroupEvidence(entity, most.share, most.p_value * len(outputs), alike)


def _of_pairs(entities: Sequence[Entity], sheet: Sheet, near: MostAlike) -> list[GroupEvidence]:
    """Return pairs of columns that together are one thing, as site and number of a subject.

    Among rows that are most alike, one column must agree far oftener than chance where the other
    one does, and the other way round: a column that is a thing by itself has no need of another.
    """
    names = {name for one in entities for name in one.columns}
    left_out = [j for j, name in enumerate(sheet.owner) if name in names]
    if len(left_out) == len(sheet.owner):
        return []
    asked, nearest = near.without(left_out)
    return [
        _evidence(together, sheet, (asked, nearest))
        for one, other, together in pairs_of(entities)
        if together.is_named or one.is_code or other.is_code
        if min(_given(one, other, asked, nearest), _given(other, one, asked, nearest))
        >= (ALIKE_IF_NAMED if together.is_named else ALIKE)
    ]


def _given(one: Entity, other: Entity, asked: Array, nearest: Array) -> float:
    """Return how much oftener than chance `one` agrees where `other` does."""
    agree = (other.codes[asked] == other.codes[nearest]) & (other.codes[asked] >= 0)
    if agree.sum() < 0.1 * len(asked):
        return 0.0
    found = float((one.codes[asked] == one.codes[nearest])[agree].mean())
    chances = []
    for code in np.unique(other.codes[asked[agree]]):
        inside = one.codes[other.codes == code]
        shares = np.unique(inside, return_counts=True)[1] / len(inside)
        chances.append(float((shares**2).sum()))
    chance = float(np.mean(chances))
    return (found - chance) / (1 - chance) if chance < 1 else 0.0


def _is_no_quantity(entity: Entity, sheet: Sheet) -> bool:
    """Tell whether numbers are codes: what they go with jumps from one to the next."""
    if not entity.is_number or entity.is_named:
        return True
    known = entity.codes >= 0
    steps = entity.codes[known]
    columns = [sheet.y[known, j] for j in range(sheet.y.shape[1])]
    columns += [
        np.nan_to_num(sheet.X[known, j], nan=float(np.nanmean(sheet.X[known, j])))
        for j, name in enumerate(sheet.owner[:MOST_FEATURES])
        if name not in entity.columns and np.isfinite(sheet.X[known, j]).any()
    ]
    ratios = [smoothness(one, steps) for one in columns if intraclass(one, steps).p_value < CHANCE]
    return bool(ratios) and float(np.min(ratios)) > JUMPS


def _price(one: GroupEvidence, sheet: Sheet, seed: int) -> Price:
    """Measure the price: of the column too, where it is told to be a thing; else of likeness alone."""
    codes = one.entity.codes.copy()
    lone = codes < 0
    codes[lone] = codes.max() + 1 + np.arange(int(lone.sum()))
    rows = thin(codes, seed)
    unit = codes[rows]
    sample, hidden = sheet.take(rows), one.entity.columns if one.is_told else ()
    if not one.is_told:
        sample = sample.without(one.entity.columns)
    return measure(sample, lambda again: deal_units(unit, again), unit, hidden=hidden, seed=seed)


def _best(priced: Sequence[GroupEvidence]) -> GroupEvidence | None:
    alarming = [one for one in priced if one.is_alarm]
    if alarming:
        most = max(_difference(one) for one in alarming)
        near = [one for one in alarming if _difference(one) >= NEARLY * most]
        return max(near, key=lambda one: (one.is_told, one.in_features + one.in_target))
    sure = [one for one in priced if one.is_sure]
    return max(sure, key=lambda one: one.in_features + one.in_target, default=None)


def _difference(one: GroupEvidence) -> float:
    assert one.price is not None
    return one.price.difference


def _finding(best: GroupEvidence, design: Dataset) -> Finding:
    entity, price = best.entity, best.price
    assert price is not None
    named = " and ".join(repr(name) for name in entity.columns)
    parts = f" ({entity.stem})" if entity.stem else ""
    n_rows = int((entity.codes >= 0).sum())
    values = f", such as {entity.examples(design)}" if len(entity.columns) == 1 else ""
    message = (
        f"{n_rows} rows are of {entity.n_groups} values of {named}{parts}{values}: "
        f"the most similar row is of the same one {share(best.in_features)} above chance, and "
        f"{share(best.in_target)} of the target's variance lies between them; {price.weigh()}"
    )
    return Finding(
        "groups", "alarm" if best.is_alarm else "warning", entity.columns, message, _remedy(best)
    )


def _remedy(best: GroupEvidence) -> str:
    entity = best.entity
    flag = f"--groups {quote(','.join(entity.columns))}"
    if entity.stem:
        flag = (
            f"make a column of its stem, and use --groups with it; until then {flag} is of no use"
        )
    elif len(entity.columns) > 1:
        flag = "join them into one column, and use --groups with it"
    else:
        flag = f"use {flag!r}".replace("'", "")
    return f"if new rows will be of others than these, {flag}"


def _find(seen: Seen) -> tuple[Finding, ...]:
    if seen.problem is None or any(column.role == "group" for column in seen.dataset.columns):
        return ()
    return find_groups(seen.problem, seen.target, seen.seed)


CHECK = Check(
    code="groups",
    title="rows that belong together",
    severity="alarm",
    source="Roberts et al. (2017), Ecography 40; Kapoor & Narayanan (2023), Patterns 4",
    remedy="keep rows of one group together with --groups COL",
    look=_find,
    needs_target=True,
)
