"""Write models as formulas in the units of the table, with intervals of their coefficients.

An interval rests on the models of the folds: each learned from all rows but those of one fold, which
is the delete-a-group jackknife.

Source: Kott (2001), The delete-a-group jackknife, Journal of Official Statistics 17.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rung.core.family import Family
from rung.explain.explanation import Explained, Explanation
from rung.prep.curve_formula import at_knots_of
from rung.prep.formula import Bell, Formula, Missing
from rung.prep.formula_python import formula_python
from rung.prep.formula_text import formula_latex, formula_text
from rung.typing import JSON, Array

MOST_COEFFICIENTS, MOST_LETTERS = 60, 60_000
LEVEL = 0.95


def formulas(found: Explained) -> list[JSON] | None:
    """Return the formulas of the choice, the leader and the linear rung, where they have one."""
    names = [family.name for family in found.shown]
    wanted = [
        family
        for family in found.ladder.trained
        if family.formula and (family.name in names or family.name == "linear")
    ]
    return [formula_of(found, family) for family in wanted] or None


def formula_of(found: Explained, family: Family) -> JSON:
    """Return the formula of a family's final model.

    Returns
    -------
    dict
        `text` and `latex` as lines, `python` as a program, `coefficients` in the table's units with
        95 % intervals, and `n_more` of them that are left out.
    """
    assert family.formula is not None
    fitted = found.fitted(family)
    formula: Formula = family.formula(fitted.model)
    target, classes = found.target, found.prepared.problem.classes
    folds = found.prepared.folds
    is_jackknife = folds.kind not in ("time", "given") and folds.n_repeats == 1
    others = at_knots_of(formula, [family.formula(model) for model in fitted.models])
    rows = _coefficients(formula, others, classes, is_jackknife=is_jackknife)
    program = formula_python(formula, target, classes)
    return {
        "family": family.name,
        "title": family.title,
        "target": target,
        "link": formula.link,
        "is_straight": formula.is_straight(),
        "centres": formula.centres,
        "text": formula_text(formula, target, classes),
        "latex": formula_latex(formula, target, classes),
        "python": program if len(program) <= MOST_LETTERS else "",
        "intervals": "95 % intervals" if is_jackknife else "smallest and largest of the folds",
        "coefficients": rows[:MOST_COEFFICIENTS],
        "n_more": max(len(rows) - MOST_COEFFICIENTS, 0),
        "has_gaps": any(isinstance(piece, Missing) for piece in formula.pieces),
    }


def _coefficients(
    formula: Formula, others: Sequence[Formula], classes: Sequence[str], *, is_jackknife: bool
) -> list[JSON]:
    """Return a row for each coefficient and class, with its interval."""
    own = _by_class(formula, classes)
    folds = [_by_class(other, classes) for other in others]
    rows = []
    for key, values in own.items():
        nothing = np.zeros_like(values)
        made = np.array([fold.get(key, nothing) for fold in folds]).reshape(-1, len(values))
        low, high = interval(values, made, is_jackknife=is_jackknife)
        heads = _heads(formula, classes)
        rows += [
            {
                "what": list(key),
                "class": head,
                "value": float(values[k]),
                "low": float(low[k]),
                "high": float(high[k]),
            }
            for k, head in enumerate(heads)
        ]
    return rows


def _is_odds(formula: Formula, classes: Sequence[str]) -> bool:
    """Tell whether two scores are shown as one, the log odds of the second class."""
    has_bells = any(isinstance(piece, Bell) for piece in formula.pieces)
    return formula.link == "softmax" and len(classes) == 2 and not has_bells


def _heads(formula: Formula, classes: Sequence[str]) -> list[str]:
    if not classes:
        return [""]
    return [classes[1]] if _is_odds(formula, classes) else list(classes)


def _by_class(formula: Formula, classes: Sequence[str]) -> dict[tuple[str, ...], Array]:
    """Return coefficients as one number a class; scores of a softmax are taken from their mean."""
    found = {}
    for key, weights in formula.coefficients().items():
        values = np.array(weights)
        if formula.link == "softmax":
            is_free = key[-1:] not in {("mean",), ("deviation",)}
            spread = np.full(len(classes), np.nan)
            spread[list(formula.classes)] = values - (values.mean() if is_free else 0.0)
            values = spread[1:] - spread[:1] if _is_odds(formula, classes) else spread
        found[key] = values
    return found


def interval(values: Array, folds: Array, *, is_jackknife: bool) -> tuple[Array, Array]:
    """Return the ends of the intervals of coefficients.

    Parameters
    ----------
    values : ndarray, shape (n_coefficients,)
        Of the final model.
    folds : ndarray, shape (n_folds, n_coefficients)
        Of the models of folds.
    is_jackknife : bool
        Whether each of these left out one part of the rows; else their smallest and largest are
        returned.

    Examples
    --------
    >>> ends = interval(np.array([2.0]), np.array([[1.9], [2.1]]), is_jackknife=True)
    >>> [round(float(end[0]), 3) for end in ends]
    [0.729, 3.271]
    """
    from scipy.special import stdtrit

    if not len(folds):
        return values, values
    if not is_jackknife:
        return np.minimum(values, folds.min(axis=0)), np.maximum(values, folds.max(axis=0))
    k = len(folds)
    error = np.sqrt((k - 1) / k * ((folds - folds.mean(axis=0)) ** 2).sum(axis=0))
    half = float(stdtrit(k - 1, (1 + LEVEL) / 2)) * error
    return values - half, values + half


EXPLANATION = Explanation(name="formula", make=formulas)
