"""Train a GPT on a problem of text: sizes, budget and batches follow from the text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from rung.core.family import CheckpointStore, State
from rung.nets.characters.batches import CharacterRows, pack, windows
from rung.nets.characters.gpt import GPT
from rung.nets.characters.precision import best_precision
from rung.nets.characters.progress import slope_record
from rung.nets.characters.sample import sample_stretches
from rung.nets.characters.shape import GptShape, shape_for
from rung.nets.characters.train import GptPlan, Training
from rung.nets.training.threads import torch_threads
from rung.text.passages import Passages
from rung.text.problem import TextProblem
from rung.typing import JSON, Array

MOST_JUDGED = 1_024
# Short lines share a row of so many places, each seeing itself alone: a step learns as much from
# them as from a long text.
ROW = 64
FEW = 20_000
LARGE = 500_000
LARGE_STEP = 1_536


def plan_for(n_tokens: int, places: int = ROW) -> GptPlan:
    """Choose budget and regularisation from the size of the training text.

    Parameters
    ----------
    n_tokens : int
        Characters to learn from.
    places : int
        Length of a row; of a large text a step learns `LARGE_STEP` places.
    """
    if n_tokens >= LARGE:
        rows = max(1, LARGE_STEP // places)
        return GptPlan(steps=1_000, rows=rows, precision=best_precision())
    epochs = 20 if n_tokens >= FEW else 40
    steps = min(max(40, epochs * n_tokens // (32 * ROW)), 1_500)
    plan = GptPlan(steps=steps, rows=32, dropout=0.2, precision=best_precision())
    if n_tokens < FEW:
        return plan
    # Small steps that decay: such a text is read a dozen times, and large ones learn it by heart.
    return replace(plan, matrix_rate=0.005, other_rate=0.005, weight_decay=0.1)


def learn_gpt(
    problem: TextProblem,
    *,
    device: str = "cpu",
    seed: int = 0,
    shape: GptShape | None = None,
    plan: GptPlan | None = None,
    shelf: CheckpointStore | None = None,
) -> dict[str, Any]:
    """Train a GPT and return what is left of it as plain data.

    Parameters
    ----------
    problem : TextProblem
        Learned from is `train` alone; `validation` chooses the weights that are kept.
    device : str
        Where to train.
    seed : int
        Draws first weights, dropout and the order of the text.
    shape, plan : GptShape, Plan, optional
        Size and budget; by default they follow from the text.
    shelf : CheckpointStore, optional
        Where training is laid down at every check, and taken up if it was killed.

    Returns
    -------
    dict
        `shape`, `plan`, `curve` and `learning` (`updates` and `slopes` by layer), all JSON-ready,
        and `weights`, a dict of ndarray of float32.
    """
    n_tokens = problem.train.n_tokens
    shape = shape or shape_for(n_tokens, problem.vocabulary.n_tokens, problem.context)
    plan = plan or plan_for(n_tokens, max(shape.context, ROW))

    def epoch(number: int) -> CharacterRows:
        rng = np.random.default_rng([seed, number])
        return lay_out(problem.train, shape.context, rng, most=plan.steps * plan.rows)

    rng = np.random.default_rng([seed, 2**31])
    judged = lay_out(problem.validation, shape.context, rng, most=MOST_JUDGED)
    # Pinned and recorded, whatever the machine: another number gives other last bits.
    with torch_threads(plan.threads):
        training = Training(shape, plan, seed, device)
        kept = judged.take(np.arange(min(len(judged), MOST_JUDGED)))
        training.run(epoch, kept, None if shelf is None else take_up(training, shelf))
        slopes = slopes_on(problem.train, shape, training.best)
    return {
        "shape": shape.to_settings(),
        "plan": plan.to_settings(),
        "curve": [
            {name: round(value, 6) for name, value in point.items()} for point in training.curve
        ],
        "learning": {"updates": training.updates.told(), "slopes": slopes},
        "weights": training.best,
    }


def slopes_on(train: Passages, shape: GptShape, weights: Mapping[str, Array]) -> JSON:
    """Return how steep the loss of a sample of training text is in each layer of a network.

    See `rung.nets.characters.progress.slope_record`.
    """
    gpt = GPT(shape, torch.Generator()).eval()
    with torch.no_grad():
        for name, each in gpt.named_parameters():
            each.copy_(torch.from_numpy(weights[name]))
    pieces = sample_stretches(train, shape.context)
    count = sum(tokens.size for tokens, _ in pieces)
    for tokens, targets in pieces:
        logits = gpt(tokens, np.zeros_like(tokens)).flatten(0, 1)
        loss = functional.cross_entropy(logits, torch.from_numpy(targets).flatten())
        (loss * (tokens.size / count)).backward()
    slopes = {name: each.grad for name, each in gpt.named_parameters() if each.grad is not None}
    return slope_record(slopes, count)


def take_up(training: Training, shelf: CheckpointStore) -> Callable[[Training], None]:
    """Go on where a training of the same size and plan was laid down; return what lays it down."""
    spec = {"shape": training.shape.to_settings(), "plan": training.plan.to_settings()}
    found = shelf.take()
    if found is not None and found.spec == spec:
        training.restore(found.arrays)
    return lambda now: shelf.lay(State(spec, now.arrays()))


def lay_out(
    passages: Passages, places: int, rng: np.random.Generator, *, most: int
) -> CharacterRows:
    """Return a text as rows in random order: windows of long passages, or packed short ones.

    Of a long text no more than about `most` rows are laid out: they would need many times its
    memory.
    """
    if passages.lengths.min() >= 2 * places:
        return windows(passages, places, rng, most=most)
    places, order = max(places, ROW), rng.permutation(passages.n_passages)
    enough = np.searchsorted(np.cumsum(passages.lengths[order]), (most + 1) * places) + 1
    return pack(passages, order[:enough], places)
