"""Models of images are explained and drawn in a shell."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rung.cli import main
from tests.explain.image_runs import run_of
from tests.kinds.image.made import stripes


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("images")
    images, labels = stripes(20, seed=5)
    np.save(made / "new.npy", images)
    (made / "labels.csv").write_text("class,n\n" + "\n".join(f"{one},1" for one in labels) + "\n")
    run_of("pixel_linear", "scattering_linear").model.save(made / "model.rung")
    return made


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    return stopped.value.code


def test_groups_of_columns_are_printed_as_json(folder: Path, capfdbinary) -> None:
    words = ("explain", f"{folder / 'model.rung'}", f"{folder / 'new.npy'}")
    labels = ("--labels", f"{folder / 'labels.csv'}")
    assert run(*words, *labels, "--json") == 0
    assert json.loads(capfdbinary.readouterr().out)["n_rows"] == 20


def test_one_image_is_printed_and_written(folder: Path, tmp_path: Path, capfd) -> None:
    words = ("explain", f"{folder / 'model.rung'}", f"{folder / 'new.npy'}", "--row", "7")
    out = tmp_path / "i.html"
    assert run(*words, "--out", f"{out}") == 0
    assert "row 7, image 6: predicted" in capfd.readouterr().out
    assert out.is_file()
    assert run(*words, "--out", f"{out}") == 2
    assert run(*words, "--out", f"{out}", "--force") == 0
    assert run(*words, "--change", "0.5") == 2
    assert "--change is for models of tables" in capfd.readouterr().err
    assert run(*words[:3], "--out", f"{out}") == 2
    assert "add --row N" in capfd.readouterr().err


def test_a_model_of_numbers_is_not_drawn_and_says_what_is(folder: Path, capfd) -> None:
    words = ("graph", f"{folder / 'model.rung'}", "--row", "1", "--data", f"{folder / 'new.npy'}")
    assert run(*words) == 2
    assert "small_cnn and residual_cnn can" in capfd.readouterr().err
