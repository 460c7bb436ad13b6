"""The verbs on saved densities: draw rows, ask, draw the tree of columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rung.errors import UsageError
from rung.graph.picture import Graph
from rung.kinds.density.asking import tell
from rung.kinds.density.model import FittedDensity
from rung.kinds.model_file import load
from rung.kinds.values import check_whole
from rung.report.dependence_graph import tree_graph
from rung.typing import JSON
from rung.workbench.verbs import _frame, deliver

MOST_ROWS = 1_000_000


def density_of(model: str | Path) -> FittedDensity:
    """Return the density that a file holds.

    Raises
    ------
    UsageError
        If it holds a model of another kind.
    """
    found = load(model)
    if not isinstance(found, FittedDensity):
        raise UsageError(
            f"{Path(model).name!r} holds no density, but a model that predicts",
            "give the model of a run without --target",
        )
    return found


def sample_rows(
    model: str | Path, n: int, *, seed: int = 0, out: Path | None = None
) -> tuple[str | None, tuple[str, ...]]:
    """Draw rows from a saved density.

    Returns
    -------
    text : str or None
        CSV where no file is named.
    notes : tuple of str
        What drawn rows lack.
    """
    check_whole("n", n, low=1, high=MOST_ROWS)
    found = density_of(model)
    cells, n_again = found.draw(n, seed=seed)
    text = deliver(_frame(cells), out)
    notes = ["no cell of a drawn row is missing"]
    if n_again:
        notes.append(
            f"{n_again:,} of {n:,} rows were drawn again: a number lay outside the range of training"
        )
    repeated = [name for name, one in found.reading.spreads.items() if one.values]
    if repeated:
        notes.append(f"what lies near a value that repeats is that value: {', '.join(repeated)}")
    return text, tuple(notes)


def ask(model: str | Path | FittedDensity, given: Mapping[str, Any]) -> JSON:
    """Say what is likely in the other columns of a table where some are known.

    Parameters
    ----------
    model : path or FittedDensity
        Of a table without a target.
    given : mapping of str to str or number
        Cells that are known, as the table writes them; none asks of all rows.

    Returns
    -------
    dict
        Ready for JSON: `given` with the training rows that have each cell, `together` (how many times as
        probable the cells are together as apart), and `answers`, a column each, what changes
        most first: levels with their probabilities, or the 5, 50 and 95 % points of numbers.

    Raises
    ------
    UsageError
        If a column or a level is unknown.
    """
    found = model if isinstance(model, FittedDensity) else density_of(model)
    told = tell(found, given)
    return {
        "family": found.family.name,
        "given": [
            {
                "column": one.column,
                "value": one.value,
                "rows": one.rows,
                "known_rows": one.known_rows,
                "outside": list(one.span) or None,
            }
            for one in told.given.cells
        ],
        "together": float(f"{told.given.together:.6g}"),
        "answers": [one.to_dict() for one in told.answers],
    }


def graph_tree(model: str | Path) -> Graph | None:
    """Return the tree of columns that a density was saved with; None for other models."""
    found: Any = load(model)
    if not isinstance(found, FittedDensity):
        return None
    facts = found.about.get("dependence")
    if not facts:
        raise UsageError(
            f"{Path(model).name!r} was saved without a tree of columns",
            "let the run climb dependence_tree too",
        )
    return tree_graph(facts)
