"""Read a model file, whatever kind of data its model is for."""

from __future__ import annotations

from rung.store.modelfile import unpack
from rung.workbench.fitted import FittedModel, parse_model, refusing
from rung.workbench.text_model import TASK, FittedText, parse_text_model


def read_model_bytes(data: bytes, source: str) -> FittedModel | FittedText:
    """Read a model from the bytes of a model file; see `rung.workbench.fitted.from_bytes`."""
    with refusing(source):
        spec, arrays, strings = unpack(data)
        if spec["task"] == TASK:
            return parse_text_model(spec, arrays, strings)
        return parse_model(spec, arrays, strings)
