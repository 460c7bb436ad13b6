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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from rung.core.result import Result
from rung.errors import UsageError
from rung.report.drawing import score_picture
from rung.report.kernel import is_in_notebook
from rung.report.sections.training import training_numbers
from rung.report.summary import summarise
from rung.report.wording import TABLE
from rung.typing import JSON, Untyped

INK, SOFT, ACCENT, BAND, SEAL = "#1c222d", "#68717e", "#0a569f", "#cfe6dc", "#a3440c"
ROW_INCHES, FRAME_INCHES, WIDTH_INCHES = 0.42, 0.75, 6.4
SETTINGS: Untyped = {
    "svg.hashsalt": "rung",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9.0,
    "text.parse_math": False,
}

PAPER, DARK_INK = "#ffffff", "#1a1a1a"


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
    return _as_figure(lambda axes: _draw_ladder(axes, picture), height, rows)


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
    return _as_figure(lambda axes: _draw_training(axes, rows), 3.2, rows)


def _draw_training(axes: Untyped, rows: Sequence[JSON]) -> None:
    colours = {"inner_loss": SOFT, "inner_held_loss": SEAL, "final_loss": ACCENT}
    lines: dict[tuple[int, str], list[JSON]] = {}
    for row in rows:
        lines.setdefault((row["split"], row["kind"]), []).append(row)
    named: set[str] = set()
    for (_, kind), line in lines.items():
        label = "_nolegend_" if kind in named else TABLE.curves[kind]
        named.add(kind)
        passes, losses = [row["pass"] for row in line], [row["loss"] for row in line]
        axes.plot(passes, losses, color=colours[kind], linewidth=1.2, label=label)
    axes.set_yscale("log")
    axes.set_xlabel("passes over the rows", color=INK)
    axes.set_ylabel("loss", color=INK)
    axes.tick_params(colors=INK, which="both", length=3)
    axes.legend(frameon=False, labelcolor=INK, fontsize=8)
    for name, spine in axes.spines.items():
        spine.set_visible(name in ("bottom", "left"))
        spine.set_color(SOFT)


def _draw_ladder(axes: Untyped, picture: JSON) -> None:
    if picture["band"]:
        band = picture["band"]
        axes.axvspan(band["low"], band["high"], color=BAND, linewidth=0)
    for height, row in enumerate(picture["numbers"]):
        if row["mean"] is not None:
            _draw_row(axes, height, row)
    axes.set_yticks(range(len(picture["numbers"])), [_label(row) for row in picture["numbers"]])
    axes.set_ylim(-0.6, len(picture["numbers"]) - 0.4)
    axes.set_xlabel(picture["axis"], color=INK)
    axes.tick_params(colors=INK, length=3)
    for name, spine in axes.spines.items():
        spine.set_visible(name == "bottom")
        spine.set_color(SOFT)


def _draw_row(axes: Untyped, height: int, row: JSON) -> None:
    colour = ACCENT if row["is_choice"] else SOFT
    axes.hlines(height, row["low"], row["high"], color=colour, linewidth=2)
    is_open = row["is_leader"] and not row["is_choice"]
    face = "white" if is_open else colour
    axes.plot(row["mean"], height, "o", markersize=7, markerfacecolor=face, markeredgecolor=colour)
    tested = row["test"]
    if tested:
        axes.hlines(height - 0.28, tested["low"], tested["high"], color=SEAL, linewidth=1)
        axes.plot(tested["mean"], height - 0.28, "D", markersize=4.5, color=SEAL)


def _label(row: JSON) -> str:
    marks = [word for key, word in (("is_choice", "choice"), ("is_leader", "leader")) if row[key]]
    return f"{row['title']} ({', '.join(marks)})" if marks else str(row["title"])


def _with_current_colour(svg: str) -> str:
    """Let the ink follow the document that the figure stands in, for dark pages too."""
    return re.sub(rf"{INK}(?=[;\"'])", "currentColor", svg)


def plot_ladder(result: Result, axes: Untyped = None) -> Untyped:
    """Draw the ladder on axes of matplotlib, new ones if none are given, and return them."""
    picture = score_picture(summarise(result))
    height = FRAME_INCHES + ROW_INCHES * len(picture["numbers"])
    axes = new_axes(height) if axes is None else axes
    _draw_ladder(axes, picture)
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
