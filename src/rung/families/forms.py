"""Name the forms that models of families have, for whatever draws or writes them.

A family whose models have one of these forms says so (`Family.form`); explanations and exports ask
for the form, never for the family. They read what stands here, and change nothing.
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
    """A weighted sum of encoded columns: `link(matrix @ coefficients + intercept)`.

    Attributes
    ----------
    encoder : TableEncoder
        From a table to columns.
    coefficients : ndarray, shape (width, n_scores)
        Weights of the columns.
    intercept : ndarray, shape (n_scores,)
        Added to the sums.
    link : str
        `identity` for values, `softmax` for classes.
    classes : ndarray of int, shape (n_scores,)
        The class that each score belongs to.
    absent : ndarray, shape (n_outputs,)
        Share of classes without a training row, before all sum to one.
    """

    encoder: TableEncoder
    coefficients: Array
    intercept: Array
    link: str
    classes: Array
    absent: Array


@runtime_checkable
class TreeForm(Protocol):
    """One tree, whose leaves hold the outputs."""

    encoder: FeatureEncoder
    nodes: NodeArrays


@runtime_checkable
class ForestForm(Protocol):
    """The mean of trees, in groves that share an encoder (`encoder`, `nodes`, `speech`)."""

    groves: Sequence[Untyped]


class BoostedForm(Protocol):
    """A sum of trees: of values from `offset` on and by `scale`, of classes as scores.

    Attributes
    ----------
    encoder : FeatureEncoder
        From a table to features.
    nodes : NodeArrays
        All trees; the leaves add to the output of their tree.
    present : ndarray of int, shape (n_present,)
        Classes of the training rows, two of which share one score; empty for values.
    offset, scale : float
        Where the sum of values starts; what leaves are multiplied by.
    floor : float
        Probability of a class without a training row.
    """

    encoder: FeatureEncoder
    nodes: NodeArrays
    present: Array
    offset: float
    scale: float
    floor: float

    def predict(self, design: Design, rows: Array | None, n_outputs: int) -> Array:
        """Return what this sum predicts, shape (n_rows, n_outputs)."""
        ...


@runtime_checkable
class BoostingForm(Protocol):
    """The mean of sums of trees, one a fold."""

    models: Sequence[BoostedForm]
    n_outputs: int
