"""Compare two runs on the rows that both predicted: paired differences, and what was asked otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from rung.core.field_metrics import OWN, metric_named
from rung.core.folds import Split
from rung.core.losses import unit_losses
from rung.core.out_of_fold import OutOfFold
from rung.core.result import plain
from rung.errors import DataError, UsageError
from rung.explain.held_out import difference, metric_value
from rung.report.numbers import clean, interval, signed
from rung.report.words import metric_words
from rung.typing import JSON, Array, Untyped

FILES = ("results.json", "out_of_fold.parquet")
# Of options that say where a run was made, not what was asked.
IDLE = ("ledger", "seal", "explain")


def compare_runs(first: str | Path, second: str | Path) -> JSON:
    """Return the difference of two runs on the same rows of a table.

    Parameters
    ----------
    first, second : path
        Folders of runs on tables with the same target.

    Returns
    -------
    dict
        `pairs`: the choices, then every family that both scored, each with `first` and `second` in
        the metric of the first run, the `mean`, `low` and `high` of second less first in that
        metric, and `verdict`. `n_rows` both predicted, `n_only_first`, `n_only_second`; `options`
        that differ; `notes`.

    Raises
    ------
    UsageError
        If a folder holds no run on a table, or the runs predict different things.
    DataError
        If they have no row in common, or rows do not have the same target.
    """
    results, tables = zip(*(_read(Path(folder)) for folder in (first, second)), strict=True)
    _check(results)
    rows = [table["row"].to_numpy() for table in tables]
    common, at, there = np.intersect1d(*rows, return_indices=True)
    if len(common) < 2:
        raise DataError(
            f"the runs predicted {len(common)} rows in common, of {len(rows[0])} and {len(rows[1])}",
            "compare runs on the same table, with the same sealed rows (--seal)",
        )
    places = (at, there)
    _check_targets(tables, places)
    names = [[one["family"] for one in r["ladder"] if one["status"] == "scored"] for r in results]
    choices = (results[0]["choice"]["family"], results[1]["choice"]["family"])
    pairs = [choices, *((name, name) for name in names[0] if name in names[1])]
    return {
        "runs": [str(first), str(second)],
        "metric": _metric(results[0]),
        "n_rows": len(common),
        "n_only_first": len(rows[0]) - len(common),
        "n_only_second": len(rows[1]) - len(common),
        "options": _differing(results),
        "pairs": [_pair(results, tables, places, pair) for pair in dict.fromkeys(pairs)],
        "notes": _notes(results),
    }


def compared_text(found: JSON) -> str:
    """Return a comparison of `compare_runs` as lines for a console."""
    title = metric_words(found["metric"]).title
    only = (found["n_only_first"], found["n_only_second"])
    alone = f"; {only[0]} rows of the first and {only[1]} of the second alone" if any(only) else ""
    lines = [f"{title} on {found['n_rows']} rows that both predicted{alone}", ""]
    for pair in found["pairs"]:
        first, second = pair["families"]
        names = first if first == second else f"{first} and {second} (the choices)"
        shown = interval(pair["mean"], pair["low"], pair["high"])
        change = f"{signed(str(shown['value']))} ({shown['range']})"
        scores = f"{pair['first']:.4g} and {pair['second']:.4g}"
        lines.append(f"  {clean(names)}: {scores}, {change}: {pair['verdict']}")
    if found["options"]:
        lines += ["", "asked otherwise:"]
        lines += [
            f"  {clean(key)}: {clean(first)} and {clean(second)}"
            for key, (first, second) in found["options"].items()
        ]
    return "\n".join([*lines, *(f"note: {note}" for note in found["notes"])])


def _read(folder: Path) -> tuple[JSON, Untyped]:
    import polars as pl

    absent = [name for name in FILES if not (folder / name).is_file()]
    if absent:
        raise UsageError(
            f"folder {str(folder)!r} holds no {absent[0]}; a run on a table has it",
            "name the folder that rung fit wrote",
        )
    found: JSON = json.loads((folder / FILES[0]).read_text("utf-8"))
    return found, pl.read_parquet(folder / FILES[1])


def _check(results: Any) -> None:
    for key in ("task", "target", "classes"):
        first, second = (result[key] for result in results)
        if first != second:
            raise UsageError(
                f"the runs have different {key}: {first!r} and {second!r}",
                "compare runs that predict the same",
            )

    columns = [
        sorted(one["name"] for one in result["dataset"]["columns"] if one["role"] == "feature")
        for result in results
    ]
    if results[0]["task"] == "density" and columns[0] != columns[1]:
        raise UsageError(
            f"the runs say how probable rows of {len(columns[0])} and of {len(columns[1])} columns "
            "are, and these are not the same columns",
            "compare runs on the same columns",
        )
    own = next((result["metric"] for result in results if result["loss"] == OWN), "")
    if own:
        raise UsageError(
            f"a run was compared by {own!r}, a function from Python that no file holds",
            "compare runs that are compared by a metric of rung",
        )


def _check_targets(tables: Any, places: tuple[Array, Array]) -> None:
    first, second = (_targets(table)[rows] for table, rows in zip(tables, places, strict=True))
    n_other = int((first != second).sum())
    if n_other:
        raise DataError(
            f"{n_other} of {len(first)} rows in common have another target in the second run",
            "compare runs on the same rows of one table",
        )


def _metric(result: Any) -> str:
    """Return the metric of a run; of densities the one that needs no other family."""
    return "log_density" if result["task"] == "density" else str(result["metric"])


def _targets(table: Untyped) -> Array:
    """Return the targets of rows; zeros where densities of rows were compared."""
    found: Array = table["target"].to_numpy() if "target" in table.columns else np.zeros(len(table))
    return found


def _pair(results: Any, tables: Any, places: tuple[Array, Array], names: tuple[str, str]) -> JSON:
    """Compare one family of the first run with one of the second."""
    result, metric = results[0], metric_named(_metric(results[0]))
    classes = tuple(result["classes"])
    predictions = [
        _outputs(table, name, classes)[rows]
        for table, name, rows in zip(tables, names, places, strict=True)
    ]
    target = _targets(tables[0])[places[0]]
    y = np.array([classes.index(label) for label in target]) if classes else target
    fold = tables[0]["fold"].to_numpy()[places[0]]
    tests = [np.flatnonzero(fold == number) for number in np.unique(fold)]
    everything = np.arange(len(y))
    oof = OutOfFold(
        task=result["task"],
        y=y,
        splits=tuple(Split(np.setdiff1d(everything, test), test) for test in tests),
        predictions={
            key: tuple(made[test] for test in tests)
            for key, made in zip(("first", "second"), predictions, strict=True)
        },
        unit=everything,
        classes=classes,
        positive=classes.index(result["positive"]) if result["positive"] in classes else None,
    )
    losses = unit_losses(oof, metric.loss)
    found = difference(losses, 1, 0)
    own = float(losses.means[0])
    values = [metric_value(metric.key, float(loss), losses) for loss in losses.means]
    moved = [
        metric_value(metric.key, own + end, losses) - values[0]
        for end in (found.mean, found.low, found.high)
    ]
    return {
        "families": list(names),
        "first": values[0],
        "second": values[1],
        "mean": moved[0],
        "low": min(moved),
        "high": max(moved),
        "verdict": _verdict(found.low, found.high),
    }


def _verdict(low: float, high: float) -> str:
    if low > 0:
        return "the second is worse"
    return "the second is better" if high < 0 else "no difference is shown"


def _outputs(table: Untyped, name: str, classes: tuple[str, ...]) -> Array:
    columns = [f"{name}:{label}" for label in classes] if classes else [name]
    found: Array = table.select(columns).to_numpy()
    return found


def _differing(results: Any) -> JSON:
    first, second = (result["options"] for result in results)
    keys = sorted(({*first} | {*second}) - {*IDLE})
    return {
        key: [first.get(key), second.get(key)] for key in keys if first.get(key) != second.get(key)
    }


def _notes(results: Any) -> list[str]:
    notes = []
    if results[0]["dataset"]["fingerprint"] != results[1]["dataset"]["fingerprint"]:
        notes.append("the tables differ: rows are paired by their place in the file")
    if results[0]["folds"]["fingerprint"] != results[1]["folds"]["fingerprint"]:
        notes.append("the folds differ: a part of the difference is that of other training rows")
    if any(result["folds"]["unit"] != "row" for result in results):
        notes.append("rows of a group count as independent here: intervals are too narrow")
    return [str(plain(note)) for note in notes]
