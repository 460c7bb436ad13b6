"""Draw figures for papers and slides as SVG; the only place that knows matplotlib.

The report page draws its ladder itself, in percent of its width, because its text must stay
legible on a phone and follow the reader's colours. These figures are for other documents. Each
comes with the numbers behind it.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rung.core.result import Result
from rung.report.drawing import score_picture
from rung.report.summary import summarise
from rung.typing import JSON, Untyped

if TYPE_CHECKING:
    from rung.nets.curve import CurveFit
    from rung.nets.descent import Descent

INK, SOFT, ACCENT, BAND, SEAL = "#1c222d", "#68717e", "#0a569f", "#cfe6dc", "#a3440c"
ROW_INCHES, FRAME_INCHES, WIDTH_INCHES = 0.42, 0.75, 6.4
PANELS_IN_A_ROW, PANEL_INCHES, MOST_POINTS, MOST_MARKS = 3, 1.9, 200, 400
SETTINGS: Untyped = {
    "svg.hashsalt": "rung",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9.0,
    "text.parse_math": False,
}


@dataclass(frozen=True)
class Figure:
    """A picture as SVG text, and the table that it shows.

    Attributes
    ----------
    svg : str
        A whole SVG file: no date, text kept as text, transparent, ink in `currentColor`.
    numbers : tuple of dict
        Of the ladder one row a family: `family`, `title`, `mean`, `low`, `high`, `is_choice`,
        `is_leader`.
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
    return Figure(
        _render(height, lambda canvas: _draw_ladder(canvas.add_subplot(), picture)), tuple(rows)
    )


def curves(fits: Sequence[CurveFit]) -> Figure:
    """Draw what sums of ReLUs make of the same points, one panel a fit.

    Parameters
    ----------
    fits : sequence of CurveFit
        From `rung.nets.fit_curve`, all on the same x and y.

    Returns
    -------
    Figure
        Numbers: `relus`, `mean_squared_error`, `kinks` inside the data, one row a fit. Of many
        points an even 200 or fewer are shown.
    """
    n_rows = -(-len(fits) // PANELS_IN_A_ROW)

    def draw(canvas: Untyped) -> None:
        panels = canvas.subplots(
            n_rows, min(len(fits), PANELS_IN_A_ROW), sharex=True, sharey=True, squeeze=False
        )
        for axes, fit in zip(panels.flat, fits, strict=False):
            _draw_curve(axes, fit)
        for axes in list(panels.flat)[len(fits) :]:
            axes.set_visible(False)

    numbers = tuple(
        {
            "relus": len(fit.curve.slope),
            "mean_squared_error": fit.mean_squared_error,
            "kinks": _inner_kinks(fit),
        }
        for fit in fits
    )
    return Figure(_render(0.4 + PANEL_INCHES * n_rows, draw), numbers)


def descents(walks: Mapping[str, Descent]) -> Figure:
    """Draw the loss of ways to descend: for each pass over the data, and for each step.

    Parameters
    ----------
    walks : mapping of str to Descent
        From `rung.nets.compare_descents`.

    Returns
    -------
    Figure
        Numbers, one row a walk: `name`, `steps`, `passes`, `rows_read`, `bytes_held`, `loss`.
    """
    shortest = min(len(walk.pass_losses) for walk in walks.values())

    def draw(canvas: Untyped) -> None:
        left, right = canvas.subplots(1, 2, sharey=True)
        for place, (name, walk) in enumerate(walks.items()):
            colour = (SEAL, ACCENT, SOFT)[place % 3]
            note = f"{name}: {walk.bytes_held / 1024:,.1f} KiB a step"
            left.plot(walk.pass_losses[:shortest], color=colour, linewidth=1.6, label=note)
            places = _thin(len(walk.step_losses), MOST_MARKS)
            # The first stays in front: few rows a step make a wide, restless line.
            right.plot(
                places, walk.step_losses[places], color=colour, linewidth=1, zorder=9 - place
            )
        left.set_xlabel("passes over the data", color=INK)
        right.set_xlabel("steps", color=INK)
        left.set_ylabel("mean squared error", color=INK)
        left.set_yscale("log")
        left.yaxis.set_major_formatter("{x:g}")
        left.yaxis.set_minor_formatter("")
        left.legend(frameon=False, labelcolor=INK)
        for axes in (left, right):
            _plain(axes)

    numbers = tuple(
        {
            "name": name,
            "steps": walk.steps,
            "passes": len(walk.pass_losses) - 1,
            "rows_read": walk.rows_read,
            "bytes_held": walk.bytes_held,
            "loss": float(walk.pass_losses[-1]),
            "loss_after_equal_passes": float(walk.pass_losses[shortest - 1]),
        }
        for name, walk in walks.items()
    )
    return Figure(_render(3.0, draw), numbers)


def _render(height: float, draw: Callable[[Untyped], None]) -> str:
    """Return what `draw` puts on a canvas of this height, as a whole SVG file."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Canvas

    with rc_context(SETTINGS), warnings.catch_warnings():
        # Text stays text, so the reader's fonts draw what ours lack.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        canvas = Canvas(figsize=(WIDTH_INCHES, height), layout="constrained")
        FigureCanvasSVG(canvas)
        draw(canvas)
        stream = io.StringIO()
        canvas.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    return _with_current_colour(stream.getvalue())


def _draw_curve(axes: Untyped, fit: CurveFit) -> None:
    order = np.argsort(fit.x, kind="stable")
    shown = order[_thin(len(order), MOST_POINTS)]
    axes.plot(fit.x[shown], fit.y[shown], ".", markersize=2.5, color=SOFT, alpha=0.6)
    # A sum of ReLUs is straight between its kinks: these points are the whole curve.
    ends = [float(fit.x.min()), float(fit.x.max())]
    kinks = _inner_kinks(fit)
    places = np.unique([*ends, *kinks])
    axes.plot(places, fit.curve.predict(places), color=ACCENT, linewidth=1.8)
    axes.plot(kinks, fit.curve.predict(np.array(kinks)), "o", markersize=3.5, color=ACCENT)
    n_relus = len(fit.curve.slope)
    axes.set_title(
        f"{n_relus} ReLU{'s' if n_relus > 1 else ''}: MSE {fit.mean_squared_error:.4f}",
        fontsize=9,
        color=INK,
    )
    _plain(axes)


def _inner_kinks(fit: CurveFit) -> list[float]:
    kinks = np.sort(fit.curve.kinks)
    return [float(each) for each in kinks if fit.x.min() < each < fit.x.max()]


def _thin(n_points: int, most: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.unique(np.linspace(0, n_points - 1, min(n_points, most)).astype(np.int64))


def _plain(axes: Untyped) -> None:
    axes.tick_params(colors=INK, length=3, which="both")
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
