"""Keep the target out of columns that are made of others, and write them into model files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from shlex import quote
from typing import Any

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.core.findings import Finding
from rung.data.computing import cells_of, compute
from rung.data.expressions import parse_condition
from rung.data.recomputing import NOTHING, Expressions
from rung.errors import BadModelFile, UsageError
from rung.kinds.model_file import REMEDY, string
from rung.kinds.table.column_files import describe_column, read_columns
from rung.typing import JSON, Array

# As many cells as `FittedModel` is tried out with.
_CELLS = 4


def refuse_made_of_target(dataset: Dataset, expressions: Expressions, target: str) -> None:
    """Raise if a feature is made of the target, which is not known where it is predicted."""
    for column in dataset.features:
        if target in expressions.makers(column.name):
            raise UsageError(
                f"column {column.name!r} is made of the target {target!r}, which is not known for "
                "rows to predict",
                f"leave it out of --derive, or add --drop {quote(column.name)}",
            )


def target_made_of_features(
    dataset: Dataset, expressions: Expressions, target: str
) -> tuple[Finding, ...]:
    """Shout if the target is made of columns that models may use: they give it away."""
    makers = expressions.makers(target)
    features = tuple(one.name for one in dataset.features if one.name in makers)
    if not features:
        return ()
    named = ", ".join(map(repr, features))
    message = f"the target {target!r} is made of {named}, which models may use: they give it away"
    remedy = f"leave them out with --drop {quote(','.join(features))}"
    return (Finding("made_target", "alarm", features, message, remedy),)


def describe_expressions(expressions: Expressions) -> tuple[JSON, dict[str, Sequence[str]]]:
    """Return what a model file says of expressions, and its tables of words; nothing of none.

    Examples
    --------
    >>> describe_expressions(NOTHING)
    ({}, {})
    """
    if expressions == NOTHING:
        return {}, {}
    described: JSON = {
        "definitions": list(expressions.definitions),
        "parents": [describe_column(one) for one in expressions.parents],
        "condition": expressions.condition,
        "asked": [describe_column(one) for one in expressions.asked],
    }
    strings = {
        f"{group}/levels/{i}": column.levels
        for group in ("parents", "asked")
        for i, column in enumerate(getattr(expressions, group))
        if column.is_coded
    }
    return {"expressions": described}, strings


def read_expressions(
    spec: Mapping[str, Any], strings: Mapping[str, Sequence[str]], columns: Sequence[Column]
) -> Expressions:
    """Return the expressions of a model file, after trying them out.

    Raises
    ------
    BadModelFile, KeyError, TypeError or ValueError
        If something in it is not as `describe_expressions` writes it.
    """
    if "expressions" not in spec:
        return NOTHING
    found = spec["expressions"]
    groups = {
        group: read_columns(
            found[group],
            {
                name.removeprefix(f"{group}/"): table
                for name, table in strings.items()
                if name.startswith(f"{group}/")
            },
        )
        for group in ("parents", "asked")
    }
    expressions = Expressions(
        tuple(string(one) for one in found["definitions"]),
        groups["parents"],
        string(found["condition"]),
        groups["asked"],
    )
    try:
        _try_out(expressions, columns)
    except UsageError as error:
        raise BadModelFile(f"an expression cannot be computed: {error.message}", REMEDY) from error
    return expressions


def _try_out(expressions: Expressions, columns: Sequence[Column]) -> None:
    """Compute expressions of a few cells; made columns must be what models take them for."""
    parents = {one.name: cells_of(one, _cells(one)) for one in expressions.parents}
    made = expressions.make(parents, _CELLS)
    kinds = {"number": "number", "truth": "boolean"}
    for column in columns:
        if column.name in made and kinds.get(made[column.name].sort) != column.kind:
            raise BadModelFile(f"column {column.name!r} is made of another kind", REMEDY)
    if expressions.condition:
        asked = {one.name: cells_of(one, _cells(one)) for one in expressions.asked}
        steps = parse_condition(expressions.condition)
        if compute(expressions.condition, steps, asked | made).sort != "truth":
            raise BadModelFile("the condition is neither true nor false", REMEDY)


def _cells(column: Column) -> Array:
    return np.full(_CELLS, -1, np.int32) if column.is_coded else np.full(_CELLS, np.nan)
