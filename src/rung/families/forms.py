"""Name the forms that models of families have, for whatever draws or writes them.

A family whose models have one of these forms says so (`Family.form`); explanations and exports ask
for the form, never for the family. Everything here is read only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias, runtime_checkable

from rung.core.family import Design
from rung.prep.one_hot import TableEncoder
from rung.prep.ordinal import TreeEncoder
from rung.prep.related import RelatedEncoder
from rung.trees.nodes import NodeArrays
from rung.typing import Array, Untyped

FeatureEncoder: TypeAlias = TreeEncoder | RelatedEncoder


@runtime_checkable
class LinearForm(Protocol):
    """A weighted sum of encoded columns: `link(matrix @ coefficients + intercept)`."""

    @property
    def encoder(self) -> TableEncoder:
        """From a table to columns."""
        ...

    @property
    def coefficients(self) -> Array:
        """Weights of the columns, shape (width, n_scores)."""
        ...

    @property
    def intercept(self) -> Array:
        """Added to the sums, shape (n_scores,)."""
        ...

    @property
    def link(self) -> str:
        """`identity` for values, `softmax` for classes."""
        ...

    @property
    def classes(self) -> Array:
        """The class that each score belongs to, shape (n_scores,)."""
        ...

    @property
    def absent(self) -> Array:
        """Share of classes without a training row, before all sum to one; shape (n_outputs,)."""
        ...


@runtime_checkable
class TreeForm(Protocol):
    """One tree, whose leaves hold the outputs."""

    @property
    def encoder(self) -> FeatureEncoder:
        """From a table to features."""
        ...

    @property
    def nodes(self) -> NodeArrays:
        """The tree."""
        ...


@runtime_checkable
class ForestForm(Protocol):
    """The mean of trees, in groves that share an encoder (`encoder`, `nodes`, `speech`)."""

    @property
    def groves(self) -> Sequence[Untyped]:
        """One a training set."""
        ...


class BoostedForm(Protocol):
    """A sum of trees: of values by `scale` and from `offset`, of classes as scores."""

    @property
    def encoder(self) -> FeatureEncoder:
        """From a table to features."""
        ...

    @property
    def nodes(self) -> NodeArrays:
        """All trees; the leaves add to the output of their tree."""
        ...

    @property
    def present(self) -> Array:
        """Classes of the training rows, two of which share one score; empty for values."""
        ...

    @property
    def offset(self) -> float:
        """Where the sum of values starts."""
        ...

    @property
    def scale(self) -> float:
        """What leaves are multiplied by."""
        ...

    @property
    def floor(self) -> float:
        """Probability of a class without a training row."""
        ...

    def predict(self, design: Design, rows: Array | None, n_outputs: int) -> Array:
        """Return what this sum says, shape (n_rows, n_outputs)."""
        ...


@runtime_checkable
class BoostingForm(Protocol):
    """The mean of sums of trees, one a fold."""

    @property
    def models(self) -> Sequence[BoostedForm]:
        """One a fold."""
        ...

    @property
    def n_outputs(self) -> int:
        """Columns of a prediction."""
        ...
