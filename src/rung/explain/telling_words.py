"""Say which words tell most, by what the linear rung adds for them, with intervals.

A word's weight is what it adds, on average over the training texts that hold it, to the log odds of
a class or to the value. Intervals are those of coefficients (`rung.explain.formula`): the models of
the folds, each of which learned its words and weights from all rows but those of one fold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.core.dataset import Dataset
from rung.errors import UsageError
from rung.explain.explanation import Explained, Explanation
from rung.explain.formula import interval
from rung.families.word_sums import WordSumModel
from rung.typing import JSON, Array

MOST_TERMS = 12
FAMILY = "linear"


@dataclass(frozen=True)
class _Weights:
    """What each term adds to each class or to the value, (n_terms, n_heads), with interval ends."""

    terms: list[tuple[str, str, str]]
    value: Array
    low: Array
    high: Array
    n_texts: Array


def telling_words(found: Explained) -> list[JSON] | None:
    """Return the most telling words of each column of text; None where no line was fitted to any."""
    if not any(family.name == FAMILY for family in found.ladder.trained):
        return None
    model = found.ladder.model(FAMILY)
    if not isinstance(model, WordSumModel) or len(model.present) == 1 < len(model.absent):
        return None
    weights = _weigh(found, model)
    return [_column(found, model, weights, name) for name in model.encoder.names] or None


def words_of(found: Explained) -> list[JSON]:
    """Return the most telling words of a run.

    Raises
    ------
    UsageError
        If no column of text was read, or the linear rung was not fitted.
    """
    said = telling_words(found)
    if said is None:
        raise UsageError(
            "this run has no words to show: it has no column of text, or no linear rung",
            "name columns of text with texts=, and let 'linear' climb",
        )
    return said


def word_rows(columns: Sequence[JSON]) -> tuple[list[JSON], list[str]]:
    """Lay words out as rows of a table, and as lines."""
    rows: list[JSON] = [
        {"column": own["column"], "for": group["head"], **term}
        for own in columns
        for group in own["groups"]
        for term in group["terms"]
    ]
    lines = [
        f"{row['for']}: {row['term']!r} adds {row['adds']:.3g} "
        f"({row['low']:.3g} to {row['high']:.3g}), in {row['n_texts']} texts"
        for row in rows
    ]
    return rows, lines


def _weigh(found: Explained, model: WordSumModel) -> _Weights:
    design, encoder = found.prepared.problem.design, model.encoder
    assert isinstance(design, Dataset)
    first = encoder.table.width
    X = encoder.matrix(design)[:, first:].tocsc()
    n_texts = np.diff(X.indptr)
    usual = np.asarray(X.sum(axis=0)).ravel() / np.maximum(n_texts, 1)
    terms = encoder.terms()
    value = _of_classes(model) * usual[:, None]
    place = {term: i for i, term in enumerate(terms)}
    others = []
    for own in found.ladder.fitted(FAMILY).models:
        assert isinstance(own, WordSumModel)
        moved = np.zeros_like(value)
        if np.array_equal(own.present, model.present):
            known = [(place[t], j) for j, t in enumerate(own.encoder.terms()) if t in place]
            here, there = np.array(known, dtype=np.int64).reshape(-1, 2).T
            moved[here] = _of_classes(own)[there] * usual[here, None]
        others.append(moved.ravel())
    folds = found.prepared.folds
    is_jackknife = folds.kind not in ("time", "given") and folds.n_repeats == 1
    low, high = interval(value.ravel(), np.array(others), is_jackknife=is_jackknife)
    return _Weights(terms, value, low.reshape(value.shape), high.reshape(value.shape), n_texts)


def _of_classes(model: WordSumModel) -> Array:
    """Return weights of terms: of a value, of the log odds of the second of two, of each class."""
    own = model.coefficients[model.encoder.table.width :]
    return own - own.mean(axis=1, keepdims=True) if own.shape[1] > 1 else own


def _column(found: Explained, model: WordSumModel, weights: _Weights, name: str) -> JSON:
    """Return the most telling terms of one column, for each class or direction."""
    classes = found.prepared.problem.classes
    own = np.array([i for i, term in enumerate(weights.terms) if term[0] == name], dtype=np.int64)
    groups: list[JSON] = []
    for head, column, sign in _heads(model, classes):
        groups.append({"head": head, "terms": _terms(weights, own, column, sign)})
    folds = found.prepared.folds
    is_jackknife = folds.kind not in ("time", "given") and folds.n_repeats == 1
    return {
        "column": name,
        "n_terms": len(own),
        "what": "the log odds" if classes else f"the predicted {found.target}",
        "intervals": "95 % intervals" if is_jackknife else "smallest and largest of the folds",
        "groups": groups,
    }


def _heads(model: WordSumModel, classes: Sequence[str]) -> list[tuple[str, int, float]]:
    """Return what terms speak for: name, column of the weights, and sign."""
    if not classes:
        return [("more", 0, 1.0), ("less", 0, -1.0)]
    if len(model.present) == 2:
        first, second = (classes[k] for k in model.present)
        return [(second, 0, 1.0), (first, 0, -1.0)]
    return [(classes[k], j, 1.0) for j, k in enumerate(model.present)]


def _terms(weights: _Weights, own: Array, column: int, sign: float) -> list[JSON]:
    """Return the terms whose interval lies farthest on one side, words and pairs before pieces."""
    ends = (weights.low if sign > 0 else weights.high)[own, column] * sign
    is_piece = np.array([weights.terms[i][1] == "pieces" for i in own], dtype=bool)
    rows: list[JSON] = []
    for wanted, most in ((~is_piece, MOST_TERMS), (is_piece, MOST_TERMS // 2)):
        certain = np.flatnonzero(wanted & (ends > 0))
        for j in certain[np.argsort(-ends[certain], kind="stable")[:most]]:
            i = own[j]
            low, high = sorted(sign * w[i, column] for w in (weights.low, weights.high))
            rows.append(
                {
                    "term": weights.terms[i][2],
                    "part": weights.terms[i][1],
                    "adds": float(sign * weights.value[i, column]),
                    "low": float(low),
                    "high": float(high),
                    "n_texts": int(weights.n_texts[i]),
                }
            )
    return rows


EXPLANATION = Explanation(name="telling_words", make=telling_words)
