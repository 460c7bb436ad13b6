"""Draw lessons: what sums of ReLUs bend to, and how losses fall by large and small steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from rung.report.figures import Figure, drawn
from rung.report.plots_ladder import ACCENT, INK, SEAL, SOFT
from rung.typing import Untyped

if TYPE_CHECKING:
    from rung.nets.lessons.curve import CurveFit
    from rung.nets.lessons.descent import Descent

PANELS_IN_A_ROW, PANEL_INCHES, MOST_POINTS, MOST_MARKS = 3, 1.9, 200, 400


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
    return Figure(drawn(0.4 + PANEL_INCHES * n_rows, draw), numbers)


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
    return Figure(drawn(3.0, draw), numbers)


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
