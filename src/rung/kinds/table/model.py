"""A model that predicts tables, and the file that holds it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rung.compute import one_thread_each
from rung.core.dataset import Column, Dataset
from rung.core.family import Family, Model, State
from rung.core.findings import Finding
from rung.core.result import plain
from rung.data import Expressions, ReadOptions, conform_rows
from rung.data.conforming import Conformed
from rung.data.drift import Tell, keep_quiet
from rung.data.recomputing import NOTHING
from rung.errors import BadModelFile, DataWarning, UsageError
from rung.families import find, whole_ladder
from rung.families.texts import on_texts
from rung.flags import in_python
from rung.kinds.model_file import REMEDY, load, one_of, string, under
from rung.kinds.table.applies import describe_applicability, tell_unlike
from rung.kinds.table.column_files import describe_column, read_columns
from rung.kinds.table.made import describe_expressions, read_expressions
from rung.report.numbers import clean
from rung.store.durable import write_bytes
from rung.store.modelfile import pack
from rung.typing import JSON, Array, Task

if TYPE_CHECKING:
    from rung.density.applicability import Applicability

TASKS: tuple[Task, ...] = ("regression", "binary", "multiclass")
ROUNDING = 1e-9
# Cells that a model is tried out with before it is used.
_TRIED_CODES = np.array([-1, -2, -1, -2], dtype=np.int32)
_TRIED_TEXTS = ("", "one text and another")
_TRIED_NUMBERS = np.array([np.nan, 0.0, 1e300, -1e300])


@dataclass(frozen=True)
class FittedModel:
    """A model of the ladder with all it needs to predict a table.

    Attributes
    ----------
    family : Family
        The rung it stands on.
    model : Model
        What predicts.
    columns : tuple of Column
        Feature columns with their levels, in the order of training.
    task, target : str
        What it predicts.
    classes : tuple of str
        Class labels; empty for regression.
    about : mapping
        Where it comes from: scores, settings, fingerprint of the data, versions.
    expressions : Expressions
        Columns that are made of others, and the condition that rows of training met.
    applicability : Applicability or None
        Tells which rows are unlike those of training.
    """

    family: Family
    model: Model
    columns: tuple[Column, ...]
    task: Task
    target: str
    classes: tuple[str, ...]
    about: Mapping[str, Any]
    expressions: Expressions = NOTHING
    applicability: Applicability | None = None

    def __repr__(self) -> str:
        """Say in a line what predicts what."""
        return f"FittedModel({self.family.title} {self._said})"

    def _repr_html_(self) -> str:
        from rung.report.notebook import model_html

        return model_html(self.family.title, self._said, [column.name for column in self.columns])

    @property
    def _said(self) -> str:
        n = len(self.columns)
        return f"predicts {clean(self.target)} from {n} column{'' if n == 1 else 's'}"

    @property
    def stores_training_rows(self) -> bool:
        """Whether rows of the training table can be read from the model file."""
        return _stores_rows(self.model.to_state().spec)

    def predict(self, data: Any, *, options: ReadOptions | None = None) -> Array:
        """Predict every row of a table.

        Parameters
        ----------
        data : path or frame
            Must have the feature columns, by name and in any order; others are ignored.
            A category that was not in training, or a missing cell, is treated as unknown. What
            differs from training is said by a `rung.errors.DataWarning`.
        options : ReadOptions, optional
            How to read a text file.

        Returns
        -------
        ndarray, shape (n_rows,)
            float64 in the target's unit, or class labels.

        Raises
        ------
        DataError
            If a column is absent or holds values of another kind.
        """
        outputs = self._outputs(data, options)
        if self.task == "regression":
            return np.ascontiguousarray(outputs[:, 0])
        return np.asarray(np.array(self.classes)[outputs.argmax(axis=1)])

    def predict_proba(self, data: Any, *, options: ReadOptions | None = None) -> Array:
        """Return class probabilities, shape (n_rows, n_classes), in the order of `classes`.

        Raises
        ------
        UsageError
            If the model predicts a quantity.
        """
        if self.task == "regression":
            raise UsageError(
                f"this model predicts the quantity {self.target!r}; only classes have "
                "probabilities",
                "use predict",
            )
        return self._outputs(data, options)

    def _outputs(self, data: Any, options: ReadOptions | None) -> Array:
        told: list[Finding] = []
        design = self.read(data, options=options, tell=told.append).dataset
        for one in (one for one in told if one.severity != "info"):
            warnings.warn(in_python(f"{one.message}; {one.remedy}"), DataWarning, stacklevel=3)
        return self.predict_design(design)

    def read(
        self, data: Any, *, options: ReadOptions | None = None, tell: Tell = keep_quiet
    ) -> Conformed:
        """Read a table as the model takes it, columns made of others made again.

        Parameters
        ----------
        data : path or frame
            As for `predict`.
        options : ReadOptions, optional
            How to read a text file, and which rows.
        tell : callable
            Told of what differs from training.
        """
        found = self._conform(data, options, tell)
        if tell is not keep_quiet:
            tell_unlike(self.applicability, found, tell)
        return found

    def _conform(self, data: Any, options: ReadOptions | None, tell: Tell) -> Conformed:
        return conform_rows(
            data,
            self.columns,
            expressions=self.expressions,
            options=options or ReadOptions(),
            tell=tell,
        )

    def score(self, data: Any, *, options: ReadOptions | None = None, **columns: Any) -> JSON:
        """Return every metric on labelled rows beside what was promised, as `rung.score` does."""
        from rung.kinds.table.scoring import score_model

        return score_model(self, data, options=options, **columns)

    def predict_design(self, design: Dataset) -> Array:
        """Predict rows that were coded to `columns`, shape (n_rows, n_outputs).

        Raises
        ------
        BadModelFile
            If an output is no finite number, or no probability where one is wanted: the file was
            forged, as no model that rung fitted gives one.
        """
        if design.n_rows == 0:
            return np.empty((0, max(len(self.classes), 1)))
        # What overflows is looked for in the outputs, once, whichever family it is.
        with one_thread_each(), np.errstate(all="ignore"):
            outputs = self.model.predict(design)
        _check_outputs(outputs, (design.n_rows, max(len(self.classes), 1)))
        return outputs

    def describe(self) -> JSON:
        """Return what `inspect` says of the model; JSON-ready."""
        return {
            "family": self.family.name,
            "title": self.family.title,
            "task": self.task,
            "target": self.target,
            "classes": list(self.classes),
            "columns": [describe_column(c) | {"levels": len(c.levels)} for c in self.columns],
            "stores_training_rows": self.stores_training_rows,
            "applicability": describe_applicability(self.applicability),
            **describe_expressions(self.expressions)[0],
        }

    def table(self, data: Any, options: ReadOptions, tell: Callable[[Finding], None]) -> JSON:
        """Return `prediction`, a probability a class, and the `likeness` of every row of a table."""
        found = self._conform(data, options, tell)
        likeness = tell_unlike(self.applicability, found, tell)
        outputs = self.predict_design(found.dataset)
        # rows that a condition left out have no prediction: those that have say which they are
        row = {"row": found.rows} if options.where else {}
        if self.task == "regression":
            return {**row, "prediction": outputs[:, 0], **likeness}
        labels = np.array(self.classes, dtype=object)[outputs.argmax(axis=1)].tolist()
        shares = {f"probability:{label}": outputs[:, j] for j, label in enumerate(self.classes)}
        return {**row, "prediction": labels, **shares, **likeness}

    def save(self, path: str | Path) -> Path:
        """Write the model file; it holds numbers and names, and no code."""
        target = Path(path)
        write_bytes(target, self.to_bytes())
        return target

    def to_bytes(self) -> bytes:
        """Return what the model file holds."""
        state = self.model.to_state()
        spec = {
            "family": self.family.name,
            "state_version": self.family.state_version,
            "task": self.task,
            "target": self.target,
            "columns": [describe_column(column) for column in self.columns],
            "state": plain(state.spec),
            "about": plain(self.about),
        }
        arrays = {f"state/{name}": array for name, array in state.arrays.items()}
        strings = {f"state/{name}": table for name, table in state.strings.items()}
        strings["classes"] = self.classes
        described, words = describe_expressions(self.expressions)
        spec |= described
        strings |= words
        for i, column in enumerate(self.columns):
            if column.kind == "category":
                strings[f"levels/{i}"] = column.levels
        if self.applicability is not None:
            found = self.applicability.to_state()
            spec |= {"applicability": plain(found.spec)}
            arrays |= {f"applicability/{name}": one for name, one in found.arrays.items()}
        return pack(spec, arrays, strings)


def parse_model(
    spec: Mapping[str, Any], arrays: Mapping[str, Array], strings: Mapping[str, Sequence[str]]
) -> FittedModel:
    """Turn the contents of a model file into a table's model, after checking all of them."""
    family = find(string(spec["family"]))
    if family is None:
        raise BadModelFile(
            f"family {spec['family']!r} is unknown; this version knows "
            f"{', '.join(one.name for one in whole_ladder())}",
            "update rung, or install the package that the family comes from",
        )
    if spec["state_version"] != family.state_version:
        raise BadModelFile(
            f"the state of family {family.name!r} has version {spec['state_version']!r}, this "
            f"rung reads {family.state_version}",
            "update rung, or train again",
        )
    task, classes = one_of(spec["task"], TASKS), tuple(strings["classes"])
    if (len(classes) >= 2) != (task != "regression") or len(set(classes)) != len(classes):
        raise BadModelFile(f"a {task} model with {len(classes)} classes", REMEDY)
    columns = read_columns(spec["columns"], strings)
    state = State(
        spec=dict(spec["state"]),
        arrays=under(arrays, "state/"),
        strings=under(strings, "state/"),
    )
    if any(column.kind == "text" for column in columns):
        family = on_texts(family)
    found = FittedModel(
        family,
        family.load(state),
        columns,
        task,
        string(spec["target"]),
        classes,
        dict(spec["about"]),
        read_expressions(spec, strings, columns),
        _read_applicability(spec, arrays, columns),
    )
    _try_out(found)
    return found


