"""Draw figures for papers and slides as SVG; the only place that knows matplotlib.

The report page draws its ladder itself, in percent of its width, because its text must stay
legible on a phone and follow the reader's colours. These figures are for other documents. Each
comes with the numbers behind it.
"""

from __future__ import annotations

import io
import re
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from importlib import import_module
from types import MappingProxyType

from rung.core.result import Result
from rung.errors import UsageError
from rung.report.drawing import score_picture
from rung.report.kernel import is_in_notebook
from rung.report.plots_ladder import FRAME_INCHES, INK, ROW_INCHES, draw_ladder, draw_training
from rung.report.sections import drawings_of
from rung.report.sections.section import Drawing
from rung.report.sections.training import training_numbers
from rung.report.summary import summarise
from rung.report.wording import TABLE
from rung.typing import JSON, Untyped

WIDTH_INCHES = 6.4
SETTINGS: Untyped = {
    "svg.hashsalt": "rung",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9.0,
    "text.parse_math": False,
}

PAPER, DARK_INK = "#ffffff", "#1a1a1a"
# How `rung figures` writes each figure; a file has no date, so that equal runs give equal bytes.
FORMATS: Mapping[str, JSON] = MappingProxyType(
    {
        "png": {"dpi": 200, "metadata": {"Software": None}},
        "svg": {"metadata": {"Date": None}},
        "pdf": {"metadata": {"CreationDate": None}},
    }
)


@dataclass(frozen=True)
class Figure:
    """A picture as SVG text, and the table that it shows.

    Attributes
    ----------
    svg : str
        A whole SVG file: no date, text kept as text, transparent, ink in `currentColor`.
    numbers : tuple of dict
        The table; of `ladder`, a row a family: `family`, `title`, `mean`, `low`, `high`,
        `is_choice`, `is_leader`.
    """

    svg: str
    numbers: tuple[JSON, ...]


def ladder(result: Result) -> Figure:
    """Draw every family's score with its interval, from simple (bottom) to complex.

    Parameters
    ----------
    result : Result
        Outcome of a run with at least one scored family.

    Returns
    -------
    Figure
        The same bytes for the same result and version of matplotlib.

    Examples
    --------
    >>> figure = ladder(run.result)  # doctest: +SKIP
    >>> Path("ladder.svg").write_text(figure.svg)  # doctest: +SKIP
    """
    picture = score_picture(summarise(result))
    rows = picture["numbers"]
    height = FRAME_INCHES + ROW_INCHES * len(rows)
    return _as_figure(lambda axes: draw_ladder(axes, picture), height, rows)


