"""Say what a run on a table without a target found beside the ladder."""

from __future__ import annotations

from typing import Any

import numpy as np

from rung.compute import one_thread_each
from rung.core.column_parts import SECONDS_PER_DAY
from rung.core.dataset import Dataset
from rung.core.events import Listener
from rung.core.family import Family
from rung.core.result import DatasetSummary, FoldsSummary, Result, whole_text
from rung.core.sentinels import with_spans
from rung.density.held import HeldDensities, hold
from rung.density.reading import TableReading, date_cells, level_name
from rung.kinds.density.dependence import dependence
from rung.kinds.density.model import FittedDensity
from rung.kinds.density.options import DensityOptions
from rung.kinds.density.prepare import PreparedRows
from rung.kinds.kind import Ladder, Outcome
from rung.kinds.model_file import provenance
from rung.kinds.table.outcome import summarise_column
from rung.typing import JSON, Array

TARGET = "the density of rows"
MOST_ROWS, N_BINS = 10, 32


def outcome(
    prepared: PreparedRows,
    found: Ladder,
    options: DensityOptions,
    listener: Listener,
    seconds: dict[str, float],
) -> Outcome:
    """Sum up the table, and name the rows that the choice finds least probable."""
    folds, dataset = prepared.folds, prepared.dataset
    columns = _columns(prepared, found)
    return Outcome(
        dataset=DatasetSummary(
            source=whole_text(prepared.source),
            rows=dataset.n_rows,
            rows_without_target=0,
            columns=tuple(summarise_column(dataset, column) for column in dataset.columns),
            fingerprint=prepared.fingerprint,
        ),
        folds=FoldsSummary(
            kind=folds.kind,
            n_folds=folds.n_folds,
            n_repeats=folds.n_repeats,
            n_rows=folds.n_rows,
            n_scored=len(folds.scored),
            n_units=len(np.unique(prepared.unit[prepared.train][folds.scored])),
            unit=", ".join(options.group_names) or "row",
            fingerprint=folds.fingerprint,
        ),
        target=TARGET,
        sections={
            **({} if prepared.sampled is None else prepared.sampled.to_section()),
            "density": _section(prepared, found, columns),
            **({"dependence": tree} if (tree := dependence(prepared.seen, found)) else {}),
        },
        tables={"out_of_fold": columns},
    )


def _columns(prepared: PreparedRows, found: Ladder) -> dict[str, Array]:
    """Lay out out-of-fold log densities in the order of the file; of the first repeat."""
    folds = prepared.folds
    first = [i for i, split in enumerate(folds.splits) if split.repeat == 0]
    fold = np.full(folds.n_rows, -1, dtype=np.int64)
    for i in first:
        fold[folds.splits[i].test] = i
    rows = np.flatnonzero(fold >= 0)
    rows = rows[np.argsort(prepared.file_row[prepared.train[rows]], kind="stable")]
    columns: dict[str, Array] = {"row": prepared.file_row[prepared.train[rows]], "fold": fold[rows]}
    for name, predictions in found.judged.evidence.predictions.items():
        logs = np.full(folds.n_rows, np.nan)
        for i in first:
            logs[folds.splits[i].test] = predictions[i][:, 0]
        columns[name] = logs[rows]
    return columns


def _section(prepared: PreparedRows, found: Ladder, columns: dict[str, Array]) -> JSON:
    seen, held = prepared.seen, _held(prepared, found, found.choice)
    return {
        "n_rows": seen.n_rows,
        "n_sealed": len(prepared.test),
        "n_numbers": len(seen.number_names),
        "n_categories": len(seen.category_columns),
        "n_folds": prepared.folds.n_folds,
        "missing": round(_missing(seen), 6),
        "notes": list(prepared.reading.notes),
        "held": {"rows": held.rows, "n": len(held.logs)},
        "spread": _spread(columns[found.choice]),
        "anomalies": _anomalies(prepared, found, columns, held),
    }


def _spread(logs: Array) -> JSON:
    """Return how many rows have which log density, the ends of the range and of bins between them."""
    counts, edges = np.histogram(logs[np.isfinite(logs)], N_BINS)
    return {"edges": [float(f"{edge:.9g}") for edge in edges], "counts": counts.tolist()}


