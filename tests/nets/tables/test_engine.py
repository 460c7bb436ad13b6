import subprocess
import sys

import numpy as np

from rung.nets.tables import engine
from rung.nets.tables.plans import TrainingPlan
from rung.nets.tables.shapes import NetworkShape
from rung.nets.tables.single import NetworkRows, SingleNetwork

ROWS = NetworkRows(np.ones((8, 2), np.float32), np.ones(8), None, "squared", "squared", 4)


def test_numpy_trains_where_torch_is_not_installed(monkeypatch):
    monkeypatch.setattr(engine, "find_spec", lambda name: None)
    assert engine.training_device("auto", 100_000) is None


def test_rows_in_arrays_are_learned_by_numpy():
    plan = TrainingPlan(np.arange(8), (), np.random.default_rng(0))
    assert isinstance(engine.begin(NetworkShape(2, 4, 1), plan, ROWS), SingleNetwork)


def test_a_small_table_is_learned_without_loading_torch():
    code = (
        "import sys, rung, numpy as np; x = np.random.default_rng(0).normal(size=(90, 2));"
        "import polars; table = polars.DataFrame({'a': x[:, 0], 'b': x[:, 1], 'y': x.sum(1)});"
        "run = rung.fit(table, 'y', families=['constant', 'mlp']);"
        "assert run.result.choice.leader == 'mlp'; print(type(sys.modules.get('torch')).__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == "NoneType"
