"""The verbs on files and frames; what the shell, Python and the web call."""

from rung.explain.row import graph_row
from rung.export.formats import export_file, export_model
from rung.kinds.model_file import load
from rung.kinds.table.checks import check_table, list_checks
from rung.kinds.table.model import FittedModel
from rung.kinds.table.options import FitOptions
from rung.kinds.text.model import FittedText
from rung.kinds.text.options import TextOptions
from rung.kinds.text.samples import sample_file
from rung.workbench.lessons import draw_curves, draw_descents
from rung.workbench.run import Run
from rung.workbench.streaming import StreamFit, fit_stream
from rung.workbench.verbs import (
    fit,
    fit_partial,
    fit_to_folder,
    inspect_model,
    list_families,
    predict_file,
)

__all__ = [
    "FitOptions",
    "FittedModel",
    "FittedText",
    "Run",
    "StreamFit",
    "TextOptions",
    "check_table",
    "draw_curves",
    "draw_descents",
    "export_file",
    "export_model",
    "fit",
    "fit_partial",
    "fit_stream",
    "fit_to_folder",
    "graph_row",
    "inspect_model",
    "list_checks",
    "list_families",
    "load",
    "predict_file",
    "sample_file",
]
