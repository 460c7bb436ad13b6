"""Hold explanations against other tools and the truth: `python -m benchmarks.explain --envs FOLDER`.

shap runs in an environment of its own, made there on the first call.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.explain.against import compare_all
from benchmarks.explain.showing import write_readme
from benchmarks.explain.simulated import simulate
from benchmarks.peers.envs import interpreter, versions
from rung.compute import one_thread_each

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
TABLES = 500


def main() -> None:
    """Run all, and write results.json and README.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--envs", type=Path, required=True, help="folder for the tools")
    parser.add_argument("--tables", type=int, default=TABLES, help="simulated tables")
    asked = parser.parse_args()
    python = interpreter("shap", asked.envs)
    known = json.loads(RESULTS.read_text(encoding="utf-8"))
    with one_thread_each():
        results = {
            **known,
            "versions": versions(python, "shap"),
            "against": compare_all(python),
            "simulated": simulate(asked.tables),
        }
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    write_readme(results, HERE / "README.md")


if __name__ == "__main__":
    main()
