"""Score every tool over all splits of a table, and hold what it promised against what came."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers.scoring import draws
from benchmarks.peers.tables import Source

NORMAL_95 = 1.96
OWN = ("leader", "choice")


def judge(source: Source, splits: Mapping[str, Any]) -> dict[str, Any]:
    """Return scores with intervals, rung against each tool, and every promise of a table.

    Parameters
    ----------
    source : Source
        The table.
    splits : mapping
        For each split that has run, `tools` (what was measured) and `folder` (losses of rows).
    """
    names = sorted({tool for split in splits.values() for tool in split["tools"]})
    is_root = source.is_regression
    found: dict[str, Any] = {"task": source.task, "scores": {}, "rung_is": {}, "splits": {}}
    for key, split in splits.items():
        held = len(np.load(split["folder"] / "rows.npy"))
        found["splits"][key] = {"held": held, "tools": split["tools"]}
        for measured in split["tools"].values():
            for model in measured.get("models", {}).values():
                model["promise"] = promise(model, held, is_root=is_root)
    for tool in names:
        for role in OWN if tool == "rung" else ("leader",):
            losses = _losses(splits, tool, role)
            if losses:
                name = "rung, choice" if role == "choice" else tool
                found["scores"][name] = pooled_score(list(losses.values()), is_root=is_root)
    own = _losses(splits, "rung", "leader")
    for tool in names:
        other = _losses(splits, tool, "leader")
        common = sorted(own.keys() & other.keys())
        if tool != "rung" and common:
            pairs = [(own[key], other[key]) for key in common]
            found["rung_is"][tool] = pooled_comparison(pairs, is_root=is_root)
    return found


def promise(model: Mapping[str, Any], held: int, *, is_root: bool) -> dict[str, Any] | None:
    """Hold the loss on held rows against the promised one, both with their standard errors.

    The error of the promise is the tool's own where it gives one (rung), else that of a mean over
    as many rows as it was validated on, spread like the held ones.

    Parameters
    ----------
    model : mapping
        With `loss` and `loss_sd` on the held rows, `promised`, `validated`, `promised_error`.
    held : int
        How many rows were held.
    is_root : bool
        Whether the promise is a root of the loss.

    Returns
    -------
    dict or None
        `gap` in percent of the promise (positive: worse than promised), `limit` of the same, and
        whether it was `missed`; None where nothing was promised.
    """
    if model["promised"] is None:
        return None
    power = 2 if is_root else 1
    promised = model["promised"] ** power
    spread = model["loss_sd"]
    own = model.get("promised_error")
    error = spread / math.sqrt(model["validated"]) if own is None else own
    most = promised + NORMAL_95 * math.hypot(error, spread / math.sqrt(held))
    return {
        "gap": round(percent(model["loss"], promised, power), 2),
        "limit": round(percent(most, promised, power), 2),
        "missed": bool(model["loss"] > most),
    }


def percent(value: float, base: float, power: int) -> float:
    """Return by how many percent a loss, or its root where power is 2, lies above another."""
    return 100.0 * ((value / base) ** (1.0 / power) - 1.0)


def pooled_score(
    held: list[tuple[np.ndarray, np.ndarray]], *, is_root: bool
) -> tuple[float, float, float]:
    """Return the score over the held rows of all splits, and its 95 % interval.

    Rows are drawn anew with replacement; a row held in several splits is drawn with all its losses.

    Parameters
    ----------
    held : list of (rows, losses)
        For each split, where the held rows stand in the table, and their losses.
    is_root : bool
        Whether the score is the root of the mean loss.
    """
    total, count = _by_row(held)
    weights = draws(len(total))
    ends = [
        total.sum() / count.sum(),
        *np.quantile(weights @ total / (weights @ count), [0.025, 0.975]),
    ]
    score, low, high = np.sqrt(ends) if is_root else ends
    return float(score), float(low), float(high)


def pooled_comparison(
    pairs: list[tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]],
    *,
    is_root: bool,
) -> dict[str, Any]:
    """Say how far own scores lie above the other's, with a paired interval, on the same splits.

    Parameters
    ----------
    pairs : list of ((rows, losses), (rows, losses))
        For each split, own and the other's.
    is_root : bool
        Whether scores are roots.

    Returns
    -------
    dict
        `percent` (positive: worse), `low` and `high` of its 95 % interval, `n_splits`, and `is`:
        `better`, `level` or `worse`.
    """
    own, _ = _by_row([one for one, _ in pairs])
    other, _ = _by_row([two for _, two in pairs])
    weights = draws(len(own))
    power = 2 if is_root else 1
    ratios = ((weights @ own) / (weights @ other)) ** (1.0 / power)
    low, high = 100.0 * (np.quantile(ratios, [0.025, 0.975]) - 1.0)
    word = "better" if high < 0 else "worse" if low > 0 else "level"
    return {
        "percent": round(percent(own.sum(), other.sum(), power), 2),
        "low": round(float(low), 2),
        "high": round(float(high), 2),
        "n_splits": len(pairs),
        "is": word,
    }


def _by_row(held: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Return the sum of losses, and how often it was held, for every row that ever was."""
    rows, position = np.unique(np.concatenate([one for one, _ in held]), return_inverse=True)
    losses = np.concatenate([losses for _, losses in held])
    total = np.bincount(position, losses, minlength=len(rows))
    return total, np.bincount(position, minlength=len(rows)).astype(float)


def _losses(
    splits: Mapping[str, Any], tool: str, role: str
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return where held rows stand, and their losses, for every split that a tool mastered."""
    found = {}
    for key, split in splits.items():
        path: Path = split["folder"] / f"{tool}_{role}.npy"
        if "models" in split["tools"].get(tool, {}):
            found[key] = (np.load(split["folder"] / "rows.npy"), np.load(path))
    return found
