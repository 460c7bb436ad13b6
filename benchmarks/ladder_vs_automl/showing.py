"""Turn the figures into the README."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.ladder_vs_automl.judging import percent

NOTES = Path(__file__).with_name("notes.md")
TITLES = {
    "rung": "rung",
    "autogluon": "AutoGluon, medium",
    "autogluon_good": "AutoGluon, good",
    "flaml": "FLAML",
    "mljar": "mljar",
    "lightgbm": "LightGBM",
    "sklearn": "scikit-learn",
}
MOST_WORSE = 1.0


def readme(found: dict[str, Any]) -> str:
    """Return the page: notes written by hand, with the tables in their places."""
    text = NOTES.read_text(encoding="utf-8")
    parts = {
        "versions": "; ".join(f"{TITLES[t]}: {v}" for t, v in found["versions"].items()),
        "ran": ran(found),
        "targets": targets(found),
        "against": against(found),
        "splits": by_split(found),
        "scores": scores(found),
        "winners": winners(found),
        "promises": promises(found),
        "costs": costs(found),
    }
    for name, part in parts.items():
        text = text.replace("{" + name + "}", part)
    return text


def ran(found: dict[str, Any]) -> str:
    """Return how many splits of each table each tool has run."""
    tools = _tools(found)
    rows = []
    for name, table in found["tables"].items():
        counts = [
            sum("models" in split["tools"].get(tool, {}) for split in table["splits"].values())
            for tool in tools
        ]
        rows.append([name, *(str(count) for count in counts)])
    return _table(["table", *(TITLES[tool] for tool in tools)], rows)


def targets(found: dict[str, Any]) -> str:
    """Return what was aimed at and what was reached."""
    rows = []
    medium, good = (_said(found, tool) for tool in ("autogluon", "autogluon_good"))
    for tool, said, aim in (("medium", medium, "9 of 12"), ("good", good, "half of them")):
        n_level = sum(one["is"] != "worse" for one in said)
        n_ahead = sum(one["percent"] <= 0 for one in said)
        text = f"{n_level} of {len(said)} ({n_ahead} with the better mean)" if said else "not run"
        rows.append([f"better than or level with AutoGluon, {tool}, on", aim, text])
    if medium:
        worst = max(one["percent"] for one in medium)
        n_over = sum(one["percent"] > MOST_WORSE for one in medium)
        text = f"{n_over} of {len(medium)}; the furthest behind {worst:+.1f} %"
        rows.append([f"behind AutoGluon, medium, by more than {MOST_WORSE:g} % on", "none", text])
    ratios = sorted(_ratios(found))
    if ratios:
        middle = ratios[len(ratios) // 2]
        text = f"median {middle:.2f}, from {ratios[0]:.2f} to {ratios[-1]:.2f}"
        rows.append(["processor time, for each second of AutoGluon, medium", "1/8", text])
    kept = [one["missed"] for one in _promises(found, "rung")]
    if kept:
        text = f"{sum(kept)} of {len(kept)} ({100 * sum(kept) / len(kept):.0f} %)"
        rows.append(["promises of the leader missed on the bad side", "6 %", text])
    return _table(["rung's leader", "aim", "reached"], rows)


def _said(found: dict[str, Any], tool: str) -> list[dict[str, Any]]:
    """Return the comparison with a tool on every table that both have run."""
    return [one["rung_is"][tool] for one in found["tables"].values() if tool in one["rung_is"]]


def against(found: dict[str, Any]) -> str:
    """Return by how many percent the leader's score lies above (worse) each tool's."""
    tools = [tool for tool in _tools(found) if tool != "rung"]
    rows = []
    for name, table in found["tables"].items():
        cells = [table["rung_is"].get(tool) for tool in tools]
        rows.append([name, *(_percent(cell) for cell in cells)])
    return _table(["table", *(TITLES[tool] for tool in tools)], rows)


def by_split(found: dict[str, Any]) -> str:
    """Return by how many percent the leader's score lies above AutoGluon's on each split."""
    keys = sorted({key for table in found["tables"].values() for key in table["splits"]})
    rows = []
    for name, table in found["tables"].items():
        power = 2 if table["task"] == "regression" else 1
        cells = []
        for key in keys:
            tools = table["splits"].get(key, {}).get("tools", {})
            both = [tools.get(tool, {}).get("models") for tool in ("rung", "autogluon")]
            if all(both):
                own, other = (models["leader"]["loss"] for models in both)
                cells.append(f"{percent(own, other, power):+.1f}")
            else:
                cells.append("")
        rows.append([name, *cells])
    return _table(["table, against AutoGluon, medium, %", *(f"split {key}" for key in keys)], rows)


def scores(found: dict[str, Any]) -> str:
    """Return score and 95 % interval on the held rows of all splits."""
    tools = _tools(found)
    head = ["table", "metric", "held", "rung, leader", "rung, choice"]
    rows = []
    for name, table in found["tables"].items():
        held = sum(split["held"] for split in table["splits"].values())
        metric = "RMSE" if table["task"] == "regression" else "log loss"
        own = [_score(table, "rung"), _score(table, "rung, choice")]
        others = [_score(table, tool) for tool in tools if tool != "rung"]
        rows.append([name, metric, str(held), *own, *others])
    return _table(head + [TITLES[tool] for tool in tools if tool != "rung"], rows)


def winners(found: dict[str, Any]) -> str:
    """Return what led and what was chosen on each table, and AutoGluon's best single model."""
    rows = []
    for name, table in found["tables"].items():
        led = _counted(one["what"] for one in _models(table, "rung", "leader"))
        chosen = _counted(one["what"] for one in _models(table, "rung", "choice"))
        boards = [one["board"] for one in _models(table, "autogluon", "leader")]
        singles = [
            min((model for model in board if "Ensemble" not in model), key=board.__getitem__)
            for board in boards
        ]
        rows.append([name, chosen, led, _counted(singles)])
    return _table(["table", "rung's choice", "rung's leader", "AutoGluon's best single"], rows)


