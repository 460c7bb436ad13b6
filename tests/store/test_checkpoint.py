from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load as stock_load

from rung.core.family import State
from rung.errors import BadModelFile
from rung.store.checkpoint import load_checkpoint, save_checkpoint
from rung.store.modelfile import write_model

STATE = State({"counters": {"dict": []}}, {"w": np.arange(3.0)}, {"names": ("a", "b")})


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "c.rung", STATE, identity={"seed": 1})
    found = load_checkpoint(tmp_path / "c.rung", identity={"seed": 1})
    assert found.spec == STATE.spec
    assert found.strings == STATE.strings
    np.testing.assert_array_equal(found.arrays["w"], STATE.arrays["w"])


def test_the_same_state_gives_the_same_bytes_and_stock_safetensors_reads_them(
    tmp_path: Path,
) -> None:
    for name in ("a", "b"):
        save_checkpoint(tmp_path / name, STATE)
    data = (tmp_path / "a").read_bytes()
    assert data == (tmp_path / "b").read_bytes()
    np.testing.assert_array_equal(stock_load(data)["w"], STATE.arrays["w"])


def test_another_training_is_refused_with_what_changed(tmp_path: Path) -> None:
    path = tmp_path / "c.rung"
    save_checkpoint(path, STATE, identity={"seed": 1, "data": "x"})
    with pytest.raises(BadModelFile, match="another training: seed changed"):
        load_checkpoint(path, identity={"seed": 2, "data": "x"})


@pytest.mark.parametrize("position", [0, 9, 200, -40, -1])
def test_a_flipped_byte_is_found(tmp_path: Path, position: int) -> None:
    path = tmp_path / "c.rung"
    save_checkpoint(path, STATE)
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(BadModelFile, match=r"c\.rung"):
        load_checkpoint(path)


def test_a_model_file_is_no_checkpoint(tmp_path: Path) -> None:
    write_model(tmp_path / "m.rung", {"family": "constant"})
    with pytest.raises(BadModelFile, match="is no checkpoint of a training"):
        load_checkpoint(tmp_path / "m.rung")


def test_a_later_version_is_refused(tmp_path: Path) -> None:
    spec = {"kind": "checkpoint", "checkpoint_version": 9, "identity": {}, "state": {}}
    write_model(tmp_path / "c.rung", spec)
    with pytest.raises(BadModelFile, match="checkpoint version 9; this rung reads 1"):
        load_checkpoint(tmp_path / "c.rung")
