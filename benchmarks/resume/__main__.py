"""Kill `rung fit` with SIGKILL at random moments; a resumed run must write the same bytes.

    python -m benchmarks.resume [--kills 200] [--seed 0]
    python -m benchmarks.resume --text FILE [--characters 200000] [--families gru,gpt]

Every family of the default ladder climbs a small seeded table. A run is killed up to five times, each time resumed from
where it was, before it may finish; only kills that leave a journal behind are counted.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from benchmarks.resume.kills import Outcome, Trial, run_trials, write_table
from benchmarks.resume.price import price, table

RESULTS = Path(__file__).with_name("results.json")
N_ROWS, EACH = 260, 5
OPTIONS = ("--folds", "3")
LINGER = 0.5


def summary(outcomes: list[Outcome], seed: int, seconds: float) -> dict[str, object]:
    """Count what came of all kills."""
    return {
        "kills_that_landed": sum(outcome.kills for outcome in outcomes),
        "runs": len(outcomes),
        "runs_with_the_same_bytes": sum(outcome.is_same for outcome in outcomes),
        "runs_that_opened_the_test_once": sum(outcome.openings == 1 for outcome in outcomes),
        "seed": seed,
        "rows": N_ROWS,
        "options": " ".join(OPTIONS),
        "minutes": round(seconds / 60, 1),
    }


def text_case(text: Path, n_characters: int, families: list[str]) -> dict[str, object]:
    """Kill networks that learn the beginning of a text; see `benchmarks.resume.price`."""
    with tempfile.TemporaryDirectory() as name:
        part = Path(name) / text.name
        part.write_text(text.read_text(encoding="utf-8")[:n_characters], encoding="utf-8")
        return {family: price(part, family, Path(name)) for family in families}


def main() -> None:
    """Run the benchmark and write its results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resume")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--text", type=Path, help="kill networks on this text instead")
    parser.add_argument("--characters", type=int, default=200_000)
    parser.add_argument("--families", default="gru,gpt")
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    found = json.loads(given.out.read_text(encoding="utf-8")) if given.out.exists() else {}
    if given.text:
        texts = text_case(given.text, given.characters, given.families.split(","))
        found["texts"] = found.get("texts", {}) | texts
        print(table(found["texts"]))
    else:
        start = time.perf_counter()
        with tempfile.TemporaryDirectory() as name:
            write_table(Path(name) / "table.csv", N_ROWS)
            trial = Trial(Path(name), OPTIONS, LINGER)
            outcomes = run_trials(trial, given.kills, each=EACH, seed=given.seed)
        found |= summary(outcomes, given.seed, time.perf_counter() - start)
        print(json.dumps(found, indent=2))
    given.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
