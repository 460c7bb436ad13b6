"""A small transformer that reads what came before and expects what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rung.core.family import CheckpointStore, Context, CrossFit, Family, State
from rung.core.folds import Folds
from rung.errors import BadModelFile, NotApplicable
from rung.nets.characters.curve_record import curves, told
from rung.nets.characters.health import gpt_health
from rung.prep.states import REMEDY, take_count, take_weights
from rung.text.passages import Passages
from rung.text.problem import TextProblem, unit_losses
from rung.typing import Array, Settings

if TYPE_CHECKING:
    from rung.nets.characters.gpt_forward import GPTReader, KeyValueCache

NAME = "gpt"
TOLD = ("context", "layers", "heads", "width", "steps", "rows", "dropout", "precision", "threads")
FEWEST_TOKENS = 64
LIMITS = {"symbols": 1_200_000, "context": 4_096, "layers": 64, "heads": 64, "width": 4_096}
LARGEST_TABLE = 1 << 20
# Shares of attention of one text and layer: no weight bounds them, and 64 heads could ask for 7 GB.
MOST_SHARES = 1 << 25


@dataclass(frozen=True)
class GPTModel:
    """Expect the next character with a trained GPT.

    Attributes
    ----------
    reader : GPTReader
        Its sizes and weights.
    """

    reader: GPTReader

    def predict(self, design: Passages, rows: Array | None = None) -> Array:
        return self.reader.predict(design)

    def start(self, n: int) -> tuple[KeyValueCache, Array]:
        return self.reader.start(n)

    def step(self, memory: KeyValueCache, tokens: Array) -> tuple[KeyValueCache, Array]:
        return self.reader.step(memory, tokens)

    def to_state(self) -> State:
        spec = {**self.reader.shape.to_settings(), "first": self.reader.first}
        return State(spec, {f"gpt.{name}": each for name, each in self.reader.weights.items()})


def cross_fit(problem: TextProblem, folds: Folds, context: Context) -> CrossFit:
    """Train one GPT whose size follows from the length of the text."""
    if problem.train.n_tokens < FEWEST_TOKENS:
        raise NotApplicable(
            f"a GPT needs at least {FEWEST_TOKENS} characters to learn from; "
            f"there are {problem.train.n_tokens}"
        )
    seed = int(context.rng(NAME, 0).integers(2**31))
    (found,) = context.map(_train, [(problem, context.device, seed, context.shelf(NAME))])
    model = GPTModel(_reader(found["shape"], problem.vocabulary.first, found["weights"]))
    return CrossFit(
        (),
        (told(found, TOLD),),
        model,
        unit_losses=(unit_losses(model, problem.verdict),),
        training=(
            {
                **curves(found["curve"]),
                **gpt_health(problem, model.reader, found["learning"]),
            },
        ),
    )


def _train(job: tuple[TextProblem, str, int, CheckpointStore]) -> Mapping[str, Any]:
    from rung.nets.characters.learn import learn_gpt

    problem, device, seed, shelf = job
    return learn_gpt(problem, device=device, seed=seed, shelf=shelf)


def load(state: State) -> GPTModel:
    """Turn a state into a model; every weight must have the shape that the sizes ask for."""
    sizes = {name: take_count(state, name, low=1, high=high) for name, high in LIMITS.items()}
    sizes["table"] = take_count(state, "table", low=1, high=LARGEST_TABLE)
    if sizes["width"] % (2 * sizes["heads"]):
        raise BadModelFile(
            f"{sizes['heads']} heads do not share the width {sizes['width']} in pairs", REMEDY
        )
    if sizes["heads"] * sizes["context"] ** 2 > MOST_SHARES:
        raise BadModelFile(
            f"{sizes['heads']} heads that look back {sizes['context']} characters need too much "
            "memory to read with",
            REMEDY,
        )
    first = take_count(state, "first", high=1)
    if sizes["symbols"] <= first:
        raise BadModelFile(f"a vocabulary of {sizes['symbols']} leaves nothing to expect", REMEDY)
    weights = {
        name: take_weights(state, f"gpt.{name}", shape)
        for name, shape in _weight_shapes(sizes).items()
    }
    return GPTModel(_reader(sizes, first, weights))


def _weight_shapes(sizes: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    width = sizes["width"]
    shapes = {"symbol": (sizes["symbols"], width), "output": (sizes["symbols"], width)}
    shapes |= dict.fromkeys(("pair", "triple"), (sizes["table"], width))
    for layer in range(sizes["layers"]):
        shapes |= {
            f"query_key_value.{layer}": (3 * width, width),
            f"attended.{layer}": (width, width),
            f"hidden.{layer}": (4 * width, width),
            f"shown.{layer}": (width, 4 * width),
        }
    return shapes


def _reader(sizes: Settings, first: int, weights: Mapping[str, Array]) -> GPTReader:
    from rung.nets.characters.gpt_forward import GPTReader
    from rung.nets.characters.shape import GptShape

    return GPTReader(GptShape(**sizes), first, weights)


FAMILY = Family(
    name=NAME,
    title="GPT",
    step=900,
    tasks=("language modelling",),
    inputs="text",
    sources=(
        "Vaswani et al. (2017), Attention is all you need, NeurIPS",
        "Radford et al. (2018), Improving language understanding by generative pre-training",
        "Jordan et al. (2024), Muon: an optimizer for hidden layers in neural networks",
    ),
    final="same",
    cross_fit=cross_fit,
    load=load,
    needs=("torch",),
)
