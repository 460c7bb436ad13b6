"""Name the types that every layer shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
# Rows of a table: indices, a slice, or None for all.
Rows: TypeAlias = Array | slice | None
Settings: TypeAlias = Mapping[str, Any]
JSON: TypeAlias = dict[str, Any]

Kind: TypeAlias = Literal["number", "boolean", "category", "datetime", "text"]
Role: TypeAlias = Literal[
    "feature", "target", "identifier", "group", "time", "weight", "constant", "text", "dropped"
]
Task: TypeAlias = Literal["regression", "binary", "multiclass", "language modelling", "density"]

# Libraries without type stubs enter through this one alias.
Untyped: TypeAlias = Any