def _as_figure(draw: Callable[[Untyped], None], height: float, numbers: Sequence[JSON]) -> Figure:
    """Draw on a canvas of this height in inches, and keep the numbers."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Canvas

    with rc_context(SETTINGS), warnings.catch_warnings():
        # Text stays text, so the reader's fonts draw what ours lack.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        canvas = Canvas(figsize=(WIDTH_INCHES, height), layout="constrained")
        FigureCanvasSVG(canvas)
        axes = canvas.add_subplot()
        draw(axes)
        stream = io.StringIO()
        canvas.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    return Figure(_with_current_colour(stream.getvalue()), tuple(numbers))


def training(result: Result, family: str = "mlp") -> Figure:
    """Draw the losses of a family's training, pass by pass, one line a split.

    Parameters
    ----------
    result : Result
        Outcome of a run.
    family : str
        A family that records its training.

    Returns
    -------
    Figure
        Its numbers are rows of `split`, `kind`, `pass` and `loss`.

    Raises
    ------
    UsageError
        If the family recorded nothing.

    Examples
    --------
    >>> figure = training(run.result)  # doctest: +SKIP
    """
    entries = [entry for entry in result.ladder if entry.family == family]
    rows = training_numbers(entries[0]) if entries else []
    if not rows:
        able = [entry.family for entry in result.ladder if training_numbers(entry)]
        raise UsageError(
            f"family {family!r} recorded no training; those that did: {', '.join(able) or 'none'}",
            "name one of these, or train a network",
        )
    return _as_figure(lambda axes: draw_training(axes, rows, TABLE), 3.2, rows)


def _with_current_colour(svg: str) -> str:
    """Let the ink follow the document that the figure stands in, for dark pages too."""
    return re.sub(rf"{INK}(?=[;\"'])", "currentColor", svg)


def plot_ladder(result: Result, axes: Untyped = None) -> Untyped:
    """Draw the ladder on axes of matplotlib, new ones if none are given, and return them."""
    picture = score_picture(summarise(result))
    height = FRAME_INCHES + ROW_INCHES * len(picture["numbers"])
    axes = new_axes(height) if axes is None else axes
    draw_ladder(axes, picture)
    return axes


def new_axes(height: float = 4.0) -> Untyped:
    """Return axes of a new figure, which a notebook shows; where pyplot is loaded, it knows them."""
    if "matplotlib.pyplot" in sys.modules or is_in_notebook():
        pyplot: Untyped = import_module("matplotlib.pyplot")
        return pyplot.subplots(figsize=(WIDTH_INCHES, height), layout="constrained")[1]
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    canvas = Canvas(figsize=(WIDTH_INCHES, height), layout="constrained")
    FigureCanvasAgg(canvas)
    return canvas.add_subplot()


def new_panels(n: int, height: float) -> Sequence[Untyped]:
    """Return n axes side by side on a new figure, which a notebook shows."""
    canvas = new_axes(height).figure
    canvas.clear()
    return tuple(canvas.subplots(1, n, squeeze=False)[0])


def drawn(height: float, draw: Untyped) -> str:
    """Return what `draw` puts on a canvas of this height in inches, as a whole SVG file."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Canvas

    with rc_context(SETTINGS):
        canvas = Canvas(figsize=(WIDTH_INCHES, height), layout="constrained")
        FigureCanvasSVG(canvas)
        draw(canvas)
        stream = io.StringIO()
        canvas.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    return _with_current_colour(stream.getvalue())


def on_paper(svg: str) -> str:
    """Put a picture on white, in dark ink: a file of its own is readable on dark pages too.

    Examples
    --------
    >>> on_paper('<path style="fill: none"/><text style="fill: currentColor"/>')
    '<path style="fill: #ffffff"/><text style="fill: #1a1a1a"/>'
    """
    return svg.replace("fill: none", f"fill: {PAPER}", 1).replace("currentColor", DARK_INK)


def every_figure(result: Result) -> list[Drawing]:
    """Return every figure of the page of a run, in its order, each with a name of its own.

    Examples
    --------
    >>> [figure.name for figure in every_figure(run.result)][:2]  # doctest: +SKIP
    ['ladder', 'differences']
    """
    found: dict[str, Drawing] = {}
    for drawing in drawings_of(result, summarise(result)):
        name, n = drawing.name, 1
        while name in found:
            n += 1
            name = f"{drawing.name}-{n}"
        found[name] = replace(drawing, name=name)
    return list(found.values())


def file_of(drawing: Drawing, kind: str) -> bytes:
    """Return a figure as a file: on white, in dark ink, with its title and description.

    Parameters
    ----------
    drawing : Drawing
        What to draw.
    kind : str
        One of `FORMATS`.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    with rc_context({**SETTINGS, "pdf.fonttype": 42}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        canvas = Canvas(figsize=(drawing.width, drawing.height), layout="constrained")
        FigureCanvasAgg(canvas)
        drawing.draw(canvas.add_subplot())
        stream = io.BytesIO()
        canvas.savefig(stream, format=kind, facecolor=PAPER, **FORMATS[kind])
    found = stream.getvalue()
    return _described(found, drawing) if kind == "svg" else found


def _described(svg: bytes, drawing: Drawing) -> bytes:
    """Put a title and a description in the first element, for who cannot see it."""
    said = f"<title>{escape(drawing.title)}</title><desc>{escape(drawing.says)}</desc>"
    text = re.sub(
        r"<svg\b[^>]*>", lambda tag: f'{tag[0][:-1]} role="img">{said}', svg.decode(), count=1
    )
    return text.encode()
