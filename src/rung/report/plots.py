"""Draw explanations on axes of matplotlib, for notebooks and papers.

Every function takes axes, draws data that are ready for JSON, and returns the axes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rung.report import words
from rung.report.numbers import clean, shorten
from rung.typing import JSON, Untyped

# Of Okabe & Ito (2008), which people of every colour vision tell apart.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")
GREY, ACCENT, BAND = "#68717e", COLOURS[0], "#cfe6dc"
LONGEST = 18
# Lines that print alike are told apart without colour.
STYLES = ("-", "--", ":", "-.")
MANY_LETTERS = 60
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
    names = [f"{' + '.join(map(clean, row['columns']))} ({row['verdict']})" for row in rows]
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
            own = {"color": colour, "label": clean(name) or "partial dependence"}
            axes.plot(xs, mean, STYLES[k % len(STYLES)], **own)
            if found["local"] and len(outputs) == 1:
                local = found["local"][k]
                axes.plot(xs, local, "--", color=COLOURS[1], label="accumulated local effects")
        else:
            axes.vlines(xs, low, high, color=colour)
            axes.plot(xs, mean, "o", color=colour, label=clean(name) or "mean prediction")
    if not is_number:
        names = [shorten(clean(one), LONGEST) for one in found["places"]]
        is_long = sum(map(len, names)) > MANY_LETTERS
        turned = {"rotation": 30, "ha": "right"} if is_long else {}
        axes.set_xticks(xs, names, **turned)
    axes.plot(xs, [0.01] * len(xs), "|", color=GREY, transform=axes.get_xaxis_transform())
    axes.legend(frameon=False)
    what = f"predicted {clean(target)}" if list(outputs) == [""] else "probability"
    unit = f" [{clean(found['unit'])}]" if found["unit"] else ""
    return tidy(axes, f"{clean(found['column'])}{unit}", what)


def plot_truth(axes: Untyped, found: JSON, target: str) -> Untyped:
    """Draw predicted against true values."""
    points = found["points"]
    both = [*points["true"], *points["predicted"]]
    axes.plot([min(both), max(both)], [min(both), max(both)], "--", color=GREY, linewidth=1)
    axes.plot(points["true"], points["predicted"], ".", color=ACCENT, alpha=0.6)
    return tidy(axes, f"true {clean(target)}", f"predicted {clean(target)}")


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
    return tidy(axes, f"predicted {clean(target)}", "prediction less truth")


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
    return tidy(
        axes, f"probability of {clean(chances['of']) or 'the predicted class'}", "share observed"
    )


def plot_roc(axes: Untyped, found: JSON) -> Untyped:
    """Draw ROC curves with the lowest and highest of folds."""
    axes.plot([0, 1], [0, 1], "--", color=GREY, linewidth=1)
    for k, one in enumerate(each for each in found["curves"] if each["roc"]):
        band, colour = one["roc"], COLOURS[k % len(COLOURS)]
        axes.fill_between(one["places"], band["low"], band["high"], color=colour, alpha=0.15)
        label = f"{clean(one['class'])}, area {one['area']:.3f}"
        axes.plot(one["places"], band["mean"], STYLES[k % len(STYLES)], color=colour, label=label)
    axes.legend(frameon=False, loc="lower right")
    return tidy(axes, "false positive rate", "true positive rate")


def plot_precision(axes: Untyped, found: JSON) -> Untyped:
    """Draw precision by recall with the lowest and highest of folds."""
    for k, one in enumerate(each for each in found["curves"] if each["roc"]):
        band, colour = one["precision"], COLOURS[k % len(COLOURS)]
        axes.axhline(one["share"], color=colour, linestyle=":", linewidth=1)
        axes.fill_between(one["places"], band["low"], band["high"], color=colour, alpha=0.15)
        own = {"color": colour, "label": clean(one["class"])}
        axes.plot(one["places"], band["mean"], STYLES[k % len(STYLES)], **own)
    axes.legend(frameon=False)
    return tidy(axes, "recall", "precision")


def plot_differences(axes: Untyped, picture: JSON) -> Untyped:
    """Draw how much worse than the leader every family is, as far as the page shows it."""
    rows = picture["numbers"]
    if picture["band"]:
        axes.axvspan(picture["band"]["low"], picture["band"]["high"], color=BAND, linewidth=0)
    axes.axvline(0.0, color=GREY, linestyle="--", linewidth=1)
    low, high = picture["ends"]
    for height, row in enumerate(rows):
        colour = ACCENT if row["is_choice"] else GREY
        if row["mean"] is None or row["mean"] > high:
            axes.plot(high, height, ">", color=colour, clip_on=False)
            continue
        axes.hlines(height, row["low"], row["high"], color=colour, linewidth=2)
        axes.plot(row["mean"], height, "o", color=colour)
    axes.set_xlim(low, high)
    axes.set_yticks(range(len(rows)), [row["title"] for row in rows])
    return tidy(axes, picture["axis"])


def plot_gaps(axes: Untyped, found: Sequence[JSON], metric: str) -> Untyped:
    """Draw the score on training rows beside the score on held-out rows, a line a family."""
    for height, one in enumerate(found):
        training, held_out = one["training"]["mean"], one["held_out"]["mean"]
        axes.hlines(height, *sorted((training, held_out)), color=GREY, linewidth=2)
        own = {"label": "rows that it learned from"} if height == 0 else {}
        axes.plot(training, height, "o", color=GREY, markerfacecolor="white", **own)
        own = {"label": "rows that it has not seen"} if height == 0 else {}
        axes.plot(held_out, height, "o", color=ACCENT, **own)
    axes.set_yticks(range(len(found)), [clean(one["title"]) for one in found])
    axes.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return tidy(axes, metric)


def plot_confusion(axes: Untyped, matrix: JSON) -> Untyped:
    """Draw a confusion matrix: shades and percentages of the true class, and counts."""
    names = [shorten(name, LONGEST) for name in matrix["classes"]]
    shares = [[cell["part"] for cell in row["cells"]] for row in matrix["rows"]]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for i, row in enumerate(matrix["rows"]):
        for j, cell in enumerate(row["cells"]):
            ink = "white" if cell["part"] > 0.6 else "#1a1a1a"
            text = f"{cell['count']}\n{cell['share']}"
            axes.text(j, i, text, ha="center", va="center", color=ink)
    axes.set_xticks(range(len(names)), names, rotation=30 if max(map(len, names)) > 8 else 0)
    axes.set_yticks(range(len(names)), names)
    return tidy(axes, "predicted class", "true class")


def plot_blocks(axes: Untyped, blocks: Sequence[Any], names: Sequence[str]) -> Untyped:
    """Draw blocks where their rows lie, each with the number of the fold that holds it out."""
    for fold in sorted({block.fold for block in blocks}):
        own = [block for block in blocks if block.fold == fold]
        at = [block.across for block in own], [block.up for block in own]
        if fold < 0:
            label = "sealed" if fold == -1 else "set aside"
            marker = "s" if fold == -1 else "x"
            axes.plot(*at, marker, color=GREY, markerfacecolor="none", label=label)
            continue
        axes.plot(*at, "o", color=COLOURS[fold % len(COLOURS)], markersize=9)
        for x, y in zip(*at, strict=True):
            axes.text(x, y, str(fold + 1), ha="center", va="center", fontsize=6, color="white")
    if any(block.fold < 0 for block in blocks):
        axes.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return tidy(axes, *names)
