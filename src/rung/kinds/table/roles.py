"""Give every column its role in a run, as the user declared it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from shlex import quote

import numpy as np

from rung.core.dataset import Dataset
from rung.errors import DataError, TargetProblem, UsageError, suggest
from rung.kinds.table.options import FitOptions
from rung.typing import Role


def assign_roles(dataset: Dataset, options: FitOptions) -> Dataset:
    """Return the data set with the roles that the options declare.

    Raises
    ------
    TargetProblem
        If the target is not a column.
    UsageError
        If a declared column is absent, or declared twice.
    DataError
        If no feature is left, or a weight, time or group column cannot be used.
    """
    _check_target(dataset, options)
    declared = _declared(options)
    for option, columns in _named(options):
        check_names(dataset, option, columns)
    dataset = _as_texts(dataset, options.texts or ())
    roles: dict[str, Role] = dict.fromkeys(options.drop, "dropped")
    if not options.words:
        texts = (column.name for column in dataset.text_columns)
        roles.update(dict.fromkeys(texts, "dropped"))
    if options.features is not None:
        chosen = set(options.features)
        for column in dataset.columns:
            if column.name in chosen:
                roles[column.name] = "text" if column.kind == "text" else "feature"
            elif column.role in ("feature", "text"):
                roles[column.name] = "dropped"
    roles.update(declared)
    prepared = dataset.with_roles(roles)
    _check_features(prepared, options)
    if options.weight is not None:
        _check_weight(prepared, options.weight)
    if options.time is not None:
        _check_time(prepared, options.time)
    for name in options.group_names:
        _check_complete(prepared, "group", name)
    return prepared


def _check_target(dataset: Dataset, options: FitOptions) -> None:
    names = [column.name for column in dataset.columns]
    if options.target in names:
        return
    near = suggest(options.target, names)
    shown = ", ".join(repr(name) for name in names[:12]) + (", ..." if len(names) > 12 else "")
    raise TargetProblem(
        f"target column {options.target!r} not found; the table has {shown}",
        f"did you mean --target {near!r}?" if near else "choose one of these",
    )


def _declared(options: FitOptions) -> dict[str, Role]:
    """Return the roles that single columns were given; each column at most one."""
    roles: dict[str, Role] = {}
    pairs: list[tuple[str | None, Role]] = [
        (options.target, "target"),
        *((name, "group") for name in options.group_names),
        (options.time, "time"),
        (options.weight, "weight"),
    ]
    for name, role in pairs:
        if name is None:
            continue
        if name in roles:
            raise UsageError(
                f"column {name!r} is declared as {roles[name]} and as {role}; a column has one "
                "role",
                "drop one of the two options",
            )
        roles[name] = role
    features = set(options.features or ())
    for name in [*roles, *options.drop]:
        if name in features:
            role = roles.get(name, "dropped")
            raise UsageError(
                f"column {name!r} is listed in --features and declared as {role}",
                "drop one of the two options",
            )
    return roles


def _named(options: FitOptions) -> Iterable[tuple[str, tuple[str, ...]]]:
    yield "--features", options.features or ()
    yield "--drop", options.drop
    yield "--texts", options.texts or ()
    yield "--groups", options.group_names
    yield "--space", options.space or ()
    yield "--subgroups", options.subgroups
    for option in ("time", "weight"):
        name = getattr(options, option)
        yield f"--{option}", () if name is None else (name,)


def check_names(dataset: Dataset, option: str, declared: Iterable[str]) -> None:
    """Raise a UsageError if an option names a column that the table does not have."""
    names = [column.name for column in dataset.columns]
    for name in declared:
        if name not in names:
            near = suggest(name, names)
            raise UsageError(
                f"column {name!r} of {option} not found in the table",
                f"did you mean {near!r}?" if near else f"the columns are {', '.join(names[:12])}",
            )


def _check_features(dataset: Dataset, options: FitOptions) -> None:
    if dataset.number_names or dataset.category_columns or dataset.text_columns:
        return
    left_out = ", ".join(f"{column.name!r} ({column.role})" for column in dataset.columns[:12])
    raise DataError(
        f"no column is left to predict {options.target!r} from; the columns are {left_out}",
        _how_to_get_features(dataset, options),
    )


def _as_texts(dataset: Dataset, names: tuple[str, ...]) -> Dataset:
    """Read columns as running text that were declared so.

    Raises
    ------
    DataError
        If a column holds no strings.
    """
    for name in names:
        if not dataset.column(name).is_coded:
            raise DataError(
                f"column {name!r} of --texts holds numbers, truth values or times, and no text",
                "leave it out of --texts",
            )
    columns = tuple(
        replace(column, kind="text", role="text") if column.name in names else column
        for column in dataset.columns
    )
    return Dataset(columns, dataset.values, dataset.n_rows) if names else dataset


def _how_to_get_features(dataset: Dataset, options: FitOptions) -> str:
    """Say what gives models something to predict from, by what the columns left out are."""
    by_role: dict[str, str] = {}
    for column in dataset.columns:
        by_role.setdefault(column.role, column.name)
    if not options.words and any(column.kind == "text" for column in dataset.columns):
        return "count words of the columns of text: --words 10000"
    if "dropped" in by_role:
        return "drop fewer columns" if options.drop else "name other columns with --features"
    name = by_role.get("identifier")
    if name is not None and dataset.column(name).is_coded:
        return f"if parts of {name!r} tell something, read it as text with --texts {quote(name)}"
    if name is not None:
        return f"if {name!r} tells more than which row it is, name it with --features"
    return "give a table with a column that varies beside the target"


def _check_weight(dataset: Dataset, name: str) -> None:
    values = dataset.values[name]
    if dataset.column(name).is_coded:
        raise DataError(f"weight column {name!r} holds strings", "name a column of numbers")
    n_bad = int((~(np.isfinite(values) & (values >= 0))).sum())
    if n_bad or not (values > 0).any():
        raise DataError(
            f"weight column {name!r} has {n_bad} values that are missing or negative, and "
            f"{int((values > 0).sum())} above 0; weights are numbers of at least 0, not all 0",
            "fill or drop these rows",
        )


def _check_time(dataset: Dataset, name: str) -> None:
    if dataset.column(name).is_coded:
        raise DataError(
            f"time column {name!r} is not a date, time or number; it holds "
            f"{dataset.column(name).levels[:1]}",
            "write times as ISO 8601 (2026-01-31T12:00:00) or as numbers",
        )
    _check_complete(dataset, "time", name)


def _check_complete(dataset: Dataset, role: str, name: str) -> None:
    """Refuse rows of which it is not known where they belong."""
    values = dataset.values[name]
    is_missing = values < 0 if dataset.column(name).is_coded else ~np.isfinite(values)
    n_missing = int(is_missing.sum())
    if n_missing:
        raise DataError(
            f"{role} column {name!r} has no value in {n_missing} of {len(values)} rows",
            "fill them, or drop these rows",
        )
