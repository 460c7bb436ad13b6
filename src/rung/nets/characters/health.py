"""Look inside trained networks of characters, with numpy alone, when training is over.

How units fare, which characters are alike, and where a GPT looks. All numbers are small and
JSON-ready; `results.json` holds them and the report draws them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rung.nets.characters.recurrent import RecurrentMemory, RecurrentReader
from rung.nets.characters.sample import SEED, sample_places, sample_stretches
from rung.nets.characters.window import WindowReader, forward
from rung.text.passages import CHUNK
from rung.text.problem import TextProblem
from rung.text.vocabulary import BOUNDARY
from rung.typing import JSON, Array

if TYPE_CHECKING:
    from rung.nets.characters.gpt_forward import GPTReader

BINS = 20
SATURATED = 0.97
# Sums before a rectifier have no bound; those beyond are counted in the outermost bin.
LARGEST_SUM = 5.0
MOST_CHARACTERS = 64
MOST_PLACES, FEWEST_PLACES = 16, 6


def window_health(problem: TextProblem, reader: WindowReader, learning: JSON) -> JSON:
    """Return how a network that looks at a window fares on training text.

    Parameters
    ----------
    problem : TextProblem
        Read is `train` alone.
    reader : WindowReader
        The trained network.
    learning : dict
        What training noted of each layer: `updates` and `slopes`, see
        `rung.nets.characters.progress`.

    Returns
    -------
    dict
        `health`, with `activations` (of each level, its bends' outputs; a table of the last
        character has none), `embedding` and what training noted.
    """
    shape, train = reader.shape, problem.train
    noted = {"embedding": embedding(reader.weights["symbol"], problem), **learning}
    if not shape.levels:
        return {"health": noted}
    some = sample_places(train)
    contexts = train.contexts(shape.context, some).astype(np.int64)
    watched = _WatchedNumpy()
    forward(reader.weights, contexts, shape, watched)
    layers = [bent_layer(bent.reshape(-1, shape.hidden)) for bent in watched.bent]
    return {"health": {"activations": _activations("bends", len(some), 1.0, layers), **noted}}


def _activations(kind: str, characters: int, high: float, layers: list[JSON]) -> JSON:
    return {"kind": kind, "characters": characters, "high": high, "layers": layers}


class _WatchedNumpy:
    """Stand for numpy in a forward pass and remember what came out of every bend."""

    def __init__(self) -> None:
        self.bent: list[Array] = []

    def sqrt(self, values: Array) -> Array:
        found: Array = np.sqrt(values)
        return found

    def tanh(self, values: Array) -> Array:
        self.bent.append(np.tanh(values))
        return self.bent[-1]


def recurrent_health(problem: TextProblem, reader: RecurrentReader, learning: JSON) -> JSON:
    """Return how a recurrent network fares; see `window_health`.

    Its `activations` are the numbers that it remembers after each character.
    """
    kept, count = [], 0
    for tokens, _ in sample_stretches(problem.train, reader.shape.context):
        hidden = np.zeros((len(tokens), reader.shape.hidden), dtype=np.float32)
        memory = RecurrentMemory(tokens[:, :0], hidden)
        count += tokens.size
        for place in range(tokens.shape[1]):
            memory, _ = reader.step(memory, tokens[:, place])
            kept.append(memory.hidden)
    layers = [bent_layer(np.concatenate(kept))]
    return {
        "health": {
            "activations": _activations("memory", count, 1.0, layers),
            "embedding": embedding(reader.weights["symbol"], problem),
            **learning,
        }
    }


def gpt_health(problem: TextProblem, reader: GPTReader, learning: JSON) -> JSON:
    """Return how a GPT fares; see `window_health`.

    Its `activations` are the sums before each squared rectifier; `attention` says where it looks on
    one short piece of training text, see `attention`.
    """
    sums: list[list[Array]] = [[] for _ in range(reader.shape.layers)]

    def watch(part: str, layer: int, values: Array) -> None:
        if part == "sums":
            sums[layer].append(values.reshape(-1, values.shape[-1]))

    count = 0
    for tokens, _ in sample_stretches(problem.train, reader.shape.context):
        reader.read(reader.empty(len(tokens)), tokens, watch)
        count += tokens.size
    layers = [rectified_layer(np.concatenate(each)) for each in sums]
    return {
        "health": {
            "activations": _activations("sums", count, LARGEST_SUM, layers),
            "embedding": embedding(reader.weights["symbol"], problem),
            "attention": attention(problem, reader),
            **learning,
        }
    }


def bent_layer(values: Array) -> JSON:
    """Return how numbers between -1 and 1 lie, and how many are stuck at an end.

    Parameters
    ----------
    values : ndarray, shape (n_places, n_units)
        What came out of a layer.

    Returns
    -------
    dict
        `shares` of the numbers in `BINS` equal bins from -1 to 1; `saturated`, the share beyond
        `SATURATED` in size; `dead_units`, the share of units that are so at every place.

    Examples
    --------
    >>> found = bent_layer(np.array([[0.99, 0.1], [1.0, -0.99]]))
    >>> found["saturated"], found["dead_units"]
    (0.75, 0.5)
    """
    ends = np.abs(values) > SATURATED
    return {
        "shares": _histogram(values, 1.0),
        "saturated": _rounded(ends.mean()),
        "dead_units": _rounded(ends.all(axis=0).mean()),
    }


def rectified_layer(sums: Array) -> JSON:
    """Return how sums before a rectifier lie, and how many units never let one through.

    Returns
    -------
    dict
        `shares` of the sums in `BINS` equal bins from -`LARGEST_SUM` to `LARGEST_SUM`, those beyond
        in the outermost; `off`, the share of sums that are not above zero; `dead_units`, the share
        of units whose sums never are.

    Examples
    --------
    >>> found = rectified_layer(np.array([[-1.0, 2.0], [-3.0, -9.0]]))
    >>> found["off"], found["dead_units"]
    (0.75, 0.5)
    """
    off = sums <= 0
    return {
        "shares": _histogram(sums, LARGEST_SUM),
        "off": _rounded(off.mean()),
        "dead_units": _rounded(off.all(axis=0).mean()),
    }


def embedding(table: Array, problem: TextProblem) -> JSON:
    """Lay the characters that are most frequent in training text out by principal components.

    Parameters
    ----------
    table : ndarray, shape (n_symbols, width)
        What each character is looked up as.
    problem : TextProblem
        Its characters; the boundary, written as an empty string, is among them where it is
        predicted.

    Returns
    -------
    dict
        `characters`, their places `x` and `y`, and `variance`: the share of the variance of these
        characters that each of the two directions holds.
    """
    train, vocabulary = problem.train, problem.vocabulary
    counts = np.zeros(vocabulary.n_tokens, dtype=np.int64)
    for start in range(0, train.n_tokens, CHUNK):  # numpy counts in numbers eight times as wide
        some = train.tokens[start : start + CHUNK]
        counts += np.bincount(some, minlength=vocabulary.n_tokens)
    counts[: vocabulary.first] = 0
    frequent = np.argsort(-counts, kind="stable")[:MOST_CHARACTERS]
    chosen = np.sort(frequent[counts[frequent] > 0])
    places, variance = _components(table[chosen].astype(np.float64))
    return {
        "characters": _labels(problem, chosen),
        "x": [_rounded(x, 3) for x in places[:, 0]],
        "y": [_rounded(y, 3) for y in places[:, 1]],
        "variance": [_rounded(share, 3) for share in variance],
    }


def _components(points: Array) -> tuple[Array, Array]:
    """Return points along their two directions of most variance, and the shares of these."""
    centred = points - points.mean(axis=0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    places = np.zeros((len(points), 2))
    found = (left * sizes)[:, :2]
    places[:, : found.shape[1]] = found
    # A direction has no sign of its own: the point farthest out lies on its positive side.
    farthest = np.abs(places).argmax(axis=0)
    places *= np.where(places[farthest, [0, 1]] < 0, -1.0, 1.0)
    total = np.square(centred).sum()
    variance = np.square(places).sum(axis=0) / (total or 1.0)
    return places, variance


def attention(problem: TextProblem, reader: GPTReader) -> JSON:
    """Say where every head of a GPT looks on one short line or stretch of training text.

    Parameters
    ----------
    problem : TextProblem
        Read is `train` alone.
    reader : GPTReader
        The trained network.

    Returns
    -------
    dict
        `characters`, what is read, oldest first, the boundary as an empty string; `percent`, by layer
        and head a row of text for every character: the percentages of its attention that go to the
        first character, the second and so on, up to itself.
    """
    tokens = _short_piece(problem, min(MOST_PLACES, reader.shape.context))
    seen: list[Array] = []

    def watch(part: str, layer: int, values: Array) -> None:
        if part == "shares":
            seen.append(values[0])

    reader.read(reader.empty(1), tokens[None], watch)
    return {
        "characters": _labels(problem, tokens),
        "percent": [[_rows(head) for head in layer] for layer in seen],
    }


def _rows(shares: Array) -> list[str]:
    """Write the lower triangle of a matrix of shares as rows of whole percentages."""
    percent = np.rint(100.0 * shares.astype(np.float64)).astype(int)
    return [" ".join(map(str, row[: place + 1])) for place, row in enumerate(percent)]


def _short_piece(problem: TextProblem, most: int) -> Array:
    """Choose what attention is shown on: a short line, or a stretch that begins with a word."""
    train, rng = problem.train, np.random.default_rng(SEED)
    if problem.kind == "lines":
        fits = np.flatnonzero((train.lengths >= FEWEST_PLACES) & (train.lengths <= most))
        passages = fits if len(fits) else np.arange(train.n_passages)
        begin = int(train.starts[rng.choice(passages)])
    else:
        gaps = problem.vocabulary.encode(" \n")
        begins = np.flatnonzero(np.isin(train.tokens[:-most], gaps[gaps > 0])) + 1
        begin = int(rng.choice(begins)) if len(begins) else 0
    passage = int(np.searchsorted(train.starts, begin, side="right"))
    end = min(int(train.starts[passage]), begin + most)
    before = BOUNDARY if begin in train.starts else int(train.tokens[begin - 1])
    return np.append(before, train.tokens[begin : end - 1]).astype(np.int64)


def _labels(problem: TextProblem, tokens: Sequence[int] | Array) -> list[str]:
    labels = [problem.vocabulary.decode(np.array([token])) for token in tokens]
    # Half of a character cannot be written to a file.
    return [each.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for each in labels]


def _histogram(values: Array, high: float) -> list[float]:
    inside = np.clip(values.ravel(), -high, high)
    counts, _ = np.histogram(inside, bins=BINS, range=(-high, high))
    return [_rounded(share) for share in counts / max(values.size, 1)]


def _rounded(value: Any, digits: int = 4) -> float:
    return round(float(value), digits) + 0.0
