"""Give families what they may ask of a run: random numbers, workers, shared encodings."""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np

from rung.compute.executor import run_jobs
from rung.core.events import Event, Listener, ignore
from rung.core.family import CheckpointStore, Encoded, State
from rung.typing import Array


class JobJournal(Protocol):
    """Where values of finished jobs are kept, by family, number of the call, number of the job.

    What a finished family handed back takes the place of its jobs. A shelf keeps the state of one
    job that takes long, while it goes on.
    """

    def find(self, key: tuple[str, int, int]) -> tuple[Any] | None: ...
    def add(self, key: tuple[str, int, int], value: Any) -> None: ...
    def finished(self, family: str) -> tuple[Any] | None: ...
    def finish(self, family: str, value: Any) -> None: ...
    def drop(self, family: str) -> None: ...
    def shelf(self, key: tuple[str | int, ...]) -> CheckpointStore: ...


class NoShelf:
    """Keep nothing: a training in memory."""

    def lay(self, state: State) -> None:
        """Do nothing."""

    def take(self) -> State | None:
        """Return None."""
        return None


@dataclass(frozen=True)
class RunContext:
    """Implement `rung.core.family.Context` on one machine.

    Attributes
    ----------
    seed : int
        Seed of the run.
    problem : Problem or TextProblem
        What is to be learned; `encoded` fits on it.
    threads : int
        Jobs at a time.
    family : str
        Family at work, for the events.
    listener : callable
        Told after each job.
    journal : JobJournal or None
        Remembers finished jobs.
    """

    seed: int
    problem: Any
    threads: int = 1
    family: str = ""
    listener: Listener = ignore
    journal: JobJournal | None = None
    device: str = "cpu"
    cache: dict[tuple[str, bytes], Encoded] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    calls: itertools.count[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        """Load scipy's own library of linear algebra: loaded inside a job, it would not be held."""
        import scipy.linalg  # noqa: F401

    def rng(self, *key: str | int) -> np.random.Generator:
        """Return a generator that depends on the seed and the key alone."""
        text = repr((self.seed, *key)).encode()
        digest = hashlib.blake2b(text, digest_size=16).digest()
        return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "little")))

    def map(self, work: Callable[..., Any], jobs: Sequence[Any]) -> list[Any]:
        """Call `work(job)` for every job; results in order. Finished jobs are not done again."""
        done, call = 0, next(self.calls)

        def tell() -> None:
            nonlocal done
            with self.lock:
                done += 1
                self.listener(Event("progress", self.family, done=done, total=len(jobs)))

        def remembered(number: int) -> Any:
            key = (self.family, call, number)
            known = self.journal.find(key) if self.journal else None
            if known is not None:
                return known[0]
            with np.errstate(all="ignore"):  # a thread has its own; what comes out is checked
                value = work(jobs[number])
            if self.journal:
                self.journal.add(key, value)
            return value

        return run_jobs(remembered, range(len(jobs)), threads=self.threads, on_done=tell)

    def shelf(self, *key: str | int) -> CheckpointStore:
        """Return where one training of this family is laid down while it goes on."""
        return self.journal.shelf((self.family, *key)) if self.journal else NoShelf()

    def for_family(self, name: str) -> RunContext:
        """Return the context of one family; encodings stay shared."""
        return replace(self, family=name, calls=itertools.count())

    def encoded(self, recipe: str, train: Array) -> Encoded:
        """Return the encoding fitted on these training rows; fitted once, then shared."""
        from rung.prep import fit_encoder

        key = (recipe, hashlib.blake2b(train.tobytes(), digest_size=16).digest())
        with self.lock:
            found = self.cache.get(key)
        if found is None:
            found = fit_encoder(recipe, self.problem, train)
            with self.lock:
                found = self.cache.setdefault(key, found)
        return found
