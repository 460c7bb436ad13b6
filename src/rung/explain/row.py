"""Draw how a saved model comes to its prediction for one row of a table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rung.compute import one_thread_each
from rung.data import ReadOptions
from rung.errors import DataError, UsageError
from rung.explain.row_curves import draw_additive
from rung.explain.row_facts import Row
from rung.explain.row_linear import draw_linear
from rung.explain.row_trees import draw_boosting, draw_forest, draw_tree
from rung.families import with_form
from rung.families.forms import BoostingForm, CurveForm, ForestForm, LinearForm, TreeForm
from rung.graph.picture import Graph
from rung.kinds.table.model import FittedModel, load_table_model

# By the form of a model, whatever family it is of.
DRAWERS: dict[type | None, Callable[[Row], Graph]] = {
    LinearForm: draw_linear,
    TreeForm: draw_tree,
    ForestForm: draw_forest,
    BoostingForm: draw_boosting,
    CurveForm: draw_additive,
}


@one_thread_each()
def graph_row(
    model: str | Path | FittedModel,
    row: int,
    *,
    data: object = None,
    options: ReadOptions | None = None,
) -> Graph:
    """Draw the prediction for one row as a graph.

    Parameters
    ----------
    model : path or FittedModel
        A model file, or a run folder that holds one.
    row : int
        Counted from 1, in the order of the table.
    data : path or frame, optional
        Table that holds the row; by default the file that the model was trained on, if a file of
        that name lies here.
    options : ReadOptions, optional
        How to read the table; None to find out.

    Returns
    -------
    Graph
        The sum of a linear or additive model; the path through a tree; the first trees of many and the sum
        of the rest.

    Raises
    ------
    UsageError
        If the family cannot be drawn, the table has no such row, or no table is given.
    """
    fitted = model if isinstance(model, FittedModel) else load_table_model(model)
    draw = DRAWERS.get(fitted.family.form)
    if draw is None:
        able = ", ".join(with_form(DRAWERS))
        raise UsageError(
            f"the prediction of a {fitted.family.name} model cannot be drawn; {able} can",
            "use rung inspect to see what the model holds",
        )
    source = _table(fitted) if data is None else data
    design = fitted.read(source, options=options).dataset
    if not 1 <= row <= design.n_rows:
        raise UsageError(
            f"row {row} is not in the table; it has {design.n_rows:,} rows, the first is 1",
            f"ask for --row 1 to --row {design.n_rows}",
        )
    name = Path(source).name if isinstance(source, str | Path) else "the table"
    return draw(Row(fitted, design, row, name))


def _table(model: FittedModel) -> Path:
    """Return the file that the model was trained on, if it lies here."""
    about = model.about.get("data", {})
    source = about.get("source") if isinstance(about, dict) else None
    if isinstance(source, str) and Path(source).is_file():
        return Path(source)
    said = f" ({source!r} is not here)" if source else ""
    raise DataError(
        f"a model file holds no table, and none is given{said}",
        "add --data with a table that has the model's columns",
    )
