"""Counts of runs of characters with interpolated Kneser-Ney smoothing."""

from __future__ import annotations

from rung.core.family import Context, CrossFit, Family, State
from rung.core.folds import Folds
from rung.errors import BadModelFile
from rung.text.counted import REMEDY, read_grams, read_size
from rung.text.grams import count_grams, longest_order
from rung.text.kneser_ney import KneserNey, Level, levels_of, order_losses
from rung.text.problem import TextProblem, unit_losses

MOST_ORDERS = 12


def cross_fit(problem: TextProblem, folds: Folds, context: Context) -> CrossFit:
    """Count runs of every length; the validation part chooses the longest."""
    vocabulary = problem.vocabulary
    longest = min(MOST_ORDERS, longest_order(vocabulary.n_tokens), problem.context + 1)
    grams = count_grams(problem.train, longest, vocabulary.n_tokens)
    losses = order_losses(grams, problem.validation, vocabulary.n_predicted)
    order = int(losses.argmin()) + 1
    model = KneserNey(levels_of(grams[:order]), vocabulary.n_tokens, vocabulary.first)
    return CrossFit(
        (),
        ({"order": order, "runs": sum(len(one.keys) for one in grams[:order])},),
        model,
        _notes(len(grams), longest, order),
        unit_losses=(unit_losses(model, problem.verdict),),
    )


def _notes(counted: int, longest: int, order: int) -> tuple[str, ...]:
    if counted == longest or order < counted:
        return ()
    return (f"runs of more than {counted} characters are too many to keep, and were not counted",)


def load(state: State) -> KneserNey:
    """Turn a state into a model, after checking all of it."""
    n_tokens, first = read_size(state)
    order = state.spec.get("order")
    if type(order) is not int or not 1 <= order <= longest_order(n_tokens):
        raise BadModelFile(f"runs of {order!r} tokens cannot be counted", REMEDY)
    levels = tuple(
        Level(read_grams(state.arrays, one, n_tokens, first)) for one in range(1, order + 1)
    )
    return KneserNey(levels, n_tokens, first)


FAMILY = Family(
    name="ngram",
    title="Kneser-Ney n-grams",
    step=300,
    tasks=("language modelling",),
    inputs="text",
    sources=(
        "Kneser & Ney (1995), ICASSP",
        "Chen & Goodman (1999), Computer Speech & Language 13",
    ),
    final="same",
    cross_fit=cross_fit,
    load=load,
)
