"""Hand out SHAP values: as data of a section, as rows that add up, and in a few words."""

from __future__ import annotations

from collections.abc import Sequence

from rung.core.result import plain
from rung.errors import UsageError
from rung.explain.explanation import Explained, thinned
from rung.explain.held_out import HeldOut
from rung.explain.shap import ShapValues, can_explain, shap_values
from rung.typing import JSON, Array

UNITS = {
    "value": "the target's unit",
    "probability": "probability",
    "log odds": "log odds",
    "score": "logarithm of the probability, less its mean over classes",
}


def shap_of(
    found: Explained, held: HeldOut, *, most_rows: int, by_row: bool
) -> tuple[JSON, list[JSON], list[str]]:
    """Return SHAP values of a family of a run: data, a table, and lines.

    Raises
    ------
    UsageError
        If the family has none.
    """
    form = found.family(held.family).form
    if not can_explain(form) or not held.features:
        able = [one.name for one in found.ladder.trained if can_explain(one.form)]
        raise UsageError(
            f"{held.title} has no exact SHAP values; of this run {', '.join(able) or 'no family'} has",
            "name one of these, or ask for importance(), which every family has",
        )
    values = shap_values(held, form, most_rows=most_rows)
    data: JSON = thinned(plain(shap_data(held, values)))
    rows = shap_rows(values, found.row_numbers) if by_row else []
    return data, rows or data["columns"], shap_lines(data, rows)


def shap_data(held: HeldOut, found: ShapValues) -> JSON:
    """Return how far columns move predictions, as the data of a section."""
    return {
        "family": found.family,
        "title": held.title,
        "unit": found.unit,
        "outputs": list(found.outputs),
        "n_rows": len(found.rows),
        "base": plain(found.base.mean(axis=0)),
        "columns": [
            {
                "column": one.column,
                "mean": one.mean.mean,
                "low": one.mean.low,
                "high": one.mean.high,
            }
            for one in found.columns
        ],
    }


def shap_rows(found: ShapValues, row_numbers: Array) -> list[JSON]:
    """Return a row for each explained row, and class: `base` and the columns add up to `sum`.

    Parameters
    ----------
    found : ShapValues
        What is handed out.
    row_numbers : ndarray of int, shape (n_rows,)
        How people count the rows.
    """
    names = [one.column for one in found.columns]
    return [
        {
            "row": int(row_numbers[row]),
            "fold": int(split),
            **({"class": output} if output else {}),
            "base": float(base[k]),
            **{f"shap {name}": float(own[k]) for name, own in zip(names, values, strict=True)},
            "sum": float(base[k] + values[:, k].sum()),
        }
        for row, split, values, base in zip(
            found.rows, found.split, found.values, found.base, strict=True
        )
        for k, output in enumerate(found.outputs)
    ]


def shap_lines(data: JSON, rows: Sequence[JSON] = ()) -> list[str]:
    """Return SHAP values in a few words: of the first rows, or of the columns where none are given."""
    head = (
        f"{data['title']}: SHAP values of {data['n_rows']} held-out rows, in {UNITS[data['unit']]}"
    )
    if rows:
        return [head, *(_row_line(row) for row in rows)]
    return [
        head,
        *(
            f"{one['column']}: moves a prediction by {one['mean']:.4g} "
            f"({one['low']:.4g} to {one['high']:.4g}) on average"
            for one in data["columns"]
        ),
    ]


def _row_line(row: JSON) -> str:
    shares = {key[5:]: value for key, value in row.items() if key.startswith("shap ")}
    largest = sorted(shares.items(), key=lambda item: -abs(item[1]))[:5]
    said = ", ".join(f"{name} {value:+.4g}" for name, value in largest)
    what = f" {row['class']}" if "class" in row else ""
    return f"row {row['row']}{what}: {row['base']:.4g}, {said}: {row['sum']:.4g}"
