"""Compare the linear rung on columns of text with scikit-learn, and time a ladder.

`python -m benchmarks.text_columns --data FOLDER [CASE ...]`; FOLDER holds `sms_spam`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.text_columns.sources import messages, reviews

HERE = Path(__file__).parent
CASES = ("messages", "spam_kaggle_original.csv", "reviews")
COSTS = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
DROP = "column_3,column_4,column_5"


def source_of(case: str, data: Path) -> tuple[Any, str, str, dict[str, Any]]:
    """Return table, column of text, target and options of a case."""
    if case == "messages":
        return messages(data), "text", "label", {}
    if case == "reviews":
        return reviews(), "review", "label", {}
    return data / "sms_spam" / case, "text", "label", {"drop": DROP.split(",")}


def pipeline(cost: float | None) -> Any:
    """Return scikit-learn's pipeline; with its cost chosen by three inner folds for None."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline

    plain = make_pipeline(TfidfVectorizer(), LogisticRegression(C=cost or 1.0, max_iter=1_000))
    if cost is not None:
        return plain
    grid = {"logisticregression__C": COSTS}
    return GridSearchCV(plain, grid, cv=3, scoring="neg_log_loss", refit=True)


def compare(case: str, data: Path) -> dict[str, Any]:
    """Cross-fit all on the same folds; return log loss, error and processor seconds of each."""
    from rung.compute import RunContext, call_held
    from rung.families import find
    from rung.kinds.table.asked import make_options
    from rung.kinds.table.prepare import prepare

    table, column, target, options = source_of(case, data)
    prepared = prepare(table, make_options(target, options))
    problem, folds = prepared.problem, prepared.folds
    design: Any = problem.design
    texts = np.array([text or "" for text in design.strings(column)], dtype=object)

    def of_family(name: str) -> Any:
        family, context = find(name), RunContext(0, problem)
        assert family is not None
        return call_held(lambda: family.cross_fit(problem, folds, context)).predictions

    def of_pipeline(cost: float | None) -> Any:
        out = []
        for split in folds.splits:
            model = pipeline(cost).fit(texts[split.train], problem.y[split.train])
            out.append(model.predict_proba(texts[split.test]))
        return out

    tools: dict[str, Callable[[], Any]] = {
        "rung linear": lambda: of_family("linear"),
        "rung svm": lambda: of_family("svm"),
        "rung naive_bayes": lambda: of_family("naive_bayes"),
        "TF-IDF + logistic": lambda: of_pipeline(1.0),
        "TF-IDF + logistic, C chosen": lambda: of_pipeline(None),
    }
    of_pipeline(1.0)  # loads what it needs
    said = {}
    losses = {}
    for name, work in tools.items():
        start = time.process_time()
        outputs = work()
        seconds = time.process_time() - start
        losses[name], wrong = _judge(problem, folds, outputs)
        said[name] = {
            "log_loss": round(float(losses[name].mean()), 5),
            "error": round(float(wrong.mean()), 5),
            "processor_s": round(seconds, 2),
        }
    for name, own in said.items():
        off = losses["rung linear"] - losses[name]
        half = 1.96 * off.std() / np.sqrt(len(off))
        own["rung_linear_less"] = [round(float(off.mean() + s * half), 5) for s in (-1, 0, 1)]
    return {"rows": len(problem.y), "folds": len(folds.splits), "tools": said}


def _judge(problem: Any, folds: Any, outputs: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return log losses, clipped as rung clips them, and mistakes of all held-out rows."""
    lost, wrong = [], []
    for split, own in zip(folds.splits, outputs, strict=True):
        y = problem.y[split.test]
        floor = 1.0 / (2 * folds.n_rows)
        lost.append(-np.log(np.clip(own[np.arange(len(y)), y], floor, 1.0)))
        wrong.append(own.argmax(axis=1) != y)
    return np.concatenate(lost), np.concatenate(wrong)


def ladder(case: str, data: Path) -> dict[str, Any]:
    """Time `rung fit --quick` from the shell, with explanations and page."""
    table, _, target, options = source_of(case, data)
    with tempfile.TemporaryDirectory() as made:
        path = table
        if not isinstance(table, Path):
            path = Path(made) / "table.csv"
            table.write_csv(path)
        command = [sys.executable, "-m", "rung", "fit", str(path), "--target", target, "--quick"]
        command += ["--threads", "1", "--out", str(Path(made) / "run"), "--no-ledger"]
        command += ["--drop", DROP] if options else []
        start, before = time.monotonic(), os.times()
        done = subprocess.run(
            command, env=os.environ | ONE_CORE, capture_output=True, text=True, check=True
        )
        after = os.times()
        model = Path(made) / "run" / "model.rung"
        own = (after.children_user + after.children_system) - (
            before.children_user + before.children_system
        )
        return {
            "wall_s": round(time.monotonic() - start, 1),
            "processor_s": round(own, 1),
            "model_kB": model.stat().st_size // 1000,
            "ladder": [line for line in done.stdout.splitlines() if "±" in line][:12],
        }


def write_readme(results: dict[str, Any]) -> None:
    """Write the page of the results."""
    lines = [
        "# Columns of text beside scikit-learn",
        "",
        "`python -m benchmarks.text_columns --data FOLDER` cross-fits rungs that count words and",
        "`TfidfVectorizer` with `LogisticRegression` on the same folds of the same training rows, on",
        "one core: as they come, and with C chosen by three inner folds of seven values, as rung",
        "chooses its penalty. Scores are of all held-out rows; the last column is the log loss of",
        "rung's linear rung less that of the tool, with its paired 95 % interval. Processor seconds",
        "are of all folds; rung fits one model more, to all rows, and counts pairs and pieces of",
        "characters too. The machine was shared with other work, which processor seconds hardly",
        "notice. The reviews are written by a seed (`sources.py`).",
        "",
    ]
    for case, one in results.items():
        lines += [
            f"## {case}: {one['rows']:,} training rows, {one['folds']} folds",
            "",
            "| tool | log loss | error | processor s | rung linear less |",
            "|---|--:|--:|--:|--:|",
        ]
        for name, own in one["tools"].items():
            low, mean, high = own["rung_linear_less"]
            less = "" if name == "rung linear" else f"{mean:+.4f} ({low:+.4f} to {high:+.4f})"
            lines.append(
                f"| {name} | {own['log_loss']:.4f} | {own['error']:.2%} | "
                f"{own['processor_s']:g} | {less} |"
            )
        lines.append("")
        if "quick" in one:
            own = one["quick"]
            lines += [
                f"`rung fit --quick`, explanations and page: {own['processor_s']:g} processor s.",
                f"The model file has {own['model_kB']:,} kB.",
                "",
                "```",
                *own["ladder"],
                "```",
                "",
            ]
    (HERE / "README.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def main() -> None:
    """Run what is asked for; write results.json after each case, and README.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", help=f"of {', '.join(CASES)}; all if none is given")
    parser.add_argument("--data", type=Path, required=True, help="folder of the tables")
    asked = parser.parse_args()
    path = HERE / "results.json"
    results = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for case in asked.cases or CASES:
        results[case] = compare(case, asked.data) | {"quick": ladder(case, asked.data)}
        print(case, json.dumps(results[case], indent=1), flush=True)
        path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        write_readme(results)


if __name__ == "__main__":
    main()
