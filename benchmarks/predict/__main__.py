"""Run the benchmark: `python -m benchmarks.predict`.

A linear and a boosted model are fitted on a seeded table, written to files and read back. Both
sides of a ratio are timed in the same run, in turns, on one thread; the best of the turns counts.
The boosters are the very ones whose trees the model file holds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

import rung
from rung.typing import Array, Untyped

RESULTS = Path(__file__).with_name("results.json")
NAMES = [f"x{i}" for i in range(10)]
TRAINING_ROWS, NOISE = 4_000, 4.0
ONE_ROW_REPEATS = 300


def draw(n_rows: int, seed: int) -> tuple[pl.DataFrame, Array]:
    """Return ten numbers a row and a target after Friedman (1991), Annals of Statistics 19."""
    generator = np.random.default_rng(seed)
    X = generator.random((n_rows, 10))
    y = 10 * np.sin(np.pi * X[:, 0] * X[:, 1]) + 20 * (X[:, 2] - 0.5) ** 2
    y += 10 * X[:, 3] + 5 * X[:, 4] + generator.normal(0, NOISE, n_rows)
    return pl.DataFrame(X, schema=NAMES), y


def fit(family: str) -> tuple[Any, list[tuple[Untyped, int, Untyped]]]:
    """Return a model that went through its file, and the LightGBM boosters it was made from.

    With each booster stand its rounds, and the ranks that it takes for numbers.
    """
    from rung.trees import boost

    frame, y = draw(TRAINING_ROWS, seed=0)
    grown: list[tuple[Untyped, int]] = []
    ranks: list[Untyped] = []
    convert, restore = boost.from_lightgbm, boost.Ranks.restore

    def keep(booster: Untyped, rounds: int, **options: Any) -> Any:
        grown.append((booster, rounds))
        return convert(booster, rounds, **options)

    def keep_ranks(own: Untyped, nodes: Untyped) -> Any:
        ranks.append(own)
        return restore(own, nodes)

    boost.from_lightgbm, boost.Ranks.restore = keep, keep_ranks
    try:
        run = rung.fit(
            frame.with_columns(y=y),
            target="y",
            families=[family],
            folds=2,
            test_fraction=0,
            choose="leader",
            threads=1,
        )
    finally:
        boost.from_lightgbm, boost.Ranks.restore = convert, restore
    boosters = [(*each, own) for each, own in zip(grown, ranks, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        return rung.load(run.model.save(Path(folder) / "model.rung")), boosters


def linear_peer() -> Untyped:
    """Return scikit-learn's pipeline that does what the linear family does with numbers."""
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    frame, y = draw(TRAINING_ROWS, seed=0)
    return make_pipeline(SimpleImputer(), StandardScaler(), Ridge()).fit(frame.to_numpy(), y)


def in_turns(works: Sequence[Callable[[], Any]], turns: int) -> list[float]:
    """Return the best seconds of each, timed one after the other, over and over."""
    best = [float("inf")] * len(works)
    for _ in range(turns):
        for i, work in enumerate(works):
            start = time.perf_counter()
            work()
            best[i] = min(best[i], time.perf_counter() - start)
    return best


