"""Read a model file, whatever kind of data its model is for."""

from __future__ import annotations

from pathlib import Path

from rung.errors import UsageError
from rung.kinds.table.model import FittedModel, parse_model, refusing
from rung.kinds.text.model import TASK, FittedText, parse_text_model
from rung.store.modelfile import read_bytes, unpack


def read_model_bytes(data: bytes, source: str) -> FittedModel | FittedText:
    """Read a model from the bytes of a model file; see `rung.kinds.table.model.from_bytes`."""
    with refusing(source):
        spec, arrays, strings = unpack(data)
        if spec["task"] == TASK:
            return parse_text_model(spec, arrays, strings)
        return parse_model(spec, arrays, strings)


def load(path: str | Path) -> FittedModel | FittedText:
    """Read a model file; nothing in it is ever run.

    Parameters
    ----------
    path : path
        A `model.rung`, or a run folder that holds one.

    Raises
    ------
    BadModelFile
        If it is damaged, forged or too new.
    """
    target = model_path(path)
    return read_model_bytes(read_bytes(target), target.name)


def load_table_model(path: str | Path) -> FittedModel:
    """Read the model file of a table's model.

    Raises
    ------
    UsageError
        If it holds a model of text.
    """
    found = load(path)
    if isinstance(found, FittedText):
        raise UsageError(
            f"{Path(path).name!r} holds a model of text; one of a table is needed",
            "use rung sample, predict or inspect with it",
        )
    return found


def model_path(path: str | Path) -> Path:
    """Return the model file of a run folder, or the path itself."""
    target = Path(path)
    return target / "model.rung" if target.is_dir() else target
