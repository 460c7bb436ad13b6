"""Write the paragraph of methods for a paper, and the works that it cites as BibTeX."""

from __future__ import annotations

from rung.core.independence import is_withheld
from rung.core.result import Result
from rung.report.filling import fill
from rung.report.left_out import rows_left_out
from rung.report.numbers import clean, count
from rung.report.references import bibtex
from rung.report.sections.section import Section
from rung.typing import JSON


def methods(result: Result, summary: JSON) -> str:
    """Return the methods of a run in sentences, with keys of BibTeX in square brackets."""
    parts = [_compared(result, summary), _excluded(result)]
    parts += [_sealed(result, summary), _divided(result, summary)]
    parts += [_judged(result, summary), _selected(result, summary), _tested(summary)]
    parts += [_warned(result), f"The seed was {result.seed}."]
    return " ".join(part for part in parts if part)


def _compared(result: Result, summary: JSON) -> str:
    data, words = summary["dataset"], summary["words"]
    version = clean(result.versions.get("rung", ""))
    of = f"{data['rows']} {words['units']}"
    if not words["facts"]:
        of += f" with {data['n_features']} features"
    n = len(summary["scored"])
    return (
        f"We compared {n} famil{'y' if n == 1 else 'ies'} of models for {summary['target']} "
        f"({summary['task']}; {of}) with rung {version} [rung]."
    )


def _excluded(result: Result) -> str:
    """Say which rows took no part, so that a reader can count them from the file on."""
    said = rows_left_out(result)
    return f"Not among these: {'; '.join(said)}." if said else ""


def _sealed(result: Result, summary: JSON) -> str:
    test, units = summary["test"], summary["words"]["units"]
    dependence = result.folds.dependence
    aside = (
        f" {count(dependence.n_aside)} more {units}, too near to these, were neither tested nor learned from."
        if dependence and dependence.n_aside
        else ""
    )
    if not test["is_sealed"]:
        return f"No held-out test set was kept ({test['reason'] or f'no {units} were set aside'})."
    return (
        f"{test['n']} {units} were set aside before any model was trained, as a held-out test set "
        f"(against leakage, see [kapoor2023]).{aside}"
    )


def _divided(result: Result, summary: JSON) -> str:
    folds = result.folds
    if folds.has_one_split:
        return (
            "Every family was trained once on the training part and compared on another part; "
            "hyper-parameters were chosen without that part."
        )
    repeated = f", repeated {folds.n_repeats} times" if folds.n_repeats > 1 else ""
    unit = clean(folds.unit)
    kept = "" if unit == "row" else f", in which what belongs to one {unit} stays together"
    units = summary["words"]["units"]
    others = "other " if summary["test"]["is_sealed"] else ""
    scored = (
        f"; {count(folds.n_scored)} of them were held out" if folds.n_scored < folds.n_rows else ""
    )
    return (
        f"On the {others}{count(folds.n_rows)} {units} all families were compared by "
        f"{folds.n_folds}-fold cross-validation with the same {clean(folds.kind)} "
        f"folds{repeated}{kept}{scored}. Preprocessing and hyper-parameters were learned inside the "
        "training rows of each fold (nested cross-validation [varma2006])."
    )


def _judged(result: Result, summary: JSON) -> str:
    metric, choice = summary["metric"], summary["choice"]
    unit = f" {metric['unit']}" if metric["unit"] else ""
    overlap = (
        ""
        if result.folds.has_one_split
        else ", corrected for overlapping training sets [nadeau2003]"
    )
    return (
        f"Families were judged by paired differences of their {summary['loss']} with 95% "
        f"intervals{overlap}, against an equivalence margin of {choice['margin']}{unit} in "
        f"{metric['title']} ({choice['margin_source'].replace('by you', 'in advance')})."
    )


def _selected(result: Result, summary: JSON) -> str:
    choice, metric = summary["choice"], summary["metric"]
    chosen = next((one for one in summary["scored"] if one["is_choice"]), None)
    if chosen is None or not chosen["score"]:
        return ""
    unit = f" {metric['unit']}" if metric["unit"] else ""
    where = "on the part that families were compared on"
    where = where if result.folds.has_one_split else summary["words"]["scored"]
    named = f"{choice['title']} ({metric['title']} {chosen['shown_score']}{unit}, {where})"
    of = "the simplest family" if result.choice.rule == "simplest" else "the best family"
    shown = f"is {of} that was shown to lose at most the margin against every rival"
    if choice["is_claim"]:
        return f"The selected model, {named}, {shown}."
    if choice["verdict"] == "as good":
        return f"The selected model, {named}, {shown}, but an alarm withholds that claim."
    return (
        "No family could be shown to lose at most the margin against every rival; the selected "
        f"model, {named}, is {choice['rule']}, and the comparison is inconclusive."
    )


def _tested(summary: JSON) -> str:
    test, metric = summary["test"], summary["metric"]
    row = next((one for one in test["rows"] if one["role"] == "choice"), None)
    if not test["is_sealed"] or row is None or not row["score"]:
        return ""
    unit = f" {metric['unit']}" if metric["unit"] else ""
    score = row["score"]
    again = " The test set had been opened before." if test["openings"]["again"] else ""
    return (
        f"On the held-out test set its {metric['title']} was {score['value']}{unit} "
        f"({score['level']} interval {score['range']}).{again}"
    )


def _warned(result: Result) -> str:
    if not is_withheld(result):
        return ""
    return "The rows are not independent, so that these scores may not hold for new rows."


def paper(result: Result, summary: JSON) -> JSON:
    """Return the paragraph and the entries."""
    return {"methods": methods(result, summary), "bibtex": bibtex(result)}


def render(data: JSON, result: Result) -> str:
    """Return both, ready to be copied."""
    return fill("paper.html.j2", paper=data)


SECTION = Section(
    name="paper",
    title="For the paper",
    position=1760,
    data=paper,
    render=render,
)