def _missing(seen: Dataset) -> float:
    cells = [v < 0 if v.dtype.kind == "i" else np.isnan(v) for v in seen.values.values()]
    return float(np.mean([one.mean() for one in cells]))


def _anomalies(
    prepared: PreparedRows, found: Ladder, columns: dict[str, Array], held: HeldDensities
) -> list[JSON]:
    """Return the least probable rows out of fold, and what is least probable in each."""
    logs, models = columns[found.choice], found.fitted(found.choice).models
    at = {int(row): i for i, row in enumerate(prepared.file_row)}
    listed = []
    for i in np.argsort(logs, kind="stable")[:MOST_ROWS]:
        row = at[int(columns["row"][i])]
        cell = _oddest(prepared, models[int(columns["fold"][i])], row)
        listed.append(
            {
                "row": int(columns["row"][i]) + 1,
                "log_density": round(float(logs[i]), 4),
                "rate": float(f"{held.rate(logs[i : i + 1])[0]:.4g}") if len(held.logs) else None,
                **cell,
            }
        )
    return listed


def _oddest(prepared: PreparedRows, model: Any, row: int) -> JSON:
    """Return the cell that a row would be most probable without, numbers in standard deviations."""
    seen, place = prepared.seen, np.array([row])
    one = seen.take(place)
    whole = float(model.predict(one)[0, 0])
    best, name, without = -np.inf, "", 0.0
    with one_thread_each(), np.errstate(all="ignore"):
        for column in seen.columns:
            values = dict(one.values)
            blank = np.array([-1], np.int32) if column.is_coded else np.array([np.nan])
            values[column.name] = blank
            rest = float(model.predict(Dataset(seen.columns, values, 1))[0, 0])
            spread = 1.0 if column.is_coded else np.nanstd(seen.values[column.name][prepared.train])
            gain = rest - whole - float(np.log(spread or 1.0))
            if one.values[column.name][0] != blank[0] and gain > best and rest != whole:
                best, name, without = gain, column.name, rest
    return {"column": name, "cell": _cell(prepared, name, row), "without": round(without, 4)}


def _cell(prepared: PreparedRows, name: str, row: int) -> str:
    if not name:
        return ""
    column, value = prepared.original.column(name), prepared.original.values[name][row]
    if column.is_coded:
        return column.levels[int(value)]
    if column.kind == "boolean":
        return level_name(column, float(value))
    if column.kind == "datetime":
        form = prepared.reading.forms.get(name)
        days = np.array([float(value) / SECONDS_PER_DAY])
        return str(date_cells(days, is_whole=form is not None and form.decimals == 0)[0])
    return f"{float(value):.9g}"


def _held(
    prepared: PreparedRows, found: Ladder, family: str, *, opened: bool = True
) -> HeldDensities:
    """Return log densities of the sealed rows, or out of fold where none were opened."""
    if opened and len(prepared.test):
        with one_thread_each(), np.errstate(all="ignore"):
            logs = found.model(family).predict(prepared.seen.take(prepared.test))
        return hold(logs[:, 0], "sealed")
    return hold(np.concatenate(found.fitted(family).predictions)[:, 0], "out of fold")


def _level_rows(prepared: PreparedRows) -> dict[str, Array]:
    """Count training rows by level."""
    found = {}
    for column in prepared.seen.category_columns:
        codes = prepared.seen.values[column.name][prepared.train]
        counts = np.bincount(codes[codes >= 0], minlength=len(column.levels))
        found[column.name] = counts.astype(np.int64)
    return found


def fitted(prepared: PreparedRows, found: Ladder, family: Family, result: Result) -> FittedDensity:
    """Return the model of a family with its columns, and with where it comes from."""
    reading = prepared.reading
    if not result.options.get("keep_sentinels"):
        columns = with_spans(reading.columns, prepared.dataset, prepared.train)
        reading = TableReading(columns, reading.spreads, reading.levels, reading.forms)
    return FittedDensity(
        family=family,
        model=found.model(family.name),
        reading=reading,
        held=_held(prepared, found, family.name, opened=result.test.opened),
        level_rows=_level_rows(prepared),
        expressions=prepared.expressions.of([column.name for column in reading.columns]),
        about=provenance(family, result) | {"dependence": result.sections.get("dependence")},
    )
