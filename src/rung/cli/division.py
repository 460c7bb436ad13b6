"""Declare the options that say how rows depend on each other."""

from __future__ import annotations

from typing import Annotated, Any

import typer

COLUMNS = "Columns"
DIVISION = "Folds and sealed test"


def _division(text: str, metavar: str, panel: str = DIVISION) -> Any:
    return typer.Option(help=text, rich_help_panel=panel, metavar=metavar)


Groups = Annotated[
    list[str] | None,
    _division(
        "Keep rows of one group on one side of every split; a,b together are one.", "COL", COLUMNS
    ),
]
Gap = Annotated[
    str | None,
    _division("With --time: leave out rows this near to held-out ones (7d).", "LENGTH"),
]
Rolling = Annotated[
    str | None, _division("With --time: learn from this long before only (90d).", "LENGTH")
]
Space = Annotated[
    list[str] | None, _division("Hold out whole blocks: LONGITUDE,LATITUDE or X,Y.", "COL,COL")
]
BlockSize = Annotated[
    float | None,
    _division("With --space: side of a block, in degrees or the columns' unit.", "SIZE"),
]
Buffer = Annotated[
    float | None, _division("With --space: leave out rows this near to held-out ones.", "SIZE")
]
