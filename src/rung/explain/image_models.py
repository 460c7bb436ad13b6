"""Look at models of images as explanations need them: as models of the columns they read."""

from __future__ import annotations

from collections.abc import Sequence

from rung.core.dataset import Dataset
from rung.core.family import Family, Model
from rung.families import find
from rung.families.on_numbers import NumbersModel, only


def columns_read(models: Sequence[Model], design: Dataset) -> tuple[tuple[Model, ...], Dataset]:
    """Return models of the columns alone that they read, and rows with no other features.

    A model that reads pixels has none.

    Examples
    --------
    >>> from rung.core.dataset import Column
    >>> rows = Dataset((Column("pixel mean", "number"),), {"pixel mean": [1.0]}, 1)
    >>> columns_read([object()], rows)[1].features
    ()
    """
    first = models[0]
    if isinstance(first, NumbersModel):
        bare = tuple(one.model for one in models if isinstance(one, NumbersModel))
        return bare, only(design, first.word)
    return tuple(models), design.with_roles({one.name: "dropped" for one in design.inputs})


def form_of(family: Family) -> type | None:
    """Return the form of the model of a table that a family of images learns with.

    Examples
    --------
    >>> form_of(find("pixel_linear", "image")).__name__, form_of(find("small_cnn", "image"))
    ('LinearForm', None)
    """
    table = find(family.name.partition("_")[2], "table")
    return family.form if table is None else table.form
