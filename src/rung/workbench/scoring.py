"""Score a saved model on a file of labelled rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rung.data import ReadOptions
from rung.kinds.table.model import FittedModel, load_table_model
from rung.kinds.table.scoring import score_model
from rung.report.numbers import clean
from rung.report.words import metric_words
from rung.typing import JSON


def score(
    model: str | Path | FittedModel,
    data: Any,
    *,
    groups: str | None = None,
    weight: str | None = None,
    positive: str | None = None,
    options: ReadOptions | None = None,
) -> JSON:
    """Return every metric of a model on labelled rows, beside what was promised.

    Parameters
    ----------
    model : path or FittedModel
        A model file, or a run folder that holds one.
    data : path or frame
        Rows with the model's columns and its target.
    groups : str, optional
        Column of the entity, such as an object or a person, that rows which are alike share.
    weight : str, optional
        Column of weights; the one of training, where the rows have it, if none is named.
    positive : str, optional
        The positive one of two classes; that of training if none is named.
    options : ReadOptions, optional
        How to read a text file, and which rows.

    Returns
    -------
    dict
        `scores` by metric: `value`, `low`, `high`, what was `promised` and its `verdict`;
        `verdict` of the metric that families were compared by.

    Examples
    --------
    >>> import numpy as np, rung
    >>> x = np.random.default_rng(0).normal(size=400)
    >>> noise = np.random.default_rng(1).normal(size=400)
    >>> run = rung.fit({"x": x, "y": x + noise}, "y", families=["linear"], explain=False)
    >>> found = rung.score(run.model, {"x": x[:200], "y": x[:200] + 3 * noise[200:]})
    >>> found["metric"], found["verdict"]
    ('rmse', 'worse')
    """
    fitted = model if isinstance(model, FittedModel) else load_table_model(model)
    columns = {"groups": groups, "weight": weight, "positive": positive}
    return score_model(fitted, data, options=options, **columns)


def scored_text(found: JSON) -> str:
    """Return what `score` found as lines for a console."""
    left = (
        f", {found['n_left_out']:,} without a known target left out" if found["n_left_out"] else ""
    )
    counted = f", counted as {found['n_groups']:,} groups" if found["n_groups"] else ""
    promised = f"promised ({found['promised_by']})" if found["promised_by"] else "promised: nothing"
    head = f"{clean(found['title'])} on {found['n_rows']:,} rows{left}{counted}"
    keys = sorted(found["scores"], key=lambda key: key != found["metric"])
    rows = [_row(metric_words(key).title, found["scores"][key]) for key in keys]
    cells = [("", "here (95 % interval)", promised, ""), *rows]
    widths = [max(len(row[i]) for row in cells) for i in range(4)]
    lines = ["  ".join(part.ljust(w) for part, w in zip(row, widths, strict=True)) for row in cells]
    meaning = {
        "worse": "worse than promised, by more than chance",
        "better": "better than promised, by more than chance",
        "as promised": "as promised: the loss is at most a tenth more, with 95 %",
        "undecided": "undecided: neither as promised nor worse can be told from so many rows",
        "not promised": "the model file promises nothing to compare with",
    }[found["verdict"]]
    summary = f"{metric_words(found['metric']).title}: {meaning}"
    return "\n".join([head, *(line.rstrip() for line in lines), summary, f"({found['note']})"])


def _row(title: str, one: JSON) -> tuple[str, str, str, str]:
    promised = _spelled(one["promised"]) if one["promised"] else ""
    return title, _spelled(one), promised, one["verdict"]


def _spelled(one: JSON) -> str:
    return f"{one['value']:.4g} ({_bound(one['low'])} to {_bound(one['high'])})"


def _bound(value: float | None) -> str:
    return "?" if value is None else f"{value:.4g}"
