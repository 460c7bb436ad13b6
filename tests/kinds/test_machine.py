import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import threadpoolctl

import rung
from rung.families import select
from rung.kinds import machine
from tests.workbench.frames import frame

HASWELL = {
    "user_api": "blas",
    "internal_api": "openblas",
    "version": "1",
    "architecture": "Haswell",
}


def loaded(monkeypatch: pytest.MonkeyPatch, *libraries: dict[str, str]) -> str:
    monkeypatch.setattr(threadpoolctl, "threadpool_info", lambda: list(libraries))
    return machine.machine()["linear algebra"]


def test_versions_name_what_results_depend_on_and_torch_where_networks_are_trained() -> None:
    plain = machine.versions(select(["linear", "boosting"]))
    assert {"rung", "python", "numpy", "scikit-learn", "lightgbm"} <= set(plain)
    assert "torch" not in plain
    assert "torch" not in machine.versions(select(["mlp"]))  # numpy trains it
    assert machine.versions(select(["gpt"], "text"))["torch"] == version("torch")


def test_kernels_are_those_of_numpy_and_scipy_whatever_else_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of_numpy = HASWELL | {"filepath": "/env/numpy.libs/libopenblas.so"}
    of_scipy = HASWELL | {"filepath": "/env/scipy.libs/libopenblas.so", "architecture": "Zen"}
    other = HASWELL | {"filepath": "/env/other/libopenblas.so", "architecture": "SkylakeX"}
    openmp = {"user_api": "openmp", "internal_api": "openmp", "filepath": "/env/numpy.libs/gomp"}
    expected = "openblas 1 Haswell, openblas 1 Zen"
    assert loaded(monkeypatch, of_scipy, of_numpy, openmp) == expected
    assert loaded(monkeypatch, other, of_numpy, of_scipy) == expected
    assert loaded(monkeypatch, other) == "openblas 1 SkylakeX"


def test_a_kernel_that_is_not_known_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    mkl = {"user_api": "blas", "internal_api": "mkl", "version": "2024.2", "filepath": "/lib/mkl"}
    assert loaded(monkeypatch, mkl) == "mkl 2024.2"


def test_a_result_its_report_and_its_model_say_on_what_machine_they_were_made(
    tmp_path: Path,
) -> None:
    torch = pytest.importorskip("torch")
    lines = [first + last for first in "abcdefghij" for last in ("nna", "mma", "lga", "ina")]
    run = rung.fit(lines, families=["uniform", "unigram", "neural_bigram"])
    kernels = torch.backends.cpu.get_cpu_capability()
    assert run.result.machine == machine.machine() | {"torch": kernels}
    assert run.result.to_dict()["machine"]["torch"] == kernels
    assert run.model.about["machine"] == run.result.machine
    page = run.report(tmp_path / "report.html").read_text(encoding="utf-8")
    assert f"torch: {kernels}" in page
    assert run.result.machine["processor"] in page
    assert run.result.versions["torch"] in page


def test_without_networks_torch_is_not_named_though_it_is_loaded() -> None:
    pytest.importorskip("torch")
    assert "torch" in sys.modules
    result = rung.fit(frame(80), target="mass", families=["linear"]).result
    assert "torch" not in {**result.machine, **result.versions}
