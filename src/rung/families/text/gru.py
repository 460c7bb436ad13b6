"""Gated recurrent units: a network that remembers what it read, character by character."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rung.core.family import CheckpointStore, Context, CrossFit, Family, State
from rung.core.folds import Folds
from rung.errors import BadModelFile, NotApplicable
from rung.nets.characters.curve_record import curves, told
from rung.nets.characters.health import recurrent_health
from rung.prep.states import REMEDY, take_count, take_weights
from rung.text.passages import Passages
from rung.text.problem import TextProblem, unit_losses
from rung.typing import Array, Settings

if TYPE_CHECKING:
    from rung.nets.characters.recurrent import RecurrentMemory, RecurrentReader

NAME = "gru"
TOLD = ("context", "width", "hidden", "characters", "rate", "dropout")
FEWEST_TOKENS = 32
LONGEST_CONTEXT = 128
LIMITS = {"symbols": 1_200_000, "context": 4_096, "width": 4_096, "hidden": 4_096}


@dataclass(frozen=True)
class RecurrentModel:
    """Expect the next character from what is remembered.

    Attributes
    ----------
    reader : RecurrentReader
        Its sizes and weights.
    """

    reader: RecurrentReader

    def predict(self, design: Passages, rows: Array | None = None) -> Array:
        return self.reader.predict(design)

    def start(self, n: int) -> tuple[RecurrentMemory, Array]:
        return self.reader.start(n)

    def step(self, memory: RecurrentMemory, tokens: Array) -> tuple[RecurrentMemory, Array]:
        return self.reader.step(memory, tokens)

    def to_state(self) -> State:
        spec = {**self.reader.shape.to_settings(), "first": self.reader.first}
        return State(spec, {f"gru.{name}": each for name, each in self.reader.weights.items()})


def cross_fit(problem: TextProblem, folds: Folds, context: Context) -> CrossFit:
    """Train on the training part; keep the weights that expect the validation part best."""
    if problem.train.n_tokens < FEWEST_TOKENS:
        raise NotApplicable(
            f"a network needs at least {FEWEST_TOKENS} characters to learn from; "
            f"there are {problem.train.n_tokens}"
        )
    seed = int(context.rng(NAME, 0).integers(2**31))
    (found,) = context.map(_train, [(problem, context.device, seed, context.shelf(NAME))])
    model = RecurrentModel(_reader(found["shape"], problem.vocabulary.first, found["weights"]))
    return CrossFit(
        (),
        (told(found, TOLD),),
        model,
        unit_losses=(unit_losses(model, problem.verdict),),
        training=(
            {
                **curves(found["curve"]),
                **recurrent_health(problem, model.reader, found["learning"]),
            },
        ),
    )


def _train(job: tuple[TextProblem, str, int, CheckpointStore]) -> Mapping[str, Any]:
    from rung.nets.characters.fit_recurrent import learn_recurrent, plan_for
    from rung.nets.characters.recurrent import RecurrentShape

    problem, device, seed, shelf = job
    shape = RecurrentShape(problem.vocabulary.n_tokens, min(problem.context, LONGEST_CONTEXT))
    plan = plan_for(problem.train.n_tokens)
    return learn_recurrent(problem, shape, plan, device=device, seed=seed, shelf=shelf)


def load(state: State) -> RecurrentModel:
    """Turn a state into a model; every array must have the shape that the sizes ask for."""
    from rung.nets.characters.recurrent import RecurrentShape

    sizes = {name: take_count(state, name, low=1, high=high) for name, high in LIMITS.items()}
    first = take_count(state, "first", high=1)
    if sizes["symbols"] <= first:
        raise BadModelFile(f"a vocabulary of {sizes['symbols']} leaves nothing to expect", REMEDY)
    weights = {
        name: take_weights(state, f"gru.{name}", size)
        for name, size in RecurrentShape(**sizes).arrays().items()
    }
    return RecurrentModel(_reader(sizes, first, weights))


def _reader(sizes: Settings, first: int, weights: Mapping[str, Array]) -> RecurrentReader:
    from rung.nets.characters.recurrent import RecurrentReader, RecurrentShape

    return RecurrentReader(RecurrentShape(**sizes), first, weights)


FAMILY = Family(
    name=NAME,
    title="Gated recurrent units",
    step=800,
    tasks=("language modelling",),
    inputs="text",
    sources=("Cho et al. (2014), Learning phrase representations, arXiv:1406.1078",),
    final="same",
    cross_fit=cross_fit,
    load=load,
    needs=("torch",),
)
