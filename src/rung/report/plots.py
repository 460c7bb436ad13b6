"""Draw explanations on axes of matplotlib, for notebooks and papers.

Every function takes axes, draws data that are ready for JSON, and returns the axes.
"""

from __future__ import annotations

from collections.abc import Sequence

from rung.report import words
from rung.typing import JSON, Untyped

# Of Okabe & Ito (2008), which people of every colour vision tell apart.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")
GREY, ACCENT = "#68717e", COLOURS[0]
JUDGED = {"matters": ACCENT, "does not matter": GREY, "undecided": COLOURS[4]}


def tidy(axes: Untyped, x: str = "", y: str = "") -> Untyped:
    """Name the axes and take away the frame that says nothing."""
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def plot_importance(axes: Untyped, found: JSON, most: int = 15) -> Untyped:
    """Draw the metric when each column is shuffled, with intervals."""
    rows = found["columns"][:most][::-1]
    for height, row in enumerate(rows):
        colour = JUDGED[row["verdict"]]
        axes.hlines(height, row["low"], row["high"], color=colour, linewidth=2)
        axes.plot(row["metric"], height, "o", color=colour)
    axes.axvline(found["whole"], color=GREY, linestyle="--", linewidth=1)
    names = [f"{' + '.join(row['columns'])} ({row['verdict']})" for row in rows]
    axes.set_yticks(range(len(rows)), names)
    return tidy(axes, f"{words.metric_words(found['metric']).title} when shuffled")


def plot_effect(axes: Untyped, found: JSON, outputs: Sequence[str], target: str) -> Untyped:
    """Draw the mean prediction by a column, its band over folds, local effects, and the data."""
    is_number = all(not isinstance(place, str) for place in found["places"])
    xs = found["places"] if is_number else list(range(len(found["places"])))
    for k, (name, mean) in enumerate(zip(outputs, found["mean"], strict=True)):
        colour = COLOURS[k % len(COLOURS)]
        low, high = found["low"][k], found["high"][k]
        if is_number:
            axes.fill_between(xs, low, high, color=colour, alpha=0.2, linewidth=0)
            axes.plot(xs, mean, color=colour, label=name or "partial dependence")
            if found["local"] and len(outputs) == 1:
                local = found["local"][k]
                axes.plot(xs, local, "--", color=COLOURS[1], label="accumulated local effects")
        else:
            axes.vlines(xs, low, high, color=colour)
            axes.plot(xs, mean, "o", color=colour, label=name or "mean prediction")
    if not is_number:
        axes.set_xticks(xs, found["places"])
    axes.plot(xs, [0.01] * len(xs), "|", color=GREY, transform=axes.get_xaxis_transform())
    axes.legend(frameon=False)
    what = f"predicted {target}" if list(outputs) == [""] else "probability"
    unit = f" [{found['unit']}]" if found["unit"] else ""
    return tidy(axes, f"{found['column']}{unit}", what)


def plot_truth(axes: Untyped, found: JSON, target: str) -> Untyped:
    """Draw predicted against true values."""
    points = found["points"]
    both = [*points["true"], *points["predicted"]]
    axes.plot([min(both), max(both)], [min(both), max(both)], "--", color=GREY, linewidth=1)
    axes.plot(points["true"], points["predicted"], ".", color=ACCENT, alpha=0.6)
    return tidy(axes, f"true {target}", f"predicted {target}")


def plot_residuals(axes: Untyped, found: JSON, target: str) -> Untyped:
    """Draw predictions less truth by the prediction, with means of rows alike."""
    points, bins = found["points"], found["bins"]
    errors = [p - t for t, p in zip(points["true"], points["predicted"], strict=True)]
    axes.axhline(0.0, color=GREY, linestyle="--", linewidth=1)
    axes.plot(points["predicted"], errors, ".", color=ACCENT, alpha=0.5)
    xs, means = ([one[key] for one in bins] for key in ("predicted", "mean"))
    low, high = ([one[key] or one["mean"] for one in bins] for key in ("low", "high"))
    axes.vlines(xs, low, high, color=COLOURS[1], linewidth=2)
    axes.plot(xs, means, "o", color=COLOURS[1])
    return tidy(axes, f"predicted {target}", "prediction less truth")


def plot_calibration(axes: Untyped, found: JSON) -> Untyped:
    """Draw the share observed by the probability predicted, with intervals."""
    chances = found["calibration"]
    xs, ys, low, high = (
        [one[key] for one in chances["bins"]] for key in ("predicted", "observed", "low", "high")
    )
    axes.plot([0, 1], [0, 1], "--", color=GREY, linewidth=1)
    axes.vlines(xs, low, high, color=ACCENT)
    axes.plot(xs, ys, "o", color=ACCENT)
    axes.set_title(f"expected calibration error {chances['error']:.3f}", fontsize="medium")
    return tidy(axes, f"probability of {chances['of'] or 'the predicted class'}", "share observed")


def plot_roc(axes: Untyped, found: JSON) -> Untyped:
    """Draw ROC curves with the lowest and highest of folds."""
    axes.plot([0, 1], [0, 1], "--", color=GREY, linewidth=1)
    for k, one in enumerate(each for each in found["curves"] if each["roc"]):
        band, colour = one["roc"], COLOURS[k % len(COLOURS)]
        axes.fill_between(one["places"], band["low"], band["high"], color=colour, alpha=0.15)
        label = f"{one['class']}, area {one['area']:.3f}"
        axes.plot(one["places"], band["mean"], color=colour, label=label)
    axes.legend(frameon=False, loc="lower right")
    return tidy(axes, "false positive rate", "true positive rate")
