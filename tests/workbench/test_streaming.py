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
from rung.errors import BadModelFile, UsageError
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
