"""Turn the figures into the tables of the README."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

NOTES = Path(__file__).with_name("notes.md")
TITLES = {"rung": "rung", "lightgbm": "LightGBM", "sklearn": "scikit-learn", "mljar": "mljar"}

ORDER = (
    *("constant", "one_feature", "linear", "naive_bayes", "perceptron", "neighbours"),
    *("polynomial", "svm", "tree", "forest", "boosting", "mlp", "blend"),
)


def readme(found: dict[str, Any]) -> str:
    """Return the page: notes written by hand, with the tables in their places."""
    text = NOTES.read_text(encoding="utf-8")
    n_compared = sum(len(list(_models(found, tool))) for tool in _tools(found))
    parts = {
        "versions": "; ".join(f"{TITLES[tool]}: {said}" for tool, said in found["tools"].items()),
        "scores": scores(found),
        "n_comparisons": str(2 * n_compared),
        "comparisons": comparisons(found),
        "ladder": ladder(found),
        "rungs": rungs(found),
        "promises": promises(found),
        "costs": costs(found),
    }
    for name, part in parts.items():
        text = text.replace("{" + name + "}", part)
    return text


def scores(found: dict[str, Any]) -> str:
    """Return score and 95 % interval on the held rows, a row a table."""
    tools = _tools(found)
    head = ["table", "metric", "held", "rung, leader", "rung, choice"]
    rows = []
    for name, one in found["tables"].items():
        cells = [name, _metric(one), str(one["held"])]
        cells += [_score(one, "rung", "leader"), _score(one, "rung", "choice")]
        rows.append(cells + [_score(one, tool, "leader") for tool in tools])
    return _table(head + [TITLES[tool] for tool in tools], rows)


def ladder(found: dict[str, Any]) -> str:
    """Return which family rung chose and which led, and what the other tools took."""
    tools = _tools(found)
    rows = [
        [
            name,
            _what(one, "rung", "choice"),
            _what(one, "rung", "leader"),
            *(_what(one, tool, "leader") for tool in tools),
        ]
        for name, one in found["tables"].items()
    ]
    return _table(["table", "choice", "leader", *(TITLES[tool] for tool in tools)], rows)


def rungs(found: dict[str, Any]) -> str:
    """Return the score of every family on the held rows, in percent above the best of them."""
    names: list[str] = []
    for one in found["tables"].values():
        own = one["tools"].get("rung", {}).get("models", {})
        names += [name for name in own if name not in {*names, "choice", "leader"}]
    names.sort(key=ORDER.index)
    rows = []
    for title, one in found["tables"].items():
        own = one["tools"].get("rung", {}).get("models", {})
        if any(name in own for name in names):
            best = min(model["score"][0] for model in own.values())
            above = {name: 100 * (model["score"][0] / best - 1) for name, model in own.items()}
            cells = [f"{above[name]:.0f}" if name in above else "" for name in names]
            rows.append([title, *cells])
    return _table(["table", *(name.replace("_", " ") for name in names)], rows)


def promises(found: dict[str, Any]) -> str:
    """Return how far the held score lies above what was promised, in percent of it."""
    tools = ["rung", *(tool for tool in _tools(found) if tool != "lightgbm")]
    rows = []
    for name, one in found["tables"].items():
        rows.append([name, *(_broken(one, tool) for tool in tools)])
    return _table(["table", *(TITLES[tool] for tool in tools)], rows)


def costs(found: dict[str, Any]) -> str:
    """Return wall seconds, processor seconds and peak memory."""
    tools = ["rung", *_tools(found)]
    rows = []
    for name, one in found["tables"].items():
        cells = [name]
        for tool in tools:
            cost = one["tools"].get(tool)
            cells.append(
                f"{cost['wall_s']:.0f} / {cost['processor_s']:.0f} / {cost['peak_mb']}"
                if cost
                else ""
            )
        rows.append(cells)
    return _table(["table", *(TITLES[tool] for tool in tools)], rows)


def comparisons(found: dict[str, Any]) -> str:
    """Count tables on which rung's leader and choice are better, even or worse."""
    rows = []
    for role in ("leader", "choice"):
        for tool in _tools(found):
            said = [model[f"rung_{role}_is"] for model in _models(found, tool)]
            counts = [str(said.count(word)) for word in ("better", "even", "worse")]
            rows.append([f"rung's {role} against {TITLES[tool]}", *counts])
    return _table(["", "better", "even", "worse"], rows)


def _models(found: dict[str, Any], tool: str) -> Iterator[dict[str, Any]]:
    for one in found["tables"].values():
        model = one["tools"].get(tool, {}).get("models", {}).get("leader")
        if model and "rung_leader_is" in model:
            yield model


def _tools(found: dict[str, Any]) -> list[str]:
    return [tool for tool in TITLES if tool != "rung" and tool in found["tools"]]


def _metric(one: dict[str, Any]) -> str:
    return "RMSE" if one["task"] == "regression" else "log loss"


def _find(one: dict[str, Any], tool: str, role: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = one["tools"].get(tool, {}).get("models", {}).get(role)
    return found


def _score(one: dict[str, Any], tool: str, role: str) -> str:
    model = _find(one, tool, role)
    if model is None:
        return "none"
    score, low, high = model["score"]
    return f"{score:.4g} ({low:.4g} to {high:.4g})"


def _what(one: dict[str, Any], tool: str, role: str) -> str:
    model = _find(one, tool, role)
    return model["what"] if model else "none"


def _broken(one: dict[str, Any], tool: str) -> str:
    model = _find(one, tool, "leader")
    if model is None or not model["promised"]:
        return "none"
    return f"{100 * (model['score'][0] / model['promised'] - 1):+.1f}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
