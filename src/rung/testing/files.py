"""Send models through files, and predict with them in a process that knows nothing else."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.core.family import Family, Model, State
from rung.errors import RungError
from rung.store.modelfile import pack, unpack
from rung.testing.laws import require, same_bits
from rung.typing import Array

TRAINERS = ("sklearn", "lightgbm")
SECONDS_ALLOWED = 120


@dataclass(frozen=True)
class Saved:
    """A model to be saved, rows to predict, and what it predicted before it was saved."""

    title: str
    model: Model
    design: Dataset
    expected: Array


def check_files(family: Family, saved: Sequence[Saved]) -> None:
    """Save, load in a fresh process, predict: the same bits, without the training libraries."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, item in enumerate(saved):
            _check_round_trip(family, item)
            (folder / f"{number}.model").write_bytes(pack_state(item.model.to_state()))
            (folder / f"{number}.rows").write_bytes(pack_design(item.design))
        said = _predict_elsewhere(family, folder)
        require(
            not said,
            family,
            f"loads {said} to predict; only numpy is there where models are used",
        )
        for number, item in enumerate(saved):
            found = np.load(folder / f"{number}.npy", allow_pickle=False)
            require(
                same_bits(found, item.expected),
                family,
                f"predicts otherwise after it was saved and loaded in a fresh process "
                f"({item.title})",
            )


def pack_state(state: State) -> bytes:
    """Write a state as the bytes of a model file."""
    return pack(dict(state.spec), dict(state.arrays), dict(state.strings))


def unpack_state(data: bytes) -> State:
    """Read a state from the bytes of a model file."""
    return State(*unpack(data))


def pack_design(design: Dataset) -> bytes:
    """Write rows to predict in the same format."""
    columns = [{"name": c.name, "kind": c.kind, "role": c.role} for c in design.columns]
    levels = {c.name: c.levels for c in design.columns if c.is_coded}
    return pack({"columns": columns, "n_rows": design.n_rows}, dict(design.values), levels)


def unpack_design(data: bytes) -> Dataset:
    """Read rows to predict."""
    spec, arrays, strings = unpack(data)
    columns = tuple(
        Column(**entry, levels=tuple(strings.get(entry["name"], ()))) for entry in spec["columns"]
    )
    return Dataset(columns, arrays, spec["n_rows"])


def predict_folder(name: str, folder: Path) -> str:
    """Predict every pair of files in a folder; what the fresh process does.

    Parameters
    ----------
    name : str
        Import path of the family's `load`, as `module:name`.
    folder : Path
        Holds `0.model`, `0.rows`, ...; predictions are written to `0.npy`, ...

    Returns
    -------
    str
        Training libraries that were loaded on the way.
    """
    load = _find(name)
    for path in sorted(folder.glob("*.model")):
        model = load(unpack_state(path.read_bytes()))
        design = unpack_design(path.with_suffix(".rows").read_bytes())
        np.save(path.with_suffix(".npy"), model.predict(design), allow_pickle=False)
    return " ".join(library for library in TRAINERS if library in sys.modules)


def _check_round_trip(family: Family, item: Saved) -> None:
    """Check that a loaded model writes the same state, and that less of it is refused by name."""
    state = item.model.to_state()
    try:
        again = family.load(unpack_state(pack_state(state))).to_state()
    except RungError as error:
        raise AssertionError(
            f"family {family.name!r} refuses a model that it wrote itself ({item.title}): {error}"
        ) from error
    require(
        pack_state(again) == pack_state(state),
        family,
        f"writes another state after it was loaded ({item.title})",
    )
    for name in state.arrays:
        fewer = {key: array for key, array in state.arrays.items() if key != name}
        _check_refused(family, State(state.spec, fewer, state.strings), f"without array {name!r}")


def _check_refused(family: Family, state: State, title: str) -> None:
    """Check that a broken state is refused; whoever reads the file names the file."""
    try:
        family.load(state)
    except (RungError, KeyError):
        return
    except Exception as error:
        raise AssertionError(
            f"family {family.name!r} raises {type(error).__name__} for a state {title}: {error}; "
            "BadModelFile is wanted"
        ) from error
    raise AssertionError(f"family {family.name!r} loads a state {title}; BadModelFile is wanted")


def _predict_elsewhere(family: Family, folder: Path) -> str:
    """Start a fresh process with the same search path, and return what it says."""
    load = family.load
    name = f"{load.__module__}:{load.__qualname__}"
    require(
        "<" not in name,
        family,
        f"has a load that a fresh process cannot import ({name}); define it in a module",
    )
    places = [str(Path(place).resolve()) for place in sys.path]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    environment.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", PYTHONHASHSEED="random")
    script = (
        "import sys, pathlib; from rung.testing.files import predict_folder; "
        "print(predict_folder(sys.argv[1], pathlib.Path(sys.argv[2])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, name, str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS_ALLOWED,
        check=False,
    )
    last = done.stderr.strip().splitlines()[-1:] or [""]
    require(not done.returncode, family, f"cannot predict in a fresh process: {last[0]}")
    return done.stdout.strip()


def _find(name: str) -> Callable[[State], Model]:
    module, _, path = name.partition(":")
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    return found  # type: ignore[no-any-return]
