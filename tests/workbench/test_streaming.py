import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import rung
from rung.errors import BadModelFile, RungError, UsageError
from rung.workbench import StreamFit

OPTIONS = {"hidden": (16,), "passes": 3, "batch_rows": 32, "mix": 2, "block_rows": 200}
CODE = (
    "import sys\n"
    "from tests.workbench.test_streaming import OPTIONS, digest\n"
    "import rung\n"
    "print('ready', flush=True)\n"
    "found = rung.fit_stream(sys.argv[1], 'y', checkpoint=sys.argv[2], **OPTIONS | {'passes': 12})\n"
    "print(digest(found))\n"
)


def digest(found: StreamFit) -> str:
    model = found.streamed.model
    return b"".join(each.tobytes() for each in (*model.weights, *model.biases)).hex()[:4000]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    generator = np.random.default_rng(0)
    x = generator.uniform(-2, 2, 3000)
    frame = {"x": x, "kind": ["a", "b"] * 1500, "y": x**2 + generator.normal(0, 0.1, 3000)}
    pl.DataFrame(frame).write_parquet(tmp_path / "t.parquet", row_group_size=500)
    return tmp_path / "t.parquet"


def start(path: Path, checkpoint: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CODE, str(path), str(checkpoint)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": "src:.", "PATH": "", "OMP_NUM_THREADS": "1"},
    )


def test_it_learns_and_says_how_well_on_rows_put_aside(path: Path) -> None:
    found = rung.fit_stream(path, "y", **OPTIONS | {"passes": 12, "learning_rate": 0.02})
    score = found.score
    assert score["loss"] + 2 * score["standard_error"] < 0.1 * score["constant"]
    assert found.skipped == ("kind",)
    outputs = found.predict(pl.DataFrame({"other": ["u", "v"], "x": [1, None]}))
    assert outputs.shape == (2, 1)
    assert np.isfinite(outputs).all()
    with pytest.raises(UsageError, match="column 'x' is missing"):
        found.predict(pl.DataFrame({"z": [1.0]}))


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_killed_at_once_and_resumed_the_weights_are_the_same_bytes(path: Path) -> None:
    whole = rung.fit_stream(path, "y", **OPTIONS | {"passes": 12})
    checkpoint = path.with_name("training.rung")
    killed = start(path, checkpoint)
    deadline = time.monotonic() + 120
    while not checkpoint.exists() and time.monotonic() < deadline and killed.poll() is None:
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    said = killed.communicate(timeout=60)[0]
    assert killed.returncode == -signal.SIGKILL
    assert said == "ready\n"
    assert not list(path.parent.glob("*.rung.tmp"))
    resumed = start(path, checkpoint)
    assert resumed.communicate(timeout=120)[0].splitlines()[-1] == digest(whole)


def test_a_finished_training_is_not_done_again_and_another_is_refused(path: Path) -> None:
    checkpoint = path.with_name("training.rung")
    found = rung.fit_stream(path, "y", checkpoint=checkpoint, **OPTIONS)
    written = checkpoint.stat().st_mtime_ns
    again = rung.fit_stream(path, "y", checkpoint=checkpoint, **OPTIONS)
    assert digest(again) == digest(found)
    assert checkpoint.stat().st_mtime_ns == written
    with pytest.raises(BadModelFile, match="another training: plan changed"):
        rung.fit_stream(path, "y", checkpoint=checkpoint, **OPTIONS | {"passes": 4})


def test_an_unknown_option_is_named(path: Path) -> None:
    with pytest.raises(
        UsageError, match="unknown option 'epochs'; the options are checkpoint, feat"
    ):
        rung.fit_stream(path, "y", epochs=3)


def table(path: Path, **columns: pl.Series | np.ndarray) -> Path:
    generator = np.random.default_rng(0)
    x, z = generator.normal(size=(2, 2000))
    frame = pl.DataFrame({"x": x, "z": z, "y": 2 * x - z + generator.normal(0, 0.1, 2000)})
    frame.with_columns(**columns).write_parquet(path)
    return path


def test_blocks_without_a_target_teach_nothing_and_are_told(tmp_path: Path) -> None:
    y = pl.when(pl.int_range(2000) < 800).then(None).otherwise(pl.col("y"))
    found = rung.fit_stream(table(tmp_path / "t.parquet", y=y), "y", **OPTIONS | {"mix": 1})
    assert np.isfinite(found.streamed.losses).all()
    assert found.streamed.n_train + found.score["n"] == 1200
    told = [one for one in found.findings if one.code == "no_target"]
    assert [one.message for one in told] == ["800 of 2,000 rows have no target and were left out"]


def test_rows_of_classes_are_counted_where_there_is_one(tmp_path: Path) -> None:
    kind = (
        pl.when(pl.int_range(2000) % 5 == 0)
        .then(None)
        .otherwise(pl.when(pl.col("y") > 0).then(pl.lit("a")).otherwise(pl.lit("b")))
    )
    found = rung.fit_stream(table(tmp_path / "t.parquet", kind=kind), "kind", **OPTIONS)
    assert found.streamed.n_train + found.score["n"] == 1600


@pytest.mark.parametrize("are_kept", [False, True])
def test_a_sentinel_is_read_as_missing_here_and_at_prediction(
    tmp_path: Path, are_kept: bool
) -> None:
    def train(name: str, gap: float | None) -> StreamFit:
        x = pl.when(pl.int_range(2000) % 10 == 0).then(gap).otherwise(pl.col("x"))
        path = table(tmp_path / name, x=x)
        return rung.fit_stream(path, "y", keep_sentinels=are_kept, **OPTIONS)

    null, marked = train("null.parquet", None), train("marked.parquet", -9999.0)
    (told,) = [one for one in marked.findings if one.code == "sentinel"]
    assert told.message.startswith("-9999 in 200 rows of 'x'")
    assert ("kept as a number" in told.remedy) is are_kept
    assert (digest(marked) == digest(null)) is not are_kept
    if not are_kept:
        rows = pl.DataFrame({"x": [-9999.0], "z": [0.5]})
        blank = rows.with_columns(x=pl.lit(None, dtype=pl.Float64))
        assert marked.predict(rows) == marked.predict(blank)


def test_columns_that_are_left_out_are_told(tmp_path: Path) -> None:
    path = table(
        tmp_path / "t.parquet",
        x=pl.col("x").cast(pl.String),
        site=pl.int_range(2000).cast(pl.String) + "m",
    )
    found = rung.fit_stream(path, "y", **OPTIONS)
    assert [(one.columns, one.message) for one in found.findings] == [
        (("x",), "'x' holds numbers that were saved as text, and was left out"),
        (("site",), "'site' holds String, not numbers, and was left out"),
    ]
    with pytest.raises(UsageError, match="column 'z' holds String; the model needs numbers"):
        found.predict(pl.DataFrame({"z": ["0.5"]}))


def test_a_loss_that_runs_away_is_named(tmp_path: Path) -> None:
    with pytest.raises(RungError, match=r"loss is (nan|inf) after .* use learning_rate=1e\+29"):
        rung.fit_stream(table(tmp_path / "t.parquet"), "y", **OPTIONS | {"learning_rate": 1e30})
