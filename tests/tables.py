"""Make small tables, folds and a context for tests of families."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest

from rung.compute import NoShelf
from rung.core.dataset import Column, Dataset
from rung.core.family import Problem, State
from rung.errors import BadModelFile
from rung.prep import fit_encoder


@dataclass(frozen=True)
class SerialContext:
    """Run jobs one after the other, in this thread."""

    problem: Problem
    device: str = "cpu"

    def rng(self, *key):
        return np.random.default_rng([0, *map(hash, map(len, map(str, key)))])

    def map(self, work, jobs):
        return [work(job) for job in jobs]

    def encoded(self, recipe, train):
        return fit_encoder(recipe, self.problem, train)

    def shelf(self, *key):
        return NoShelf()


def table(numbers=None, codes=None, levels=(), weight=None):
    """Make a data set of number columns x0, x1 ... and category columns c0, c1 ..."""
    columns, values = [], {}
    numbers = np.empty((len(codes), 0)) if numbers is None else np.asarray(numbers, dtype=float)
    for j in range(numbers.shape[1]):
        columns.append(Column(f"x{j}", "number"))
        values[f"x{j}"] = numbers[:, j].copy()
    for i, names in enumerate(levels):
        columns.append(Column(f"c{i}", "category", levels=tuple(names)))
        values[f"c{i}"] = np.asarray(codes)[:, i].astype(np.int32)
    if weight is not None:
        columns.append(Column("w", "number", role="weight"))
        values["w"] = np.asarray(weight, dtype=float)
    return Dataset(tuple(columns), values, len(numbers))


def regression(y, **parts):
    """Make a regression problem."""
    return Problem("regression", table(**parts), np.asarray(y, dtype=float))


def classification(y, n_classes, **parts):
    """Make a classification problem."""
    classes = tuple(f"k{i:03d}" for i in range(n_classes))
    task = "binary" if n_classes == 2 else "multiclass"
    return Problem(task, table(**parts), np.asarray(y, dtype=np.int64), classes, "log_loss")


def mixed_table(n_rows, seed=0, *, weighted=False):
    """Make parts of a table with missing cells, a duplicated column, and rare levels."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(n_rows, 4)) * [1.0, 10.0, 1e-3, 5.0]
    numbers[:, 3] = numbers[:, 0]
    numbers[rng.random(n_rows) < 0.2, 1] = np.nan
    codes = np.stack([rng.integers(-1, 6, n_rows), rng.integers(0, 60, n_rows)], axis=1)
    return {
        "numbers": numbers,
        "codes": codes,
        "levels": ([f"a{i}" for i in range(6)], [f"b{i}" for i in range(60)]),
        "weight": rng.uniform(0.1, 3.0, n_rows) if weighted else None,
    }


def scrambled(problem, rows, seed=0):
    """Return the problem with other admissible values in some rows: features, target, weight."""
    rng = np.random.default_rng(seed)
    values = {name: array.copy() for name, array in problem.design.values.items()}
    for column in problem.design.columns:
        if column.is_coded:
            new = rng.integers(-1, len(column.levels), len(rows))
        elif column.role == "weight":
            new = rng.uniform(0, 50, len(rows))
        else:
            new = rng.normal(size=len(rows)) * 10.0 ** rng.integers(-5, 200)
            new[rng.random(len(rows)) < 0.3] = np.nan
        values[column.name][rows] = new
    y = problem.y.copy()
    if problem.task == "regression":
        y[rows] = rng.normal(size=len(rows)) * 10.0 ** rng.integers(-5, 100)
    else:
        y[rows] = rng.integers(0, len(problem.classes), len(rows))
    design = Dataset(problem.design.columns, values, problem.design.n_rows)
    return Problem(problem.task, design, y, problem.classes, problem.loss)


def state_bytes(model):
    """Return all that a model's state holds, for comparison to the bit."""
    state = model.to_state()
    arrays = {
        name: (array.dtype.str, array.shape, array.tobytes())
        for name, array in sorted(state.arrays.items())
    }
    return dict(state.spec), arrays, {name: list(table) for name, table in state.strings.items()}


def assert_round_trip(family, model, design):
    """Check that a model from its own state predicts the same bits, for any subset of rows."""
    again = family.load(model.to_state())
    whole = model.predict(design)
    assert again.predict(design).tobytes() == whole.tobytes()
    assert state_bytes(again) == state_bytes(model)
    for rows in (np.array([3]), np.arange(1, 18, 2), np.arange(design.n_rows)[::-1]):
        assert model.predict(design, rows).tobytes() == whole[rows].tobytes()


def assert_refuses_damage(family, model):
    """Check that a model file with any part missing, misshapen or not finite is refused."""
    state = model.to_state()
    for name, array in state.arrays.items():
        longer = np.concatenate([array, array[:1]]) if array.size else np.ones((3, 7, 2))
        damaged = [None, longer, array.astype(str), array[..., None]]
        if array.dtype.kind == "f" and array.size:
            bad = array.copy()
            bad.flat[0] = np.nan
            damaged.append(bad)
        for value in damaged:
            arrays = {key: each for key, each in state.arrays.items() if key != name}
            if value is not None:
                arrays[name] = value
            with pytest.raises(BadModelFile, match=r"model"):
                family.load(State(state.spec, arrays, state.strings))
    for name in state.strings:
        strings = {key: each for key, each in state.strings.items() if key != name}
        with pytest.raises(BadModelFile, match=name.rsplit(".", 1)[-1]):
            family.load(State(state.spec, state.arrays, strings))


LOAD_AND_PREDICT = """
import json, sys
import numpy as np
from rung.core.dataset import Column, Dataset
from rung.core.family import State
from {module} import FAMILY
spec, arrays, strings, columns, values, n_rows = json.loads(sys.stdin.read())
arrays = {{name: np.array(v, dtype=d).reshape(s) for name, (v, d, s) in arrays.items()}}
columns = tuple(Column(c[0], c[1], c[2], tuple(c[3])) for c in columns)
values = {{name: np.array(v, dtype=d) for name, (v, d) in values.items()}}
given = FAMILY.load(State(spec, arrays, strings)).predict(Dataset(columns, values, n_rows))
heavy = [name for name in ("sklearn", "scipy", "lightgbm", "polars") if name in sys.modules]
print(json.dumps([given.tolist(), heavy]))
"""


def predict_elsewhere(module, model, design):
    """Return predictions of a fresh process, and the heavy libraries that it loaded."""
    state = model.to_state()
    message = json.dumps(
        [
            dict(state.spec),
            {
                name: [array.ravel().tolist(), array.dtype.str, array.shape]
                for name, array in state.arrays.items()
            },
            {name: list(table) for name, table in state.strings.items()},
            [[column.name, column.kind, column.role, column.levels] for column in design.columns],
            {name: [array.tolist(), array.dtype.str] for name, array in design.values.items()},
            design.n_rows,
        ]
    )
    done = subprocess.run(
        [sys.executable, "-c", LOAD_AND_PREDICT.format(module=module)],
        input=message,
        capture_output=True,
        text=True,
        check=True,
    )
    given, heavy = json.loads(done.stdout)
    return np.array(given), heavy
