"""Keep rows without a target where they are many, and say whether they helped."""

from __future__ import annotations

from collections.abc import Iterable

from rung.core.compare import difference_contrast
from rung.core.dataset import Dataset
from rung.core.findings import Finding, Severity
from rung.core.keys import content_digests, content_order
from rung.core.losses import Losses
from rung.core.metrics import Metric
from rung.core.numbers import decimals_for, number, signed
from rung.core.sentinels import Sentinel, blank_sentinels
from rung.core.task import TargetColumn
from rung.kinds.table.division import DivisionPlan

# Families that learn from rows without a target, each with one that does not.
TWINS = (("self_training", "linear"), ("label_spreading", "neighbours"))
LEVEL = 0.95
HELPED, HURT = "helped", "hurt"


def half_labelled(
    rest: Dataset,
    sentinels: Iterable[Sentinel],
    target: TargetColumn,
    division: DivisionPlan,
) -> Dataset | None:
    """Return the rows without a target, sorted by content, where families learn from them.

    That is where at least half of the rows have none, classes are asked for, and rows are
    independent: else features of groups, times or places would be seen that are held out.

    Parameters
    ----------
    rest : Dataset
        Rows without a target, with roles.
    sentinels : iterable of Sentinel
        Numbers that stand for missing.
    target : TargetColumn
        Of the other rows.
    division : DivisionPlan
        How rows depend.
    """
    is_dependent = division.is_grouped or division.time is not None
    if rest.n_rows < max(len(target.y), 1) or target.task == "regression" or is_dependent:
        return None
    ordered = rest.take(content_order(content_digests(rest)))
    return blank_sentinels(ordered, sentinels)


def missing_target(n_rows: int, n_missing: int, *, is_used: bool) -> tuple[Finding, ...]:
    """Say how many rows have no target, and what is done with them.

    Examples
    --------
    >>> missing_target(10, 6, is_used=True)[0].message
    '6 of 10 rows have no target: used by self_training and label_spreading alone'
    """
    if not n_missing:
        return ()
    message = f"{n_missing} of {n_rows} rows have no target and are left out"
    remedy = "fill them if they are known"
    if is_used:
        names = " and ".join(name for name, _ in TWINS)
        message = f"{n_missing} of {n_rows} rows have no target: used by {names} alone"
        remedy = "no score counts them; whether they helped is said of both families"
    return (Finding("missing_target", "info", (), message, remedy),)


def unlabelled_helped(losses: Losses, metric: Metric, *, is_used: bool) -> tuple[Finding, ...]:
    """Say of each family that learns from rows without a target whether they helped.

    Parameters
    ----------
    losses : Losses
        Of all families, row by row.
    metric : Metric
        What they are compared by.
    is_used : bool
        Whether they learned from such rows: named, they are climbed without any too.
    """
    named = [name for name, _ in TWINS if name in losses.names]
    if named and not is_used:
        return (
            Finding(
                "unlabelled_unused",
                "info",
                (),
                f"no row without a target was learned from: {' and '.join(named)} saw what the "
                "other families saw",
                "they take such rows where at least half of the rows have no target, and rows do "
                "not depend on one another",
            ),
        )
    said = [
        _compare(losses, name, twin, metric.key)
        for name, twin in TWINS
        if name in losses.names and twin in losses.names
    ]
    if not said:
        return ()
    severity: Severity = "warning" if any(word == HURT for word, _ in said) else "info"
    message = "; ".join(text for _, text in said)
    remedy = "they help where rows that are alike, or that a model is sure of, have one class"
    return (Finding("unlabelled_rows", severity, (), message, remedy),)


def _compare(losses: Losses, name: str, twin: str, key: str) -> tuple[str, str]:
    """Return in a word whether rows without a target helped, and the sentence with its numbers."""
    mean, low, high = paired(losses, losses.names.index(name), losses.names.index(twin))
    word = HELPED if high < 0 else HURT if low > 0 else "are not shown to help or to hurt"
    decimals = decimals_for((high - low) / 2)
    mean_text, low_text, high_text = (signed(number(one, decimals)) for one in (mean, low, high))
    return word, (
        f"rows without a target {word}: the loss of {name} less that of {twin}, which leaves them "
        f"out, is {mean_text} ({low_text} to {high_text}; {key})"
    )


def paired(losses: Losses, one: int, other: int) -> tuple[float, float, float]:
    """Return the mean difference of two losses with its 95 % interval, paired by row."""
    from scipy.special import stdtrit

    quantile = float(stdtrit(max(losses.m - 1, 1), (1 + LEVEL) / 2))
    found = difference_contrast(losses, one, other)
    mean = float(losses.means[one] - losses.means[other])
    low, high = float(found.lower(quantile)[0]), float(found.upper(quantile)[0])
    return mean, min(low, mean), max(high, mean)
