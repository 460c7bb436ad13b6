"""Run the benchmark: `python -m benchmarks.characters --help` names what it needs."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.characters import ours, peers
from benchmarks.characters.showing import page
from rung.nets.characters.learn import plan_for
from rung.nets.characters.shape import shape_for

RESULTS = Path(__file__).with_name("results.json")
README = Path(__file__).with_name("README.md")
SOON = 80  # steps


def main() -> None:
    """Run the peers, then the GPT rung, and write what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.characters")
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("RUNG_DATA", "../shared/data"))
    )
    parser.add_argument("--nanogpt", type=Path, help="a clone of nanoGPT")
    parser.add_argument("--makemore", type=Path, help="a clone of makemore")
    parser.add_argument("--work", type=Path, required=True, help="folder outside the tree")
    parser.add_argument("--makemore-steps", type=int, default=20_000)
    parser.add_argument("--parts", nargs="*", default=["stream", "names"])
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    found = json.loads(options.out.read_text(encoding="utf-8")) if options.out.exists() else {}
    found["gflops_float32"] = round(ours.matrix_rate(), 1)
    for part in options.parts:
        found[part] = {"stream": _stream, "names": _names}[part](options)
        options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if options.out == RESULTS:
        README.write_text(page(found), encoding="utf-8")
    sys.stdout.write(page(found))


def _stream(options: argparse.Namespace) -> dict[str, object]:
    text = (options.data / "tinyshakespeare" / "input.txt").read_text(encoding="utf-8")
    learned, judged, symbols = ours.stream_parts(text)
    found: dict[str, object] = {}
    budget = 1_500
    if options.nanogpt:
        python = peers.make_environment(options.work / "environment")
        folder = peers.check_out(options.nanogpt, options.work / "nanogpt")
        found["nanogpt"] = peers.run_nanogpt(folder, python, text)
    shape = shape_for(learned.n_tokens, symbols, 256)
    soon, early = ours.train(learned, judged, shape, ours.stream_plan(SOON))
    found["soon"] = soon
    if options.nanogpt:
        # As many steps as fit into the peer's time, beside as many checks.
        checks = len(soon) * ours.seconds_of_a_check(judged, early)
        per_step = (soon[-1]["seconds"] - checks) / soon[-1]["step"]
        budget = int((found["nanogpt"][-1]["seconds"] - checks) / per_step)
    long, training = ours.train(learned, judged, shape, ours.stream_plan(budget))
    found["long"] = long
    characters = training.plan.steps * training.plan.rows * training.gpt.shape.context
    found["characters_a_second"] = round(characters / long[-1]["seconds"])
    weights = sum(each.size for name, each in training.weights().items() if "." in name)
    found["gflops"] = round(6 * weights * found["characters_a_second"] / 1e9, 1)
    found["sampled_a_second"] = ours.sampling_speed(training)
    return found


def _names(options: argparse.Namespace) -> dict[str, object]:
    path = options.data / "names" / "names.txt"
    learned, judged = ours.name_parts(path)
    found: dict[str, object] = {}
    if options.makemore:
        python = peers.make_environment(options.work / "environment")
        folder = peers.check_out(options.makemore, options.work / "makemore")
        found["makemore"] = peers.run_makemore(folder, python, path, options.makemore_steps)
    # Size and plan of `rung fit`, checked more often.
    shape = shape_for(learned.n_tokens, 27, 64)
    plan = replace(plan_for(learned.n_tokens), checks=15, threads=ours.THREADS)
    found["ours"], _ = ours.train(learned, judged, shape, plan)
    return found


if __name__ == "__main__":
    main()
