"""The verbs on files and frames; what the shell, Python and the web call."""

from rung.workbench.checks import check_table, list_checks
from rung.workbench.export import export_file, export_model
from rung.workbench.fitted import FittedModel
from rung.workbench.lessons import draw_curves, draw_descents
from rung.workbench.options import FitOptions
from rung.workbench.row_graph import graph_row
from rung.workbench.run import Run
from rung.workbench.streaming import StreamFit, fit_stream
from rung.workbench.text_model import FittedText
from rung.workbench.text_options import TextOptions
from rung.workbench.text_run import TextRun
from rung.workbench.text_verbs import fit_text, fit_text_to_folder, sample_file
from rung.workbench.verbs import (
    fit,
    fit_to_folder,
    inspect_model,
    list_families,
    load,
    predict_file,
)

__all__ = [
    "FitOptions",
    "FittedModel",
    "FittedText",
    "Run",
    "StreamFit",
    "TextOptions",
    "TextRun",
    "check_table",
    "draw_curves",
    "draw_descents",
    "export_file",
    "export_model",
    "fit",
    "fit_stream",
    "fit_text",
    "fit_text_to_folder",
    "fit_to_folder",
    "graph_row",
    "inspect_model",
    "list_checks",
    "list_families",
    "load",
    "predict_file",
    "sample_file",
]
