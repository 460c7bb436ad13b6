"""Give families what they may ask of a run: random numbers, workers, shared encodings."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rung.compute.executor import run_jobs
from rung.core.events import Event, Listener, ignore
from rung.core.family import Encoded, Problem
from rung.typing import Array


@dataclass(frozen=True)
class RunContext:
    """Implement `rung.core.family.Context` on one machine.

    Attributes
    ----------
    seed : int
        Seed of the run.
    problem : Problem
        What `encoded` fits on.
    threads : int
        Jobs at a time.
    family : str
        Family at work, for the events.
    listener : callable
        Told after each job.
    """

    seed: int
    problem: Problem
    threads: int = 1
    family: str = ""
    listener: Listener = ignore
    device: str = "cpu"
    cache: dict[tuple[str, bytes], Encoded] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def rng(self, *key: str | int) -> np.random.Generator:
        """Return a generator that depends on the seed and the key alone."""
        text = repr((self.seed, *key)).encode()
        digest = hashlib.blake2b(text, digest_size=16).digest()
        return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "little")))

    def map(self, work: Callable[..., Any], jobs: Sequence[Any]) -> list[Any]:
        """Call `work(job)` for every job; results in order."""
        done = 0

        def tell() -> None:
            nonlocal done
            with self.lock:
                done += 1
                self.listener(Event("progress", self.family, done=done, total=len(jobs)))

        return run_jobs(work, jobs, threads=self.threads, on_done=tell)

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