def many_rows(n_rows: int, turns: int) -> list[dict[str, Any]]:
    """Time a million rows from a frame to predictions; both sides begin with the same frame."""
    frame, _ = draw(n_rows, seed=1)
    linear, _ = fit("linear")
    boosting, boosters = fit("boosting")
    pipeline = linear_peer()
    bare = pipeline[-1]

    # LightGBM is spared the making of ranks.
    ranked = [own.apply(frame.to_numpy()) for _, _, own in boosters]

    def boosted() -> Array:
        outputs = [
            booster.predict(X, num_iteration=rounds, num_threads=1)
            for (booster, rounds, _), X in zip(boosters, ranked, strict=True)
        ]
        return np.asarray(np.mean(outputs, axis=0))

    pairs: list[tuple[str, str, Callable[[], Any], Callable[[], Any]]] = [
        (
            "linear",
            "scikit-learn: impute, scale, Ridge",
            lambda: linear.predict(frame),
            lambda: pipeline.predict(frame.to_numpy()),
        ),
        (
            "linear",
            "scikit-learn: Ridge alone, on numbers without a gap",
            lambda: linear.predict(frame),
            lambda: bare.predict(frame.to_numpy()),
        ),
        (
            "boosting",
            "LightGBM: Booster.predict, one thread",
            lambda: boosting.predict(frame),
            boosted,
        ),
    ]
    rows = []
    for family, peer, own, other in pairs:
        seconds, peer_seconds = in_turns([own, other], turns)
        rows.append(
            {
                "family": family,
                "peer": peer,
                "seconds": round(seconds, 4),
                "peer_seconds": round(peer_seconds, 4),
                "speed_ratio": round(peer_seconds / seconds, 2),
            }
        )
    trees = [model.nodes.n_trees for model in boosting.model.models]
    return [{**row, "trees": sum(trees) if row["family"] == "boosting" else 0} for row in rows]


def one_row() -> list[dict[str, Any]]:
    """Time one row from a loaded model: a frame, and a dictionary of one-element arrays."""
    frame, _ = draw(1, seed=2)
    as_dictionary = {name: frame[name].to_numpy() for name in NAMES}
    rows = []
    for family in ("linear", "boosting"):
        model, _ = fit(family)
        for kind, data in (("polars frame", frame), ("dictionary of arrays", as_dictionary)):
            model.predict(data)
            taken = []
            for _ in range(ONE_ROW_REPEATS):
                start = time.perf_counter()
                model.predict(data)
                taken.append(1e3 * (time.perf_counter() - start))
            rows.append(
                {
                    "family": family,
                    "input": kind,
                    "median_ms": round(statistics.median(taken), 3),
                    "ninth_decile_ms": round(statistics.quantiles(taken, n=10)[-1], 3),
                }
            )
    return rows


def whole_process(n_rows: int) -> list[dict[str, Any]]:
    """Time `rung predict` from start to written file, for information."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frame, _ = draw(n_rows, seed=1)
        frame.write_parquet(folder / "rows.parquet")
        frame.write_csv(folder / "rows.csv")
        for family in ("linear", "boosting"):
            fit(family)[0].save(folder / "model.rung")
            for kind in ("parquet", "csv"):
                words = ["predict", "model.rung", f"rows.{kind}", "--out", f"out.{kind}", "--force"]
                start = time.perf_counter()
                subprocess.run([sys.executable, "-m", "rung", *words], cwd=folder, check=True)
                seconds = time.perf_counter() - start
                rows.append({"family": family, "file": kind, "seconds": round(seconds, 2)})
    return rows


def table(found: dict[str, Any]) -> str:
    """Lay the figures out for the README."""
    lines = [
        f"| {found['rows']:,} rows | beside | rung, s | peer, s | rung's speed / the peer's |",
        "|---|---|---|---|---|",
    ]
    for row in found["many"]:
        label = f"{row['family']}, {row['trees']} trees" if row["trees"] else row["family"]
        lines.append(
            f"| {label} | {row['peer']} | {row['seconds']:.2f} | {row['peer_seconds']:.2f} | "
            f"{row['speed_ratio']:.2f} |"
        )
    lines += ["", "| one row | as | median, ms | ninth decile, ms |", "|---|---|---|---|"]
    lines += [
        f"| {r['family']} | {r['input']} | {r['median_ms']:.2f} | {r['ninth_decile_ms']:.2f} |"
        for r in found["one"]
    ]
    lines += ["", f"| `rung predict`, {found['rows']:,} rows | file | s |", "|---|---|---|"]
    lines += [f"| {r['family']} | {r['file']} | {r['seconds']:.1f} |" for r in found["process"]]
    return "\n".join(lines)


def main() -> None:
    """Read the options, time everything, and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.predict")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    found = {
        "rows": options.rows,
        "many": many_rows(options.rows, options.turns),
        "one": one_row(),
        "process": whole_process(options.rows),
    }
    options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(table(found) + "\n")


if __name__ == "__main__":
    main()
