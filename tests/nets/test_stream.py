from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import torch

from rung.core.family import State
from rung.errors import BadModelFile, DataError, UsageError
from rung.nets.stream import StreamPlan, first_pass, train_stream

QUICK = StreamPlan(hidden=(8,), passes=2, batch_rows=16, mix=2)


@dataclass
class Memory:
    """Blocks of a table in memory; counts what is read."""

    X: np.ndarray
    y: np.ndarray
    size: int = 50
    n_classes: int = 0
    read_blocks: list[int] = field(default_factory=list)

    @property
    def n_rows(self) -> int:
        return len(self.y)

    @property
    def n_blocks(self) -> int:
        return -(-len(self.y) // self.size)

    @property
    def n_inputs(self) -> int:
        return self.X.shape[1]

    def read(self, block: int) -> tuple[np.ndarray, np.ndarray]:
        self.read_blocks.append(block)
        rows = slice(block * self.size, (block + 1) * self.size)
        return self.X[rows], self.y[rows]


@dataclass
class InMemory:
    """Keep states; stop after some, as a kill would."""

    stop_after: int = 10**9
    states: list[State] = field(default_factory=list)
    identity: Any = None

    def find(self, identity: Mapping[str, Any]) -> State | None:
        return self.states[-1] if self.states else None

    def save(self, state: State, identity: Mapping[str, Any]) -> None:
        self.states.append(state)
        if len(self.states) == self.stop_after:
            raise KeyboardInterrupt


def table(n_rows: int = 600, *, classes: bool = False) -> Memory:
    generator = np.random.default_rng(1)
    X = generator.normal(size=(n_rows, 2)) * [1, 100] + [0, 5e3]
    X[::17, 1] = np.nan
    y = np.abs(X[:, 0]) + generator.normal(0, 0.05, n_rows)
    return Memory(X, (y > 0.7).astype(int), n_classes=2) if classes else Memory(X, 1e4 + 50 * y)


def bits(found: Any) -> bytes:
    arrays = (*found.model.weights, *found.model.biases, found.losses, found.watched)
    return b"".join(each.tobytes() for each in arrays)


def test_each_pass_reads_every_block_once_in_another_order() -> None:
    blocks = table()
    train_stream(blocks, QUICK)
    first, second, third = np.reshape(blocks.read_blocks, (3, 12)).tolist()
    assert first == list(range(12)) == sorted(second) == sorted(third)
    assert len({tuple(each) for each in (first, second, third)}) == 3


def test_held_out_rows_reach_neither_scales_nor_steps() -> None:
    blocks = table()
    moments, (X, y) = first_pass(blocks, 0)
    held = np.isin(blocks.y, y)
    assert 30 < held.sum() == len(y) < 90
    assert moments.count[-1] == 600 - len(y)
    np.testing.assert_allclose(moments.mean[-1], blocks.y[~held].mean())
    other = table()
    other.X[held], other.y[held] = 1e9, -1e9
    first, second = train_stream(blocks, QUICK), train_stream(other, QUICK)
    assert [w.tobytes() for w in first.model.weights] == [w.tobytes() for w in second.model.weights]
    assert first.watched[-1] < 1.0 < second.watched[-1]
    assert len(X) == len(y)


def test_the_same_seed_gives_the_same_bits_and_the_global_state_stays() -> None:
    before = torch.get_rng_state()
    first = train_stream(table(), QUICK)
    assert torch.equal(before, torch.get_rng_state())
    torch.rand(3)
    assert bits(train_stream(table(), QUICK)) == bits(first)
    other = train_stream(table(), StreamPlan(hidden=(8,), passes=2, batch_rows=16, mix=2, seed=1))
    assert bits(other) != bits(first)


@pytest.mark.parametrize("stop_after", [1, 5, 6, 11, 12])
def test_stopped_anywhere_and_resumed_it_ends_with_the_same_bits(stop_after: int) -> None:
    whole = train_stream(table(), QUICK)
    keep = InMemory(stop_after)
    with pytest.raises(KeyboardInterrupt):
        train_stream(table(), QUICK, keep=keep)
    assert bits(train_stream(table(), QUICK, keep=keep)) == bits(whole)


def test_it_learns_what_bends_and_classes_too() -> None:
    plan = StreamPlan(hidden=(16,), passes=12, batch_rows=16, mix=4, learning_rate=0.02)
    blocks = table(1500)
    found = train_stream(blocks, plan)
    X, y = found.held_out
    assert np.mean((found.model.predict(X)[:, 0] - y) ** 2) < 0.1 * y.var()
    classes = train_stream(table(1500, classes=True), plan)
    X, y = classes.held_out
    shares = classes.model.predict(X)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert np.mean(shares.argmax(axis=1) == y) > 0.9


def test_the_state_of_another_network_is_refused() -> None:
    keep = InMemory(3)
    with pytest.raises(KeyboardInterrupt):
        train_stream(table(), QUICK, keep=keep)
    with pytest.raises(BadModelFile, match="does not fit"):
        train_stream(table(), StreamPlan(hidden=(9,), passes=2, batch_rows=16, mix=2), keep=keep)


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(DataError, match="1 rows are left"):
        train_stream(Memory(np.zeros((1, 1)), np.zeros(1)), QUICK)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"hidden": (8, 0)}, r"hidden\[1\]=0 is not a whole number"),
        ({"passes": 0}, "passes=0"),
        ({"seed": -1}, "seed=-1"),
        ({"learning_rate": float("nan")}, "learning_rate=nan"),
    ],
)
def test_what_is_not_accepted_is_named(options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        StreamPlan(**options)
