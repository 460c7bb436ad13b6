"""Write models for other programs: JSON for all of them, ONNX where its operators suffice."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

from rung.errors import MissingExtra, NotSavable, UsageError
from rung.families import with_form
from rung.kinds.model_file import load
from rung.kinds.table.model import FittedModel
from rung.kinds.text.model import FittedText
from rung.store.durable import canonical_json, write_bytes
from rung.store.modelfile import unpack
from rung.typing import JSON, Array

EXPORTS = ("json", "onnx", "skops", "lightgbm-text")
# What no model of the ladder can be written as, each with the reason.
IMPOSSIBLE = {
    "skops": (
        "a skops file holds scikit-learn's own objects, and no pipeline of these treats missing "
        "cells, unseen levels and absent classes as this model does"
    ),
    "lightgbm-text": (
        "a LightGBM file holds one booster on numbers, and this model is not one: boosting is the "
        "mean of its folds' boosters, each with an encoding and a scale of its own"
    ),
}


def export_file(model: str, to: str, out: Path, *, force: bool = False) -> None:
    """Write the model of a file, or of a run folder, in another format; see `export_model`."""
    export_model(load(model), to, out, force=force)


def export_model(
    model: FittedModel | FittedText, to: str, out: Path, *, force: bool = False
) -> None:
    """Write a model in another format.

    Parameters
    ----------
    model : FittedModel
        What to write.
    to : str
        `json`, or `onnx` for models on numbers that are a weighted sum, a tree or boosted trees.
    out : Path
        File to write.
    force : bool, default False
        Replace an existing file.

    Raises
    ------
    UsageError
        If the format is unknown, or the file exists.
    NotSavable
        With the reason, if the format cannot hold this model.
    MissingExtra
        If the library for the format is not installed.
    """
    if to not in EXPORTS:
        raise UsageError(
            f"format {to!r} is unknown; {', '.join(EXPORTS)} are known", "use --to json"
        )
    if out.exists() and not force:
        raise UsageError(f"output {str(out)!r} exists", "use --force to replace it")
    if to in IMPOSSIBLE:
        raise NotSavable(
            f"the {model.family.name} model cannot be {to}: {IMPOSSIBLE[to]}", _remedy()
        )
    if to == "json":
        write_bytes(out, to_json(model))
    elif isinstance(model, FittedText):
        raise NotSavable("a model of text has no ONNX form here", _remedy())
    else:
        write_bytes(out, to_onnx(model))


def to_json(model: FittedModel | FittedText) -> bytes:
    """Return all that a model file holds as one canonical JSON text.

    `spec` and `strings` are as in the file; each of `arrays` has `dtype`, `shape` and `values`,
    a flat list in C order with shortest round-trip floats; what JSON has no number for stands as
    "nan", "inf" or "-inf".

    Examples
    --------
    >>> import rung
    >>> run = rung.fit(
    ...     {"x": np.arange(40.0), "y": np.arange(40.0) ** 2}, target="y", families=["constant"]
    ... )
    >>> to_json(run.model)[:11]
    b'{"arrays":{'
    """
    spec, arrays, strings = unpack(model.to_bytes())
    found: JSON = {
        "format": "rung model as JSON, 1",
        "spec": spec,
        "strings": {name: list(table) for name, table in strings.items()},
        "arrays": {name: _describe(array) for name, array in arrays.items()},
    }
    return canonical_json(found) + b"\n"


def _remedy() -> str:
    from rung.export.onnx import BUILDERS

    *names, last = with_form(BUILDERS)
    listed = f"{', '.join(names)} and {last}"
    return f"use --to json, which holds every model, or --to onnx for {listed}"


def _describe(array: Array) -> JSON:
    values: list[Any] = array.reshape(-1).tolist()
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        values = [value if np.isfinite(value) else str(value) for value in values]
    return {"dtype": array.dtype.name, "shape": list(array.shape), "values": values}


def to_onnx(model: FittedModel) -> bytes:
    """Return a model as an ONNX file in double precision, checked by the onnx library.

    Raises
    ------
    MissingExtra
        Without the onnx library.
    NotSavable
        If its family or its columns have no ONNX form here.
    """
    if importlib.util.find_spec("onnx") is None:
        raise MissingExtra(
            "to write ONNX the library 'onnx' is needed, and it is not installed",
            "pip install 'rung[export]'",
        )
    from rung.export.onnx import build

    return build(model)
