"""Hold predictions against the truth: points and residuals of values, chances of classes, rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from rung.core.result import Result
from rung.report import plots
from rung.report.filling import fill
from rung.report.numbers import clean, count, interval, percent
from rung.report.panel import Axis, Panel, axis_of, brief
from rung.report.sections.section import Drawing, Section, file_name
from rung.typing import JSON

SHARE = Axis(0.0, 1.0, tuple((i / 5, brief(i / 5)) for i in range(6)))
TALL = 240


def truth_pictures(result: Result) -> list[JSON] | None:
    """Return the pictures of the choice and the leader; None where there are none."""
    found = result.sections.get("truth") or []
    draw = _classes if result.classes else _values
    return [{"title": clean(one["title"]), **draw(result, one)} for one in found] or None


def _values(result: Result, found: JSON) -> JSON:
    residual, quantiles = found["residual"], found["residual"]["quantiles"]
    bias = interval(residual["mean"], residual["low"] or 0.0, residual["high"] or 0.0)
    half = f"{brief(quantiles[1])} to {brief(quantiles[3])}"
    most = f"{brief(quantiles[0])} to {brief(quantiles[4])}"
    n_points = len(found["points"]["true"])
    return {
        "kind": "values",
        "panels": _scatters(result, found),
        "facts": [
            f"on average the prediction is off by {bias['value']} ({bias['range']})",
            f"half of the rows are off by {half}, nine in ten by {most}",
        ],
        "n_rows": count(found["n_rows"]),
        "n_points": count(n_points),
        "head": ["Predicted about", "Rows", "Mean of prediction less truth", "95% interval"],
        "rows": [
            [brief(one["predicted"]), count(one["n"]), brief(one["mean"]), _range(one)]
            for one in found["bins"]
        ],
        "largest": {
            "head": ["Row", "Fold", "True", "Predicted", "Off by"],
            "rows": [
                [clean(one["row"]), one["fold"], *(brief(one[k]) for k in _OF_VALUE)]
                for one in found["largest"]
            ],
        },
        "alternative": f"Predicted against true {clean(result.target)} of {n_points} rows; the "
        f"residuals have the mean {bias['value']} and the deviation {brief(residual['deviation'])}.",
    }


_OF_VALUE = ("true", "predicted", "error")


def _scatters(result: Result, found: JSON) -> list[JSON]:
    """Return predicted against true, and residuals with their means, as two panels."""
    points, bins = found["points"], found["bins"]
    unit = next((one.unit for one in result.dataset.columns if one.name == result.target), "")
    of = f" [{clean(unit)}]" if unit else ""
    both = [*points["true"], *points["predicted"]]
    scatter = Panel(axis_of(both, f"true {clean(result.target)}{of}"), axis_of(both), TALL)
    ends = [scatter.x.low, scatter.x.high]
    errors = [p - t for t, p in zip(points["true"], points["predicted"], strict=True)]
    low, high = (
        [one["mean"] if one[key] is None else one[key] for one in bins] for key in ("low", "high")
    )
    below = Panel(
        axis_of(points["predicted"], f"predicted{of}"), axis_of([*errors, *low, *high, 0.0]), TALL
    )
    middles = [one["predicted"] for one in bins]
    first = scatter.svg(
        scatter.line(ends, ends, "guide"), scatter.points(points["true"], points["predicted"])
    )
    second = below.svg(
        below.line([below.x.low, below.x.high], [0.0, 0.0], "guide"),
        below.points(points["predicted"], errors),
        below.ranges(middles, low, high, "range c1"),
        below.points(middles, [one["mean"] for one in bins], "means c1"),
    )
    return [_box("Predicted against true", first), _box("Prediction less truth", second)]


def _range(one: JSON) -> str:
    if one["low"] is None:
        return "one row"
    return f"{brief(one['low'])} to {brief(one['high'])}"


def _box(title: str, svg: str, note: str = "") -> JSON:
    return {"title": title, "svg": svg, "note": note}


def _classes(result: Result, found: JSON) -> JSON:
    chances = found["calibration"]
    bins, curves = chances["bins"], [one for one in found["curves"] if one["roc"]]
    of = f"probability of {clean(chances['of']) or 'the predicted class'}"
    error = percent(chances["error"])
    areas = (
        f"ROC of {clean(one['class'])}: area {brief(one['area'])}, of folds "
        f"{brief(one['area_low'])} to {brief(one['area_high'])}."
        for one in curves
    )
    return {
        "kind": "classes",
        "panels": [_calibration(bins, of, error), *_curves(curves)],
        "classes": [clean(one["class"]) for one in curves] if len(curves) > 1 else [],
        "facts": [f"the {of} is off by {error} on average (expected calibration error)"],
        "n_rows": count(found["n_rows"]),
        "head": ["Predicted", "Rows", "Observed", "95% interval"],
        "rows": [
            [brief(one["predicted"]), count(one["n"]), brief(one["observed"]), _range(one)]
            for one in bins
        ],
        **_tables(found, curves),
        "alternative": " ".join([f"Calibration, with an expected error of {error}.", *areas]),
    }


def _tables(found: JSON, curves: Sequence[JSON]) -> JSON:
    """Return the tables of the curves, of the rows that are mistaken, and of the worst rows."""
    head = ["Class", "False positives, or recall", "True positives", "of folds", "Precision"]
    return {
        "curves": {
            "head": [*head, "of folds"],
            "rows": [row for one in curves for row in _curve_rows(one)],
        },
        "mistakes": {
            "head": ["True", "Predicted", "Rows", "Which"],
            "rows": [
                [clean(one["true"]), clean(one["predicted"]), count(one["n"]), _listed(one)]
                for one in found["mistakes"]
            ],
        },
        "largest": {
            "head": ["Row", "Fold", "True", "Predicted", "Probability of the true class"],
            "rows": [
                [
                    clean(one["row"]),
                    one["fold"],
                    *(clean(one[key]) for key in ("true", "predicted")),
                    brief(one["probability"]),
                ]
                for one in found["largest"]
            ],
        },
    }


def _listed(one: JSON) -> str:
    more = "" if len(one["rows"]) == one["n"] else "; …"
    return "; ".join(clean(row) for row in one["rows"]) + more


def _calibration(bins: Sequence[JSON], of: str, error: str) -> JSON:
    panel = Panel(_titled(of), SHARE, TALL)
    middles = [one["predicted"] for one in bins]
    return _box(
        "Calibration: share observed",
        panel.svg(
            panel.line([0.0, 1.0], [0.0, 1.0], "guide"),
            panel.ranges(middles, [one["low"] for one in bins], [one["high"] for one in bins]),
            panel.points(middles, [one["observed"] for one in bins], "means"),
        ),
        f"expected calibration error {error}",
    )


def _titled(title: str) -> Axis:
    return Axis(SHARE.low, SHARE.high, SHARE.ticks, title)


def _curves(curves: Sequence[JSON]) -> list[JSON]:
    """Return ROC and precision against recall, one colour a class."""
    if not curves:
        return []
    roc, recall = (
        Panel(_titled("false positive rate"), SHARE, TALL),
        Panel(_titled("recall"), SHARE, TALL),
    )
    drawn: list[Any] = [[roc.line([0.0, 1.0], [0.0, 1.0], "guide")], []]
    for i, one in enumerate(curves):
        for marks, panel, name in ((drawn[0], roc, "roc"), (drawn[1], recall, "precision")):
            band = one[name]
            marks += [
                panel.area(one["places"], band["low"], band["high"], f"c{i}"),
                panel.line(one["places"], band["mean"], f"c{i}"),
            ]
        drawn[1].append(recall.line([0.0, 1.0], [one["share"]] * 2, "guide"))
    areas = ", ".join(brief(round(one["area"], 3)) for one in curves)
    shares = ", ".join(percent(one["share"]) for one in curves)
    return [
        _box("ROC: true positive rate", roc.svg(*drawn[0]), f"area {areas}"),
        _box("Precision at a recall", recall.svg(*drawn[1]), f"dashed: share of rows, {shares}"),
    ]


def _curve_rows(one: JSON) -> list[list[str]]:
    return [
        [
            clean(one["class"]),
            brief(place),
            *(
                text
                for name in ("roc", "precision")
                for text in (
                    brief(one[name]["mean"][i]),
                    f"{brief(one[name]['low'][i])} to {brief(one[name]['high'][i])}",
                )
            ),
        ]
        for i, place in enumerate(one["places"])
    ]


def render(pictures: list[JSON], result: Result) -> str:
    """Return the panels and the tables behind them."""
    return fill("truth.html.j2", pictures=pictures)


def truth_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return the figures of the choice and the leader, each panel of the page as one."""
    found = result.sections.get("truth") or []
    drawn = []
    for one, picture in zip(found, truth_pictures(result) or [], strict=True):
        panels = _class_plots(one) if result.classes else _value_plots(one, result.target)
        drawn += [
            Drawing(
                name=file_name(name, one["family"]),
                title=f"{picture['title']}: {title}",
                says=picture["alternative"],
                draw=draw,
                width=4.6,
                height=4.2,
            )
            for name, title, draw in panels
        ]
    return drawn


def _value_plots(found: JSON, target: str) -> list[tuple[str, str, Callable[..., object]]]:
    return [
        ("truth", "predicted against true", partial(plots.plot_truth, found=found, target=target)),
        (
            "residuals",
            "prediction less truth",
            partial(plots.plot_residuals, found=found, target=target),
        ),
    ]


def _class_plots(found: JSON) -> list[tuple[str, str, Callable[..., object]]]:
    drawn: list[tuple[str, str, Callable[..., object]]] = [
        ("calibration", "calibration", partial(plots.plot_calibration, found=found))
    ]
    if any(one["roc"] for one in found["curves"]):
        drawn += [
            ("roc", "ROC curves", partial(plots.plot_roc, found=found)),
            ("precision", "precision by recall", partial(plots.plot_precision, found=found)),
        ]
    return drawn


SECTION = Section(
    name="truth",
    title="Predictions against the truth",
    position=1400,
    data=lambda result, summary: truth_pictures(result),
    render=render,
    drawings=truth_drawings,
)
