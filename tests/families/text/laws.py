"""Laws that every family of text must pass, and small texts to try them on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rung.compute import NoShelf
from rung.core.family import CrossFit, Family, State
from rung.store.modelfile import pack, unpack
from rung.text.passages import Passages, lines
from rung.text.problem import TextProblem
from rung.text.vocabulary import Vocabulary

LETTERS = tuple("abcdefgh")


@dataclass
class PlainContext:
    """Do jobs one by one, as a run without journal and workers does."""

    seed: int = 0
    device: str = "cpu"

    def rng(self, *key: str | int) -> np.random.Generator:
        import hashlib

        digest = hashlib.blake2b(repr((self.seed, *key)).encode(), digest_size=16).digest()
        return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "little")))

    def map(self, work: Any, jobs: Any) -> list[Any]:
        return [work(job) for job in jobs]

    def encoded(self, recipe: str, train: Any) -> Any:
        raise NotImplementedError

    def shelf(self, *key: str | int) -> NoShelf:
        return NoShelf()


def random_lines(n_lines: int, seed: int, n_letters: int = len(LETTERS)) -> Passages:
    """Draw lines in which each letter likes its neighbour in the alphabet."""
    rng = np.random.default_rng(seed)
    texts = []
    for _ in range(n_lines):
        line = np.cumsum(rng.integers(0, 3, size=rng.integers(1, 9))) % n_letters + 1
        texts.append(np.append(line, 0))
    starts = np.cumsum([0, *map(len, texts)])
    return lines(np.concatenate(texts).astype(np.uint8), starts)


def random_stream(n_passages: int, seed: int, length: int = 60, lead: int = 0) -> Passages:
    """Draw passages of a stream; the first `lead` tokens of each are read and not scored."""
    rng = np.random.default_rng(seed)
    walk = np.cumsum(rng.integers(0, 3, size=n_passages * length)) % len(LETTERS) + 1
    starts = np.arange(0, n_passages * length + 1, length)
    if not lead:
        return Passages(walk.astype(np.uint8), starts, starts, np.arange(n_passages))
    cuts = np.sort(np.concatenate([starts, starts[:-1] + lead]))
    unit = np.column_stack([np.full(n_passages, -1), np.arange(n_passages)]).ravel()
    return Passages(walk.astype(np.uint8), starts, cuts, unit)


def lines_problem(n_train: int = 300) -> TextProblem:
    """Return a small problem of lines."""
    parts = [random_lines(n, seed) for seed, n in enumerate((n_train, 40, 40))]
    return TextProblem("lines", Vocabulary(LETTERS, ends=True), 9, *parts)


def stream_problem(n_train: int = 40) -> TextProblem:
    """Return a small problem of a stream."""
    parts = [random_stream(n, seed, lead=8 * (seed > 0)) for seed, n in enumerate((n_train, 8, 8))]
    return TextProblem("stream", Vocabulary(LETTERS, ends=False), 8, *parts)


PROBLEMS = {"lines": lines_problem, "stream": stream_problem}


def cross_fitted(family: Family, problem: TextProblem) -> CrossFit:
    """Return what a family makes of a problem on its one split."""
    return family.cross_fit(problem, problem.folds, PlainContext())


def check_text_family(family: Family, problem: TextProblem, tolerance: float = 1e-9) -> CrossFit:
    """Check every law on one problem and return what the family made of it."""
    fitted = cross_fitted(family, problem)
    check_losses(fitted, problem)
    check_predictions(fitted.model, problem)
    check_steps(fitted.model, problem, tolerance)
    check_saved(family, fitted.model, problem)
    check_held_out(family, fitted, problem)
    return fitted


def check_losses(fitted: CrossFit, problem: TextProblem) -> None:
    """Losses are those of the model on the verdict's part; every scored character is counted."""
    (losses,) = fitted.unit_losses
    assert losses.shape == (problem.verdict.n_units, 2)
    assert losses[:, 1].sum() == problem.verdict.n_scored
    found = problem.verdict.sum_by_unit(-fitted.model.predict(problem.verdict))
    np.testing.assert_allclose(losses, found, rtol=1e-9, atol=1e-9)


def check_predictions(model: Any, problem: TextProblem) -> None:
    """Log probabilities are finite; chunks change nothing that matters."""
    whole = model.predict(problem.verdict)
    assert whole.shape == (problem.verdict.n_tokens,)
    assert np.isfinite(whole).all()
    assert whole.max() <= 1e-6
    parts = [model.predict(chunk) for chunk in problem.verdict.chunks(50)]
    np.testing.assert_allclose(np.concatenate(parts), whole, rtol=1e-5, atol=1e-5)


def check_steps(model: Any, problem: TextProblem, tolerance: float) -> None:
    """Read passages side by side: probabilities sum to one and agree with `predict`."""
    first, verdict = problem.vocabulary.first, problem.verdict
    chosen = np.argsort(-verdict.lengths, kind="stable")[:5]
    length = int(verdict.lengths[chosen].min())
    texts = np.array([verdict.tokens[verdict.starts[i] :][:length] for i in chosen], dtype=np.int64)
    expected = [model.predict(verdict)[verdict.starts[i] :][:length] for i in chosen]
    memory, found = model.start(len(chosen))
    for place in range(length):
        assert found.shape == (len(chosen), problem.vocabulary.n_tokens)
        assert np.all(found[:, :first] == -np.inf)
        np.testing.assert_allclose(np.exp(found).sum(axis=1), 1.0, atol=1e-6)
        picked = found[np.arange(len(chosen)), texts[:, place]]
        wanted = np.array([one[place] for one in expected])
        scored = np.isfinite(picked)
        np.testing.assert_allclose(picked[scored], wanted[scored], rtol=tolerance, atol=tolerance)
        if place + 1 < length:
            memory, found = model.step(memory, texts[:, place])


def check_saved(family: Family, model: Any, problem: TextProblem) -> None:
    """A model that went through a file predicts the same bits."""
    state = model.to_state()
    spec, arrays, strings = unpack(pack({"state": dict(state.spec)}, state.arrays, state.strings))
    again = family.load(State(spec["state"], arrays, strings))
    assert again.predict(problem.verdict).tobytes() == model.predict(problem.verdict).tobytes()
    assert again.start(2)[1].tobytes() == model.start(2)[1].tobytes()


def check_held_out(family: Family, fitted: CrossFit, problem: TextProblem) -> None:
    """Whatever stands in the verdict's part, the model stays the same to the bit."""
    other = problem.verdict.tokens.copy()
    inside = other > 0
    other[inside] = len(problem.vocabulary.characters) - other[inside] + 1
    changed = replace(problem, verdict=replace(problem.verdict, tokens=other))
    again = cross_fitted(family, changed)
    assert again.settings == fitted.settings
    state, same = fitted.model.to_state(), again.model.to_state()
    assert pack(dict(state.spec), state.arrays, state.strings) == pack(
        dict(same.spec), same.arrays, same.strings
    )
