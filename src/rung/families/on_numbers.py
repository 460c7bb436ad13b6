"""Let a rung of tables climb on some of the columns: those whose names begin with its words."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace
from typing import Any

from rung.core.family import Context, CrossFit, Family, Model, Problem, State
from rung.core.folds import Folds
from rung.errors import NotApplicable
from rung.images.numbers import BACKBONE, BESIDE, sources_of
from rung.typing import Array

ABSENT = {
    BESIDE: "no columns of the labels were named with --features",
    BACKBONE: "no weights were given with --backbone",
}


@dataclass(frozen=True)
class NumbersModel:
    """Predict from the columns whose names begin with the words of a rung.

    Attributes
    ----------
    word : str
        What the name of the rung begins with (`rung.images.numbers.sources_of`).
    model : Model
        Of a table with these columns.
    """

    word: str
    model: Model

    def predict(self, design: Any, rows: Array | None = None) -> Array:
        """Return values or probabilities, shape (n_rows, n_outputs)."""
        return self.model.predict(only(design, self.word), rows)

    def to_state(self) -> State:
        """Return the model of the table as data."""
        return self.model.to_state()


def only(design: Any, word: str) -> Any:
    """Return a data set of which no other columns are features."""
    own = tuple(f"{source} " for source in sources_of(word))
    others = [one.name for one in design.features if not one.name.startswith(own)]
    return design.with_roles(dict.fromkeys(others, "dropped")) if others else design


def _said(design: Any, word: str) -> str:
    """Say what a rung learns from.

    Raises
    ------
    NotApplicable
        If columns of one of its words are absent.
    """
    parts = []
    for source in sources_of(word):
        n = sum(one.name.startswith(f"{source} ") for one in design.features)
        if not n:
            raise NotApplicable(ABSENT.get(source, f"no {source} numbers were computed"))
        called = "of the labels' columns" if source == BESIDE else f"{source} numbers"
        parts.append(f"{n:,} {called}")
    return f"learns from {' and '.join(parts)}"


def on_numbers(word: str, rung: str, *, title: str, step: int, sources: tuple[str, ...]) -> Family:
    """Return a family of images that learns as a family of tables does.

    Parameters
    ----------
    word : str
        Of `rung.images.numbers.sources_of`: the columns that it takes.
    rung : str
        Name of the family of tables.
    title : str
        For people.
    step : int
        Its place on the ladder of images.
    sources : tuple of str
        Where its numbers come from; where it learns as, the family of tables says.

    Examples
    --------
    >>> family = on_numbers("pixel", "linear", title="Pixel statistics, linear", step=1, sources=())
    >>> family.name, family.inputs, family.tasks
    ('pixel_linear', 'image', ('regression', 'binary', 'multiclass'))
    """
    family: Family = importlib.import_module(f"rung.families.table.{rung}").FAMILY

    def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
        own = replace(problem, design=only(problem.design, word))
        said = _said(own.design, word)
        alone: Any = context  # encodings are shared among families that take the same columns
        fitted = family.cross_fit(own, folds, replace(alone, problem=own, cache={}))
        return replace(
            fitted,
            notes=(said, *fitted.notes),
            model=NumbersModel(word, fitted.model),
            models=tuple(NumbersModel(word, model) for model in fitted.models),
        )

    return replace(
        family,
        name=f"{word}_{rung}",
        title=title,
        step=step,
        inputs="image",
        sources=(*sources, *family.sources),
        cross_fit=cross_fit,
        load=lambda state: NumbersModel(word, family.load(state)),
        form=None,
    )
