"""Fill the model card from the run; what a run cannot know is left open, never invented.

Source: Mitchell et al. (2019), Model Cards for Model Reporting; its parts are the phases of
CRISP-DM.
"""

from __future__ import annotations

from typing import NamedTuple

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.left_out import rows_left_out
from rung.report.numbers import count
from rung.report.sections.section import Section
from rung.typing import JSON

MOST_NAMES = 12


class CardAnswer(NamedTuple):
    """A question of the card; an empty answer is to be given by a person."""

    asked: str
    answer: str = ""


def model_card(result: Result, summary: JSON) -> dict[str, list[CardAnswer]]:
    """Return the questions of each part of the card, in the order of CRISP-DM."""
    return {
        "Question": _question(summary),
        "Data": _data(result, summary),
        "Preparation": _preparation(result, summary),
        "Modelling": _modelling(result, summary),
        "Evaluation": _evaluation(summary),
        "Deployment": _deployment(result),
        "Ethics": _ethics(),
    }


def _question(summary: JSON) -> list[CardAnswer]:
    metric, choice = summary["metric"], summary["choice"]
    unit = f" {metric['unit']}" if metric["unit"] else ""
    return [
        CardAnswer("What is predicted?", f"{summary['target']} ({summary['task']})"),
        CardAnswer("What is it predicted from?", summary["dataset"]["source"]),
        CardAnswer("How is success measured?", f"{metric['title']}, {metric['better']}"),
        CardAnswer(
            "Which difference matters?", f"{choice['margin']}{unit}, {choice['margin_source']}"
        ),
        CardAnswer("What will predictions be used for, and what must they not be used for?"),
        CardAnswer("What does a wrong prediction cost, and whom?"),
    ]


def _data(result: Result, summary: JSON) -> list[CardAnswer]:
    data, words = summary["dataset"], summary["words"]
    size = f"{data['rows']} {words['units']}"
    if not words["facts"]:
        size += f", {data['n_columns']} columns, {data['n_features']} of them features"
    alarms = sum(one["severity"] == "alarm" for one in summary["findings"])
    return [
        CardAnswer("How much is there?", size),
        CardAnswer(
            "What was found to be wrong with it?",
            f"{count(len(summary['findings']))} findings, {count(alarms)} of them alarms",
        ),
        CardAnswer("Which data exactly?", f"fingerprint {data['fingerprint']}"),
        CardAnswer("Who collected the data, when, where, and how were they sampled?"),
        CardAnswer("How was the target measured, and how well?"),
    ]


def _preparation(result: Result, summary: JSON) -> list[CardAnswer]:
    left_out = [column["name"] for column in summary["dataset"]["columns"] if _is_out(column)]
    shown = ", ".join(left_out[:MOST_NAMES]) or "none"
    more = f" and {len(left_out) - MOST_NAMES} more" if len(left_out) > MOST_NAMES else ""
    answers = [
        CardAnswer(
            "How were the data divided?",
            f"{summary['folds']['kind']}; the unit is: {summary['folds']['unit']}",
        ),
        CardAnswer(
            "What was learned from data beside the models?",
            "what each family needs, such as scaling and coding of categories, from the training "
            "part of each fold alone",
        ),
    ]
    if not summary["words"]["facts"]:
        answers += [
            CardAnswer("Which columns took no part?", f"{shown}{more}"),
            CardAnswer("Which rows took no part?", "; ".join(rows_left_out(result)) or "none"),
        ]
    return [*answers, CardAnswer("What was changed in the data before this run?")]


def _is_out(column: JSON) -> bool:
    return column["role"] not in ("feature", "target")


def _modelling(result: Result, summary: JSON) -> list[CardAnswer]:
    chosen = next((one for one in summary["scored"] if one["is_choice"]), None)
    tried = ", ".join(one["title"] for one in summary["scored"])
    settings = "; ".join(chosen["settings"]) if chosen else ""
    return [
        CardAnswer("Which families were compared?", tried),
        CardAnswer(
            "Which one was selected, and why?",
            f"{summary['choice']['title']}, as {summary['choice']['rule']}; "
            f"{summary['choice']['verdict']}: {summary['choice']['verdict_words']}",
        ),
        CardAnswer("With which hyper-parameters?", settings or "it has none"),
        CardAnswer("With which seed?", str(result.seed)),
    ]


def _evaluation(summary: JSON) -> list[CardAnswer]:
    metric, test = summary["metric"], summary["test"]
    chosen = next((one for one in summary["scored"] if one["is_choice"]), None)
    tested = next((one for one in test["rows"] if one["role"] == "choice"), None)
    unit = f" {metric['unit']}" if metric["unit"] else ""
    held = f"none: {test['reason'] or 'nothing was set aside'}"
    if test["is_sealed"] and tested and tested["score"]:
        score = tested["score"]
        held = f"{score['value']}{unit} ({score['level']} interval {score['range']}), {test['n']} {test['counted']}"
    own = f"{chosen['shown_score']}{unit}" if chosen and chosen["score"] else "none"
    return [
        CardAnswer(f"{metric['title']}, {summary['words']['scored']}", own),
        CardAnswer(f"{metric['title']} on the held-out test set", held),
        CardAnswer("Is that good enough for the purpose?"),
        CardAnswer("Does it hold on data from elsewhere, or from later?"),
    ]


def _deployment(result: Result) -> list[CardAnswer]:
    return [
        CardAnswer(
            "What is handed over?", "model.rung, read by rung predict; no code is run by it"
        ),
        CardAnswer("Who watches whether new data are like these, and how?"),
        CardAnswer("When is the model trained again, and when is it withdrawn?"),
    ]


def _ethics() -> list[CardAnswer]:
    return [
        CardAnswer("Do the data speak of people, and did these agree to this use?"),
        CardAnswer("Is it equally good for every group of people or objects that matters?"),
        CardAnswer("Whom could its predictions harm, and who can object to one?"),
        CardAnswer("Whose are the data, and under which licence?"),
    ]


def render(card: dict[str, list[CardAnswer]], result: Result) -> str:
    """Return the card, a table a part."""
    n_open = sum(not one.answer for answers in card.values() for one in answers)
    return fill("model_card.html.j2", card=card, n_open=n_open)


SECTION = Section(
    name="model-card",
    title="Model card",
    position=1750,
    data=model_card,
    render=render,
    terms=("crisp",),
)
