"""Turn the figures into the tables of the README."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TITLES = {"rung": "rung", "lightgbm": "LightGBM", "sklearn": "scikit-learn", "mljar": "mljar"}


def all_tables(found: dict[str, Any]) -> str:
    """Return scores, ladder, promises, costs and comparisons, one table after the other."""
    parts = (scores(found), ladder(found), promises(found), costs(found), comparisons(found))
    return "\n\n".join(parts)


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
