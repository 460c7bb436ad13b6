"""Run the benchmark: `python -m benchmarks.mutants [MODULE ...]`, as in core/seal.

Mutants of each module are tried against the tests beside it. Those that pass are printed; with
`--write`, figures and README are written too.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.mutants.making import Module, Mutant
from benchmarks.mutants.showing import readme, row, summary
from benchmarks.mutants.trying import ROOT, Subject, TestsFail, survivors, warm

HERE = Path(__file__).parent
RESULTS, README, EQUIVALENT = HERE / "results.json", HERE / "README.md", HERE / "equivalent.json"
# What figures and verdicts rest on, and what reads that which others wrote.
DEFAULT = ("core", "store/modelfile", "trees/walk", "data")
# Tests of a module that do not stand beside it under its name.
ALSO: dict[str, tuple[str, ...]] = {}


def modules(names: list[str]) -> list[str]:
    """Return modules by name, with those inside the folders that are named."""
    found: list[str] = []
    for name in names:
        path = ROOT / "src" / "rung" / name
        if path.is_dir():
            found += [f"{name}/{one.stem}" for one in sorted(path.glob("*.py"))]
        elif path.with_suffix(".py").is_file():
            found.append(name)
        else:
            raise SystemExit(f"no module {name!r} in src/rung; name one like 'core/seal' or 'core'")
    return list(dict.fromkeys(found))


def tests_beside(name: str) -> tuple[Path, ...]:
    """Return the test files of a module: test_NAME.py, test_NAME_*.py and those in ALSO."""
    folder, stem = (ROOT / "tests" / name).parent, name.rsplit("/", 1)[-1]
    beside = [folder / f"test_{stem}.py", *sorted(folder.glob(f"test_{stem}_*.py"))]
    beside += [ROOT / "tests" / other for other in ALSO.get(name, ())]
    return tuple(path for path in beside if path.is_file())


def subject_of(name: str) -> Subject:
    """Return what is needed to try a module."""
    path = ROOT / "src" / "rung" / f"{name}.py"
    return Subject(f"rung.{name.replace('/', '.')}", path, tests_beside(name))


def measure(name: str, options: argparse.Namespace, known: list[dict[str, str]]) -> dict[str, Any]:
    """Try a sample of a module's mutants and return what was found, JSON-ready."""
    subject = subject_of(name)
    module = Module(subject.path.read_text("utf-8"), str(subject.path))
    chosen = sample(module.mutants, options.sample, f"{options.seed} {name}")
    left = survivors(subject, module, chosen, workers=options.workers, tell=_tell(len(chosen)))
    return summary(module.mutants, chosen, left, known)


def sample(mutants: list[Mutant], most: int, seed: str) -> list[Mutant]:
    """Return so many mutants at most, in the order of the source; all if `most` is 0."""
    if not most or len(mutants) <= most:
        return mutants
    kept = random.Random(seed).sample(range(len(mutants)), most)
    return [mutants[i] for i in sorted(kept)]


def _tell(n: int) -> Any:
    done = 0

    def tell(_index: int, _mutant: Mutant, _outcome: str) -> None:
        nonlocal done
        done += 1
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{done}/{n} " if done < n else "\r")

    return tell


def main() -> None:
    """Try the modules, print their survivors, write if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", default=list(DEFAULT), metavar="MODULE")
    parser.add_argument("--sample", type=int, default=80, help="mutants a module; 0 for all")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="write results.json and README.md")
    options = parser.parse_args()
    known = json.loads(EQUIVALENT.read_text("utf-8"))
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}
    warm()
    for name in modules(options.modules):
        start = time.perf_counter()
        if not tests_beside(name):
            print(f"{name}: no tests beside it")
            continue
        try:
            found = measure(name, options, known.get(name, []))
        except TestsFail as error:
            print(error)
            continue
        results[name] = found
        print(f"{row(name, found)} {time.perf_counter() - start:.0f} s", flush=True)
        for one in found["survivors"]:
            print(f"  line {one['line']} in {one['function'] or 'the module'}: {one['text']}")
            print(f"    {one['change']}")
        for one in found["no longer equivalent"]:
            print(f"  listed as equivalent, but killed or gone: {one['text']}: {one['change']}")
    if options.write:
        results = dict(sorted(results.items()))
        text = json.dumps(results, indent=1, ensure_ascii=False)
        RESULTS.write_text(text + "\n", encoding="utf-8")
        README.write_text(readme(results, known), encoding="utf-8")


if __name__ == "__main__":
    main()
