"""Note columns that by their names are made after the target, or by another model."""

from __future__ import annotations

from rung.check import Check, Seen
from rung.check.naming import words_of
from rung.core.findings import Finding

OF_A_MODEL = frozenset(
    (
        "pred",
        "preds",
        "predicted",
        "prediction",
        "predictions",
        "yhat",
        "forecast",
        "forecasted",
        "fitted",
        "proba",
        "probability",
        "logit",
        "logits",
        "photoz",
        "zphot",
        "zphoto",
        "residual",
        "residuals",
        "imputed",
        "posterior",
    )
)
OF_LATER = frozenset(
    (
        "after",
        "afterwards",
        "future",
        "next",
        "followup",
        "outcome",
        "outcomes",
        "final",
        "later",
        "subsequent",
        "post",
        "eventual",
        "ultimately",
        "resolved",
        "resolution",
    )
)


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return a note for each feature whose name says that it is made later, or by a model."""
    names = [column.name for column in seen.dataset.features if column.name != seen.target]
    return tuple(
        _note(name, why, seen.target) for name in names if (why := reason(name, seen.target))
    )


def reason(name: str, target: str) -> str:
    """Say what a name tells, or return an empty string.

    Examples
    --------
    >>> reason("predicted_price", "price"), reason("Area", "price")
    ("'predicted' names the output of a model", '')
    >>> reason("price_log", "price")
    'it holds the name of the target'
    """
    words = words_of(name)
    for word in words:
        if word in OF_A_MODEL:
            return f"{word!r} names the output of a model"
        if word in OF_LATER:
            return f"{word!r} names what is measured later"
    of_target = words_of(target)
    size = len(of_target)
    holds = any(words[i : i + size] == of_target for i in range(len(words) - size + 1))
    if size and sum(map(len, of_target)) > 3 and len(words) > size and holds:
        return "it holds the name of the target"
    return ""


def _note(name: str, why: str, target: str) -> Finding:
    return Finding(
        "later_by_name",
        "info",
        (name,),
        f"column {name!r}: {why}",
        f"if it is not known before {target} is, leave it out with --drop",
    )


CHECK = Check(
    code="later_by_name",
    title="columns that by their names come from a model or from after the target",
    severity="info",
    look=find,
    needs_target=True,
    remedy="if it is not known before the target is, leave it out with --drop",
)