def promises(found: dict[str, Any]) -> str:
    """Return how many promises each tool missed on the bad side, and by how much they were off."""
    rows = []
    for tool in _tools(found):
        kept = list(_promises(found, tool))
        if not kept:
            continue
        gaps = sorted(one["gap"] for one in kept)
        n_missed = sum(one["missed"] for one in kept)
        rows.append(
            [
                TITLES[tool],
                str(len(kept)),
                f"{n_missed} ({100 * n_missed / len(kept):.0f} %)",
                f"{gaps[len(gaps) // 2]:+.1f}",
                f"{gaps[0]:+.1f} to {gaps[-1]:+.1f}",
            ]
        )
    head = ["tool", "promises", "missed on the bad side", "median gap, %", "gaps from, to, %"]
    return _table(head, rows)


def costs(found: dict[str, Any]) -> str:
    """Return mean processor seconds, wall seconds and peak memory of a split."""
    tools = _tools(found)
    rows = []
    for name, table in found["tables"].items():
        cells = [name]
        for tool in tools:
            done = [
                split["tools"][tool]
                for split in table["splits"].values()
                if "models" in split["tools"].get(tool, {})
            ]
            means = [
                sum(one[key] for one in done) / len(done) if done else 0.0
                for key in ("processor_s", "wall_s", "peak_mb")
            ]
            cells.append(" / ".join(f"{mean:.0f}" for mean in means) if done else "")
        rows.append(cells)
    return _table(["table", *(TITLES[tool] for tool in tools)], rows)


def _ratios(found: dict[str, Any]) -> Iterator[float]:
    for table in found["tables"].values():
        for split in table["splits"].values():
            own, other = (split["tools"].get(tool, {}) for tool in ("rung", "autogluon"))
            if "models" in own and "models" in other:
                yield own["processor_s"] / other["processor_s"]


def _promises(found: dict[str, Any], tool: str) -> Iterator[dict[str, Any]]:
    for table in found["tables"].values():
        for model in _models(table, tool, "leader"):
            if model["promise"]:
                yield model["promise"]


def _models(table: dict[str, Any], tool: str, role: str) -> Iterator[dict[str, Any]]:
    for split in table["splits"].values():
        models = split["tools"].get(tool, {}).get("models", {})
        if role in models:
            yield models[role]


def _counted(names: Iterator[str] | list[str]) -> str:
    listed = list(names)
    kinds = sorted(set(listed), key=lambda name: (-listed.count(name), name))
    if len(listed) < 2:
        return ", ".join(kinds)
    return ", ".join(f"{name} {listed.count(name)}" for name in kinds)


def _tools(found: dict[str, Any]) -> list[str]:
    return [tool for tool in TITLES if tool in found["versions"]]


def _percent(said: dict[str, Any] | None) -> str:
    if said is None:
        return "none"
    return f"{said['percent']:+.1f} ({said['low']:+.1f} to {said['high']:+.1f}), {said['is']}"


def _score(table: dict[str, Any], name: str) -> str:
    if name not in table["scores"]:
        return "none"
    score, low, high = table["scores"][name]
    return f"{score:.4g} ({low:.4g} to {high:.4g})"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
