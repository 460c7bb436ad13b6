"""Time the whole way, from a table to a verdict: `python -m benchmarks.speed`.

Tables are drawn with a seed, so two versions of the code can be compared on one machine. Times
are for people: no result of `rung` depends on them.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np

SIZES = (300, 3_000, 30_000)
N_NUMBERS = 10


def draw(n_rows: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Draw a table of ten numbers, one category, and a target with a bend and a step in it."""
    generator = np.random.default_rng((seed, n_rows))
    numbers = generator.normal(size=(n_rows, N_NUMBERS))
    kind = generator.integers(0, 4, n_rows)
    target = numbers[:, 0] + np.abs(numbers[:, 1]) + (kind == 2) + generator.normal(0, 0.5, n_rows)
    columns = {f"x{index}": numbers[:, index] for index in range(N_NUMBERS)}
    return columns | {"kind": np.array(["a", "b", "c", "d"])[kind], "target": target}


def main() -> None:
    """Fit each size once and print seconds for every part of the run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--threads", type=int, default=None)
    options = parser.parse_args()

    import polars as pl

    import rung

    for n_rows in options.sizes:
        table = pl.DataFrame(draw(n_rows))
        start = time.perf_counter()
        run = rung.fit(table, target="target", threads=options.threads, ledger=False)
        seconds = time.perf_counter() - start
        parts = " ".join(f"{name} {value:.2f}" for name, value in _flat(run.timings).items())
        sys.stdout.write(f"{n_rows:>8} rows {seconds:8.2f} s  {run.verdict.family}  ({parts})\n")
        sys.stdout.flush()


def _flat(timings: dict[str, object], prefix: str = "") -> dict[str, float]:
    """Spread nested seconds out: `families.linear 0.31`."""
    flat: dict[str, float] = {}
    for name, value in timings.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        elif isinstance(value, float):
            flat[prefix + name] = value
    return flat


if __name__ == "__main__":
    main()