def _read_applicability(
    spec: Mapping[str, Any], arrays: Mapping[str, Array], columns: tuple[Column, ...]
) -> Applicability | None:
    if "applicability" not in spec:
        return None
    from rung.density.applicability import load_applicability

    stored = State(dict(spec["applicability"]), under(arrays, "applicability/"))
    return load_applicability(stored, columns)


def _try_out(found: FittedModel) -> None:
    """Predict rows with missing, unseen and enormous cells: columns and state must fit."""
    values = {
        column.name: _TRIED_CODES if column.is_coded else _TRIED_NUMBERS for column in found.columns
    }
    columns = tuple(
        replace(column, levels=_TRIED_TEXTS) if column.kind == "text" else column
        for column in found.columns
    )
    found.predict_design(Dataset(columns, values, len(_TRIED_CODES)))


def _check_outputs(outputs: Array, expected: tuple[int, int]) -> None:
    """Refuse outputs that are not as every family's are."""
    if outputs.shape != expected:
        raise BadModelFile(
            f"the model gives an output of shape {outputs.shape}; {expected} is expected", REMEDY
        )
    low, high = outputs.min(initial=0.0), outputs.max(initial=0.0)
    bound = np.finfo(float).max if expected[1] == 1 else 1.0 + ROUNDING
    # A comparison with NaN is false.
    if not (low >= (-bound if expected[1] == 1 else -ROUNDING) and high <= bound):
        kind = "finite numbers" if expected[1] == 1 else "probabilities"
        raise BadModelFile(f"the model predicts {low:g} to {high:g}; {kind} are expected", REMEDY)


def _stores_rows(spec: Mapping[str, Any]) -> bool:
    """Tell whether a state, or the state of any part of it, says that it holds training rows."""
    pending = [spec]
    while pending:
        part = pending.pop()
        if part.get("stores_training_rows") is True:
            return True
        pending.extend(value for value in part.values() if isinstance(value, Mapping))
    return False


def load_table_model(path: str | Path) -> FittedModel:
    """Read the model file of a table's model.

    Raises
    ------
    UsageError
        If it holds a model of other data.
    """
    found = load(path)
    if not isinstance(found, FittedModel):
        raise UsageError(
            f"{Path(path).name!r} holds no model that predicts a column of a table",
            "give the model of a run on a table with --target; rung inspect says what this one is",
        )
    return found
