"""Score a saved model on labelled rows, beside what was promised when it was made."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from scipy import stats

from rung.compute import one_thread_each
from rung.core.bounds import SealedRows, sealed_scores
from rung.core.dataset import Dataset
from rung.core.family import Family
from rung.core.findings import Finding
from rung.core.keys import content_digests, fingerprint
from rung.core.metrics import METRICS, default_metric, metrics_of
from rung.core.result import TestScore, plain
from rung.core.task import has_target, positive_index
from rung.data import ReadOptions, Table, read_table
from rung.data.conforming import Conformed
from rung.data.drift import Tell
from rung.data.recomputing import NOTHING, Expressions
from rung.errors import DataError, RungError, UsageError
from rung.kinds.limits import check_weight
from rung.kinds.table.roles import check_names
from rung.typing import JSON, Array, Task

FEWEST_ROWS = 10
LEVEL = 0.95
# How much more than the promised loss still counts as promised: the widest default margin of a run.
MARGIN = 0.1
UNKNOWN = "whether the model has learned from some of these rows is not known: it holds no rows"
SEEN = (
    "these are the rows that the model was made with: on rows that it learned from, scores say "
    "nothing about new ones"
)


class TableModel(Protocol):
    """What of a fitted model a score needs; `FittedModel` is one."""

    @property
    def family(self) -> Family: ...
    @property
    def task(self) -> Task: ...
    @property
    def target(self) -> str: ...
    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def about(self) -> Mapping[str, Any]: ...
    @property
    def expressions(self) -> Expressions: ...

    def read(self, data: Any, *, options: ReadOptions | None = None, tell: Tell = ...) -> Conformed:
        """Read rows as the model takes them."""
        ...

    def predict_design(self, design: Dataset) -> Array:
        """Predict them."""
        ...


@one_thread_each()
def score_model(
    fitted: TableModel,
    data: Any,
    *,
    groups: str | None = None,
    weight: str | None = None,
    positive: str | None = None,
    options: ReadOptions | None = None,
) -> JSON:
    """Return every metric on labelled rows, with what was promised and whether it holds.

    A metric is *worse* if the 95 % interval of its difference to the promise lies on the bad side
    of nothing, *better* if on the good side; it is *as promised* if the interval shows that the loss is at
    most a tenth more than promised; else it is *undecided*.

    Parameters
    ----------
    fitted : TableModel
        The model.
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

    Raises
    ------
    DataError
        If the target is absent, or hardly any row has one, or weights are none.

    Source
    ------
    Zou & Donner (2008), Statistics in Medicine 27: the interval of a difference of two estimates
    from the intervals of both.
    """
    read = options or ReadOptions()
    told: list[Finding] = []
    table = read_table(data, options=read)
    y, known = known_target(fitted, table.dataset)
    if len(known) < FEWEST_ROWS:
        raise DataError(
            f"{len(known)} rows have a target that the model knows; at least {FEWEST_ROWS} are needed",
            f"give rows with {fitted.target!r}",
        )
    design = fitted.read(data, options=read, tell=told.append).dataset.take(known)
    rows = SealedRows(
        task=fitted.task,
        y=y[known],
        unit=_units(table.dataset, groups, known),
        n_train=_n_train(fitted.about),
        classes=fitted.classes,
        positive=positive_index(fitted.classes, positive or _asked(fitted, "positive") or None),
        weight=_weights(fitted, table.dataset, weight, known, told.append),
    )
    here = sealed_scores(rows, {"here": fitted.predict_design(design)}, level=LEVEL)["here"]
    promise = _Promise(fitted.about)
    found: JSON = {
        "family": fitted.family.name,
        "title": fitted.family.title,
        "target": fitted.target,
        "metric": _metric(fitted),
        "n_rows": len(known),
        "n_left_out": len(y) - len(known),
        "n_groups": len(np.unique(rows.unit)) if groups else None,
        "promised_by": promise.name,
        "scores": {key: _beside(key, one, promise.of(key)) for key, one in here.items()},
        "is_training_table": _is_training_table(fitted, data, table, read),
        "findings": [plain(one) for one in told],
    }
    found["verdict"] = found["scores"].get(found["metric"], {}).get("verdict", "undecided")
    found["note"] = SEEN if found["is_training_table"] else UNKNOWN
    made: JSON = plain(found)
    return made


class _Promise:
    """What a model file says that the model scores: on sealed rows, else out of fold."""

    def __init__(self, about: Mapping[str, Any]) -> None:
        test, scores = about.get("test"), about.get("scores")
        self.name = ""
        self._found: Mapping[str, Any] = {}
        if isinstance(test, Mapping):
            self.name, self._found = "sealed test", test
        elif isinstance(scores, Mapping):
            self.name, self._found = "cross-validation", scores

    def of(self, key: str) -> TestScore | None:
        """Return the promised score of a metric, None where the file states none."""
        one = self._found.get(key)
        if not isinstance(one, Mapping):
            return None
        value = one.get("value", one.get("mean"))
        listed: tuple[Any, ...] = (
            value,
            one.get("low"),
            one.get("high"),
            one.get("level", LEVEL),
        )
        if not all(type(part) in (int, float) and math.isfinite(part) for part in listed):
            return None
        value, low, high, level = map(float, listed)
        return TestScore(value, low, high, level, self.name) if 0 < level < 1 else None


def _beside(key: str, here: TestScore, promised: TestScore | None) -> JSON:
    """Return a score and its promise, how much worse it is, and the verdict."""
    found: JSON = {"value": here.value, "low": here.low, "high": here.high, "method": here.method}
    if promised is None:
        return {**found, "promised": None, "verdict": "not promised"}
    worse, low, high = _difference(here, promised, is_gain=METRICS[key].greater_is_better)
    margin = MARGIN * (1 - promised.value if METRICS[key].greater_is_better else promised.value)
    stated = {"value": promised.value, "low": promised.low, "high": promised.high}
    return {
        **found,
        "promised": stated,
        "worse_by": {"mean": worse, "low": low, "high": high},
        "margin": margin,
        "verdict": judge_promise(low, high, margin),
    }


def judge_promise(low: float, high: float, margin: float) -> str:
    """Judge by the interval of how much worse a score is than promised.

    Examples
    --------
    >>> judge_promise(0.1, 0.3, 0.2), judge_promise(-0.1, 0.1, 0.2), judge_promise(-0.1, 0.3, 0.2)
    ('worse', 'as promised', 'undecided')
    """
    if low > 0:
        return "worse"
    if high < 0:
        return "better"
    return "as promised" if high <= margin else "undecided"


def _difference(
    here: TestScore, promised: TestScore, *, is_gain: bool
) -> tuple[float, float, float]:
    """Return how much worse a score is than promised, with its 95 % interval."""
    shrink = _width(LEVEL) / _width(promised.level)
    sign = -1.0 if is_gain else 1.0
    mean = sign * (here.value - promised.value)
    ours = (here.value - here.low, here.high - here.value)
    theirs = tuple(
        shrink * part for part in (promised.value - promised.low, promised.high - promised.value)
    )
    if is_gain:
        ours, theirs = ours[::-1], theirs[::-1]
    return mean, mean - math.hypot(ours[0], theirs[1]), mean + math.hypot(ours[1], theirs[0])


def _width(level: float) -> float:
    return float(stats.norm.ppf(0.5 + level / 2))


def known_target(fitted: TableModel, table: Dataset) -> tuple[Array, Array]:
    """Return the target of every row, and the rows where the model knows it."""
    names = [column.name for column in table.columns]
    if fitted.target not in names:
        raise DataError(
            f"column {fitted.target!r} not found; it is what the model predicts, the table has "
            f"{', '.join(repr(name) for name in names[:10])}",
            "give rows with known targets; rung predict needs none",
        )
    column, values = table.column(fitted.target), table.values[fitted.target]
    if not fitted.classes:
        if column.is_coded:
            raise UsageError(
                f"column {fitted.target!r} holds strings, and the model predicts numbers",
                "clean the column",
            )
        return values, np.flatnonzero(np.isfinite(values))
    place = {label: i for i, label in enumerate(fitted.classes)}
    labels = table.strings(fitted.target) if column.is_coded else _spelled(values, column.kind)
    y = np.array([place.get(label or "", -1) for label in labels], dtype=np.int64)
    return y, np.flatnonzero(y >= 0)


def _spelled(values: Array, kind: str) -> list[str]:
    """Write numbers as class labels are written; nothing where they are missing."""

    def label(value: float) -> str:
        if not np.isfinite(value):
            return ""
        if kind == "boolean":
            return "true" if value else "false"
        return str(int(value)) if value.is_integer() else repr(value)

    return [label(value) for value in values.tolist()]


def _units(table: Dataset, groups: str | None, rows: Array) -> Array:
    """Return a number for each row: of its own, or of its group."""
    if groups is None:
        return np.arange(len(rows))
    check_names(table, "--groups", [groups])
    values = table.values[groups][rows]
    missing = values == -1 if table.column(groups).is_coded else np.isnan(values)
    if missing.any():
        raise DataError(
            f"group column {groups!r} has no value in {int(missing.sum())} of {len(rows)} rows",
            "fill them, or leave these rows out with --where",
        )
    return np.unique(values, return_inverse=True)[1]


def _asked(fitted: TableModel, what: str) -> str:
    """Return what the run of a model asked of its rows: `weight` or `positive`; empty for nothing."""
    asked = fitted.about.get("asked")
    found = asked.get(what) if isinstance(asked, Mapping) else None
    return found if isinstance(found, str) else ""


def _weights(
    fitted: TableModel, table: Dataset, weight: str | None, rows: Array, tell: Tell
) -> Array | None:
    """Return the weights of rows; None where all count alike."""
    name = weight or _asked(fitted, "weight")
    if not name:
        return None
    if weight is None and name not in {column.name for column in table.columns}:
        message = f"the model was made with weights {name!r}, which these rows lack"
        remedy = "every row counts alike; name a column with --weight"
        tell(Finding("no_weight", "warning", (name,), message, remedy))
        return None
    check_names(table, "--weight", [name])
    values = table.values[name][rows]
    if table.column(name).is_coded or not np.isfinite(values).all() or (values < 0).any():
        raise DataError(
            f"weight column {name!r} holds cells that are no numbers of 0 or more",
            "fill them, or leave these rows out with --where",
        )
    check_weight(values, np.arange(len(values)), name)
    return values


def _n_train(about: Mapping[str, Any]) -> int:
    """Return the rows that the model was made with; they bound how sure a probability may be."""
    data = about.get("data")
    n = data.get("rows") if isinstance(data, Mapping) else None
    return n if type(n) is int and n > 0 else 1_000


def _metric(fitted: TableModel) -> str:
    chosen = fitted.about.get("choice")
    asked = str(chosen.get("metric", "")) if isinstance(chosen, Mapping) else ""
    return asked if asked in metrics_of(fitted.task) else default_metric(fitted.task)


def _is_training_table(fitted: TableModel, data: Any, table: Table, options: ReadOptions) -> bool:
    """Tell whether these are, to the bit, the rows that the model was made with."""
    about = fitted.about.get("data")
    stated = about.get("fingerprint") if isinstance(about, Mapping) else None
    asked = fitted.expressions
    if asked != NOTHING and table.expressions == NOTHING:
        options = replace(options, where=asked.condition, derive=asked.definitions)
        try:
            table = read_table(data, options=options)
        except RungError:
            return False
    rows = table.dataset
    rows = rows.take(np.flatnonzero(has_target(rows, fitted.target)))
    made = set(table.expressions.names)
    plain_columns = tuple(column for column in rows.columns if column.name not in made)
    digests = content_digests(Dataset(plain_columns, rows.values, rows.n_rows))
    return bool(stated == fingerprint(rows, digests))
