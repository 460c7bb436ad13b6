"""Turn surfaces of several families into a table and a few words."""

from __future__ import annotations

from collections.abc import Sequence

from rung.core.dataset import Column
from rung.errors import UsageError
from rung.explain.held_out import HeldOut
from rung.explain.surface import shown_output
from rung.typing import JSON


def asked_output(held: HeldOut, label: str | None) -> int:
    """Return which output is meant: the class of this label, or the one that is shown by default.

    Raises
    ------
    UsageError
        If no class has this label.
    """
    classes = held.problem.classes
    if label is None:
        return shown_output(held)
    if label not in classes:
        has = f"its classes are {', '.join(classes)}" if classes else "it predicts values"
        raise UsageError(
            f"class {label!r} is none of this run; {has}",
            "name one of these" if classes else "leave `of` out",
        )
    return classes.index(label)


def check_columns(held: HeldOut, names: Sequence[str]) -> None:
    """Stop if these are not two columns that the models use.

    Raises
    ------
    UsageError
        If one is not used, has no value, or both are the same.
    """
    known: dict[str, Column] = {
        column.name: column for column in held.features if column.kind != "text"
    }
    for name in names:
        if name not in known:
            raise UsageError(
                f"column {name!r} is none that {held.family} uses; it uses {', '.join(known)}",
                "name two of these",
            )
    if len(set(names)) < len(names):
        raise UsageError(
            f"a surface is of two columns, and {names[0]!r} was given twice", "name another column"
        )


def surface_rows(found: Sequence[JSON]) -> list[JSON]:
    """Return a row for each family and pair of values."""
    return [
        {
            "family": one["family"],
            one["columns"][0]: x,
            one["columns"][1]: y,
            **({"class": one["of"]} if one["of"] else {}),
            "mean": one["mean"][i][j],
        }
        for one in found
        for i, x in enumerate(one["places"][0])
        for j, y in enumerate(one["places"][1])
    ]


def surface_lines(found: Sequence[JSON], metric: str) -> list[str]:
    """Say what each surface spans, and how its model scores on rows it learned from and others."""
    lines = []
    for one in found:
        heights = [value for row in one["mean"] for value in row]
        what = f"probability of {one['of']}" if one["of"] else "mean prediction"
        lines.append(
            f"{one['title']}: {what} {min(heights):.4g} to {max(heights):.4g} by "
            f"{one['columns'][0]} and {one['columns'][1]}; fold {one['fold']}: {metric} "
            f"{one['training']:.4g} on training rows, {one['held_out']:.4g} on held-out rows"
        )
    return lines
