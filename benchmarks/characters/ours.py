"""Train the GPT rung on the same splits as the peers, with the clock running."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from rung.nets.characters.batches import CharacterRows, pack, windows
from rung.nets.characters.gpt_forward import GPTReader
from rung.nets.characters.precision import best_precision
from rung.nets.characters.shape import GptShape
from rung.nets.characters.train import GptPlan, Training
from rung.text.passages import Passages, lines

THREADS = 2
GLANCE = 15_360


def stream_parts(text: str) -> tuple[Passages, Passages, int]:
    """Return the first 90 % and the rest of a text, each as one passage, and the symbols."""
    characters = sorted(set(text))
    number = {character: place + 1 for place, character in enumerate(characters)}
    tokens = np.array([number[character] for character in text])
    cut = int(0.9 * len(tokens))
    parts = [
        Passages(each, np.array([0, len(each)]), np.array([0, len(each)]), np.array([0]))
        for each in (tokens[:cut], tokens[cut:])
    ]
    return parts[0], parts[1], len(characters) + 1


def name_parts(path: Path) -> tuple[Passages, Passages]:
    """Return training and test names split as makemore's script does (seed 3407)."""
    words = path.read_text(encoding="utf-8").split()
    torch.manual_seed(3407)
    order = torch.randperm(len(words)).tolist()
    chosen = [[words[i] for i in order[:-1_000]], [words[i] for i in order[-1_000:]]]
    return as_lines(chosen[0]), as_lines(chosen[1])


def as_lines(words: list[str]) -> Passages:
    """Return names in small letters as passages."""
    tokens = np.array([max(0, ord(each) - 96) for word in words for each in f"{word}."])
    return lines(tokens, np.cumsum([0, *(len(word) + 1 for word in words)]))


def train(
    text: Passages, judged: Passages, shape: GptShape, plan: GptPlan
) -> tuple[list[dict[str, float]], Training]:
    """Return losses on the judged text, with seconds since the start, and what was trained.

    At every check `GLANCE` characters of it are read, as many as nanoGPT reads; the last point's
    `loss` is that of all of it, its `seconds` those of the training and its checks.
    """
    torch.set_num_threads(plan.threads)
    training = Training(shape, plan)
    whole, glance = judged_rows(judged, shape)
    seconds: list[float] = []
    start = time.perf_counter()
    training.run(
        lambda number: lay_out(text, number, shape),
        glance,
        lambda _: seconds.append(time.perf_counter() - start),
    )
    curve = [
        {"step": point["step"], "loss": point["judged"], "seconds": second}
        for point, second in zip(training.curve, seconds, strict=True)
    ]
    curve[-1] = {**curve[-1], "glance": curve[-1]["loss"], "loss": training.judge(whole)}
    return curve, training


def lay_out(passages: Passages, number: int, shape: GptShape) -> CharacterRows:
    """Return a text as rows, in the order of its n-th reading."""
    rng = np.random.default_rng([0, number])
    if passages.n_passages == 1:
        return windows(passages, shape.context, rng)
    return pack(passages, rng.permutation(passages.n_passages), shape.context)


def judged_rows(judged: Passages, shape: GptShape) -> tuple[CharacterRows, CharacterRows]:
    """Return all rows that are judged at the end, and those of a check."""
    whole = lay_out(judged, 0, shape)
    return whole, whole.take(np.arange(min(len(whole), GLANCE // shape.context)))


def seconds_of_a_check(judged: Passages, training: Training) -> float:
    """Return how long it takes to read the rows of a check, the fastest of three times."""
    _, glance = judged_rows(judged, training.shape)
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        training.judge(glance)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def matrix_rate() -> float:
    """Return the measured rate of float32 products, in GFLOP/s."""
    torch.set_num_threads(THREADS)
    one = torch.randn(2_048, 2_048, generator=torch.Generator().manual_seed(0))
    torch.mm(one, one)
    start = time.perf_counter()
    for _ in range(5):
        torch.mm(one, one)
    return 5 * 2 * 2_048**3 / (time.perf_counter() - start) / 1e9


def stream_plan(steps: int, **changes: object) -> GptPlan:
    """Return the plan for Shakespeare."""
    plan = GptPlan(steps=steps, rows=12, checks=4, threads=THREADS, precision=best_precision())
    return replace(plan, **changes)


def sampling_speed(training: Training, n_characters: int = 256) -> dict[str, float]:
    """Return characters a second with the memory of keys and values, and without."""
    reader = GPTReader(training.shape, 1, training.weights())
    rng = np.random.default_rng(0)
    start = time.perf_counter()
    memory, expected = reader.start(1)
    for _ in range(n_characters):
        token = rng.choice(expected.shape[1], p=np.exp(expected[0]))
        memory, expected = reader.step(memory, np.array([token]))
    cached = n_characters / (time.perf_counter() - start)
    start = time.perf_counter()
    read = np.zeros((1, 1), dtype=np.int64)
    for _ in range(n_characters):
        logits, _ = reader.read(reader.empty(1), read)
        token = int(logits[0, -1].argmax())
        read = np.concatenate((read, [[token]]), axis=1)[:, -training.shape.context :]
    return {"cached": cached, "anew": n_characters / (time.perf_counter() - start)}
