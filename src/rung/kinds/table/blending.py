"""Make the blend: one more pass over all families, on rows that leave its judges unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rung.compute import RunContext
from rung.core.blend import blend_weights
from rung.core.family import CrossFit, Family
from rung.core.fold_partners import GroupedFolds, group_folds
from rung.core.fold_searches import choosing_splits
from rung.core.folds import Folds
from rung.core.losses import unit_losses
from rung.core.verdict import SAME
from rung.errors import NotApplicable
from rung.families.blend import FAMILY, BlendModel, Member
from rung.kinds.attempt import Climbed, attempt, context_of, once
from rung.kinds.table.judge import out_of_fold
from rung.kinds.table.memory import MemoryLimit
from rung.kinds.table.prepare import PreparedTable
from rung.typing import Array

FEWEST_ROWS = 20


def climb_blend(
    families: Sequence[Climbed],
    prepared: PreparedTable,
    context: RunContext,
    seconds: dict[str, float],
    *,
    room: MemoryLimit,
) -> Climbed:
    """Blend the families that were scored.

    Every family is cross-fitted once more on training sets that leave out two or three folds, or
    hands over what it said of such folds while it chose. The
    shares for fold i are learned on the others left out with it, so nothing of fold i takes part
    in them; the shares of the final model are learned on all out-of-fold predictions.

    Parameters
    ----------
    families : sequence of Climbed
        What the ladder below did.
    prepared : PreparedTable
        Table, folds and problem.
    context : RunContext
        Of the run.
    seconds : dict
        Filled with the wall time.
    room : MemoryLimit
        What the run may hold.
    """
    scored = [one for one in families if one.fitted is not None]

    def work(_: RunContext) -> CrossFit:
        return _blend(scored, prepared, context, room)

    # Nothing long comes after it, and its members are kept: no need to keep it too.
    blend = attempt(FAMILY, work, replace(context, journal=None), seconds)
    return keep_if_better(blend, families, prepared)


def keep_if_better(blend: Climbed, families: Sequence[Climbed], prepared: PreparedTable) -> Climbed:
    """Leave the blend out where it loses as much as the best of its members, or is one of them."""
    if blend.fitted is None:
        return blend
    names = {share for one in blend.fitted.settings for share in one["shares"]}
    best, is_beaten = _beside_the_best(blend.fitted, families, prepared)
    if len(names) > 1 and is_beaten:
        return blend
    return Climbed(blend.family, None, f"is not better than its best member, {best}")


def _beside_the_best(
    blend: CrossFit, families: Sequence[Climbed], prepared: PreparedTable
) -> tuple[str, bool]:
    """Return the family that loses least, and whether a blend loses less than it."""
    fits = {one.family.name: one.fitted for one in families if one.fitted} | {FAMILY.name: blend}
    losses = unit_losses(out_of_fold(prepared, fits), prepared.metric.loss)
    means = dict(zip(losses.names, losses.means.tolist(), strict=True))
    best = min((name for name in means if name != FAMILY.name), key=means.__getitem__)
    return best, means[FAMILY.name] < (1 - SAME) * means[best]


def _blend(
    scored: Sequence[Climbed], prepared: PreparedTable, context: RunContext, room: MemoryLimit
) -> CrossFit:
    if len(scored) < 3:  # the constant and one more are no choice
        raise NotApplicable("a blend needs two families besides the constant")
    reason = room.reason_against_blend([one.family for one in scored])
    if reason:
        raise NotApplicable(reason)
    folds, grouped = prepared.folds, group_folds(prepared.folds)
    everywhere = range(len(folds.splits))
    fewest = min(len(grouped.rows(i)) for i in everywhere)
    if fewest < FEWEST_ROWS:
        raise NotApplicable(
            f"the shares for a fold would be learned on {fewest} rows; "
            f"a blend learns them on {FEWEST_ROWS} or more"
        )
    final = _final_shares(scored, folds, prepared)
    if np.count_nonzero(final) == 1:
        # Even shares that have seen every row leave the others out: no need to train them again.
        best = scored[int(final.argmax())].family.name
        raise NotApplicable(f"is not better than its best member, {best}")
    best = cannot_win(scored, grouped, prepared)
    if best:
        raise NotApplicable(f"is not better than its best member, {best}")
    seen = [
        at_hand(one.fitted, prepared.folds, grouped)
        or _again(one.family, prepared, grouped, context, room)
        for one in scored
    ]
    shares = [
        _shares([predictions[i] for predictions in seen], grouped.rows(i), prepared)
        for i in everywhere
    ]
    predictions = tuple(
        sum(
            (
                w * one.fitted.predictions[i]
                for w, one in zip(own, scored, strict=True)
                if one.fitted
            ),
            np.zeros(1),
        )
        for i, own in enumerate(shares)
    )
    names = [one.family.name for one in scored]
    return CrossFit(
        predictions=predictions,
        settings=tuple({"shares": _named(names, own)} for own in shares),
        model=BlendModel(
            tuple(
                Member(one.family, float(w), one.fitted.model)
                for w, one in zip(final, scored, strict=True)
                if w > 0 and one.fitted
            )
        ),
        notes=(
            "the final blend is "
            + ", ".join(f"{w:.0%} {name}" for name, w in _named(names, final).items()),
        ),
        models=tuple(_fold_models(scored, shares)),
    )


def _fold_models(scored: Sequence[Climbed], shares: Sequence[Array]) -> list[BlendModel]:
    """Return the blend of each fold's models; none where a member keeps no models of folds."""
    found = []
    for i, own in enumerate(shares):
        used = [(one, float(w)) for one, w in zip(scored, own, strict=True) if w > 0]
        if any(not (one.fitted and one.fitted.models) for one, _ in used):
            return []
        members = (Member(one.family, w, one.fitted.models[i]) for one, w in used if one.fitted)
        found.append(BlendModel(tuple(members)))
    return found


