"""Every character as often as it was seen, whatever stands before it: the constant guess."""

from __future__ import annotations

from rung.core.family import Context, CrossFit, Family, State
from rung.core.folds import Folds
from rung.text.additive import Additive, counted_fit, load_additive
from rung.text.problem import TextProblem

ORDER = 1


def cross_fit(problem: TextProblem, folds: Folds, context: Context) -> CrossFit:
    """Count characters; what is added to counts is chosen by the validation part."""
    return counted_fit(problem, ORDER)


def load(state: State) -> Additive:
    """Turn a state into a model."""
    return load_additive(state, ORDER)


FAMILY = Family(
    name="unigram",
    title="Unigram counts",
    step=100,
    tasks=("language modelling",),
    inputs="text",
    sources=("Shannon (1951), Bell System Technical Journal 30",),
    final="same",
    cross_fit=cross_fit,
    load=load,
)
