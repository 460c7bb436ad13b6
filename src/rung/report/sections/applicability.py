"""Show where the model applies: which rows to predict are unlike those that it learned from."""

from __future__ import annotations

from html import escape

from rung.core.result import Result
from rung.report.numbers import clean, count, interval, percent, signed
from rung.report.sections.section import Section
from rung.typing import JSON

DENSITIES = {
    "gaussian": "one Gaussian",
    "mixture": "a mixture of Gaussians",
    "dependence_tree": "a dependence tree",
}


def applicability_sentences(found: JSON) -> list[str]:
    """Say what likeness is, how often rows are called by mistake, and what unlikeness costs."""
    n_left = found["n_features"] - len(found["columns"])
    left = f" ({count(n_left)} have no place in it)" if n_left else ""
    n_columns = len(found["columns"])
    density = (
        f"The model file holds a density of {count(n_columns)} feature{'s' * (n_columns != 1)}"
        f"{left}, learned on {count(found['rows'])} training rows: {DENSITIES[found['density']]}, "
        "which made held-out rows more probable than the others tried."
    )
    likeness = (
        "The likeness of a row to predict is the share of "
        f"{count(found['ranked_by'])} held-out rows that are as improbable; up to "
        f"{found['level']:.2g} the row is called unlike the training rows, and so is that share of "
        "rows like them."
    )
    said = [density, likeness]
    if found["sealed"]:
        one = found["sealed"]
        said.append(
            f"Measured on the {count(one['rows'])} sealed rows: {count(one['called'])} are called, "
            f"{percent(one['rate'])} (95% interval {percent(one['low'])} to "
            f"{percent(one['high'])})."
        )
    if found["loss"]:
        said.append(_loss_sentence(found["loss"]))
    said.append(
        "A row that is like the training rows can still be predicted wrongly: what no feature holds "
        "is not seen here."
    )
    return said


def _loss_sentence(loss: JSON) -> str:
    few, rest = (
        interval(loss[key], loss[key], loss[key])["value"] for key in ("least_like", "rest")
    )
    gap = loss["difference"]
    shown = interval(gap["mean"], gap["low"], gap["high"])
    is_worse, is_better = gap["low"] > 0, gap["high"] < 0
    verdict = "worse" if is_worse else "better" if is_better else "no different for certain"
    return (
        f"In the tenth of {count(loss['rows'])} held-out rows that is least like the others the "
        f"choice is {verdict}: {loss['named']} {few}, of the rest {rest}; difference "
        f"{signed(str(shown['value']))} ({shown['range']})."
    )


def render(found: JSON, result: Result) -> str:
    """Return the sentences."""
    first, *rest = (escape(clean(one), quote=True) for one in applicability_sentences(found))
    return f'<p class="lead">{first}</p>' + "".join(f"<p>{one}</p>" for one in rest)


SECTION = Section(
    name="applicability",
    title="Where the model applies",
    position=1495,
    render=render,
    terms=("interval",),
)