def at_hand(fitted: CrossFit | None, folds: Folds, grouped: GroupedFolds) -> tuple[Array, ...]:
    """Return what a family said, while it chose, of the rows that shares are learned on; or none.

    Folds that are taken out together are those that chose together. Where a family learned from
    a part of the rows, it says too little.

    Parameters
    ----------
    fitted : CrossFit or None
        Of the family.
    folds : Folds
        Of the run.
    grouped : GroupedFolds
        What is taken out together.
    """
    if fitted is None or len(fitted.paired) != len(folds.splits):
        return ()
    chosen = choosing_splits(folds)
    for i, said in enumerate(fitted.paired):
        rows, own = grouped.rows(i), chosen[i]
        if not own or len(said) != len(rows) or not np.array_equal(own[0].test, rows):
            return ()
    return fitted.paired


def _again(
    family: Family,
    prepared: PreparedTable,
    grouped: GroupedFolds,
    context: RunContext,
    room: MemoryLimit,
) -> tuple[Array, ...]:
    """Cross-fit a family without whole groups; return its predictions for each split's shares."""
    threads = room.threads(family, context.threads, is_blend=True)
    own = context_of(family, context, f"{family.name} (blend)", threads=threads)
    everywhere = range(len(prepared.folds.splits))

    def work() -> tuple[Array, ...]:
        fitted = family.cross_fit(prepared.problem, room.folds(family, grouped.folds), own)
        return tuple(grouped.of(fitted.predictions, i) for i in everywhere)

    said: tuple[Array, ...] = once(own, work)
    return said


def cannot_win(scored: Sequence[Climbed], grouped: GroupedFolds, prepared: PreparedTable) -> str:
    """Say which family a blend will not beat, from what is there already; empty if it may win.

    The shares for a split are learned on the rows that a fair trial would learn them on, from what
    models said of them that have seen rows of that split. This flatters the blend a little: what
    does not win here need not be trained for the trial.
    """
    fits = [one.fitted for one in scored if one.fitted]
    said = [_by_row(fit, prepared) for fit in fits]
    blended = []
    for i in range(len(prepared.folds.splits)):
        rows = grouped.rows(i)
        shares = _shares([each[rows] for each in said], rows, prepared)
        each_share = zip(shares, fits, strict=True)
        blended.append(sum((w * fit.predictions[i] for w, fit in each_share), np.zeros(1)))
    foretaste = replace(fits[0], predictions=tuple(blended))
    best, is_beaten = _beside_the_best(foretaste, scored, prepared)
    return "" if is_beaten else best


def _by_row(fitted: CrossFit, prepared: PreparedTable) -> Array:
    """Return out-of-fold predictions in the order of the rows; of repeats the last."""
    first = fitted.predictions[0]
    said = np.zeros((len(prepared.problem.y), first.shape[1]))
    for split, predicted in zip(prepared.folds.splits, fitted.predictions, strict=True):
        said[split.test] = predicted
    return said


def _shares(predictions: Sequence[Array], rows: Array, prepared: PreparedTable) -> Array:
    problem = prepared.problem
    return blend_weights(
        predictions, problem.y[rows], weight=problem.weights(rows), task=problem.task
    )


def _final_shares(scored: Sequence[Climbed], folds: Folds, prepared: PreparedTable) -> Array:
    """Learn shares on every out-of-fold prediction; with repeats each counts."""
    rows = np.concatenate([split.test for split in folds.splits])
    stacked = [np.concatenate(one.fitted.predictions) for one in scored if one.fitted]
    return _shares(stacked, rows, prepared)


def _named(names: Sequence[str], shares: Array) -> dict[str, float]:
    return {name: round(float(w), 4) for name, w in zip(names, shares, strict=True) if w > 0}
