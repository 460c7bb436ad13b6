"""Say in three lines what to use and how good it is, how sure that is, and what would change it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from rung.core.independence import is_withheld
from rung.core.result import LadderEntry, Result
from rung.families import baseline, known_inputs
from rung.report import words
from rung.report.capitals import capital, inside
from rung.report.numbers import clean, interval, stopped
from rung.report.sections import words_of
from rung.typing import JSON

# What the sentence of the verdict says of more data stands after this.
OF_MORE = re.compile(r"; (?=about [\d,]+ |more than 100 times |\d[\d,]* \w+ are too few )")


@dataclass(frozen=True)
class Headline:
    """The answer in plain words.

    Attributes
    ----------
    use : str
        What to use and how good it is, in words that a field knows.
    sure : str
        How sure that is, and against what.
    change : str
        What would change it.
    """

    use: str
    sure: str
    change: str


def headline(result: Result) -> Headline:
    """Return the three lines of a result."""
    sure, _, more = _parted(clean(result.choice.sentence))
    return Headline(_use(result), stopped(sure), stopped(_change(result, more)))


def _parted(sentence: str) -> tuple[str, str, str]:
    found = OF_MORE.search(sentence)
    if found is None:
        return sentence, "", ""
    return sentence[: found.start()], ";", sentence[found.end() :]


def _use(result: Result) -> str:
    scored = sorted((one for one in result.ladder if one.scores), key=lambda one: one.step)
    chosen = next((one for one in scored if one.family == result.choice.family), None)
    if chosen is None:
        return capital(stopped(clean(result.choice.sentence)))
    baselines = set(map(baseline, known_inputs()))
    guess = next((one for one in scored if one.family in baselines), scored[0])
    if chosen is guess:
        return (
            f"Use no model yet: nothing here is shown to beat {_called(guess)} "
            f"({_metric(result, guess)})."
        )
    if is_withheld(result):
        return (
            f"Use no model yet: rows are not independent, so what folds of such rows say of "
            f"{_called(chosen)} ({_metric(result, chosen)}) may not hold for new rows."
        )
    return f"Use {_called(chosen)}: {_how_good(result, chosen, guess)}."


def _called(entry: LadderEntry) -> str:
    """Name a family inside a sentence."""
    return "the constant guess" if entry.family == "constant" else inside(clean(entry.title))


def _how_good(result: Result, chosen: LadderEntry, baseline: LadderEntry) -> str:
    mine, base = _value(chosen, "accuracy"), _value(baseline, "accuracy")
    if mine is not None and base is not None:
        own = _metric(result, chosen)
        return f"{right_in(mine, base)} for the most frequent class" + (
            "" if result.metric == "accuracy" else f" ({own})"
        )
    if result.metric not in ("rmse", "mae", "r2"):
        of = f"{_metric_value(result, baseline)} of {_called(baseline)}"
        return f"{_metric(result, chosen)} against {of}"
    key = "mae" if result.metric == "mae" else "rmse"
    mine, base, r2 = _value(chosen, key), _value(baseline, key), _value(chosen, "r2")
    parts = []
    if mine is not None and base is not None:
        parts.append(
            f"typical error {_number(result, chosen, key)} ({words.metric_words(key).title})"
        )
        parts[0] += f" against {_number(result, baseline, key)} of the constant guess"
    if r2 is not None and r2 > 0:
        parts.append(f"explains {_percent(r2)} of the variance")
    return ", ".join(parts)


def right_in(share: float, base: float) -> str:
    """Say how often a classifier is right beside a guess, never more often than it is.

    Examples
    --------
    >>> right_in(0.974, 0.333)
    'right in 97 of 100 against 33'
    >>> right_in(0.9987, 0.99), right_in(1.0, 0.5)
    ('right in 998 of 1,000 against 990', 'right in all against 50 of 100')
    """
    if share >= 1:
        return f"right in all against {math.floor(100 * base + 1e-9)} of 100"
    of = 100 if share < 0.99 and base < 0.99 else 1000 if share < 0.999 else 10_000
    return f"right in {math.floor(of * share + 1e-9):,} of {of:,} against {round(of * base):,}"


def _percent(r2: float) -> str:
    """Write a share of the variance, rounded down where it is near all of it."""
    digits = 0 if r2 < 0.99 else 1 if r2 < 0.999 else 2
    shown = math.floor(100 * r2 * 10**digits) / 10**digits if r2 >= 0.99 else 100 * r2
    return f"{shown:.{digits}f} %"


def _metric(result: Result, entry: LadderEntry) -> str:
    return f"{words.metric_words(result.metric).title} {_metric_value(result, entry)}"


def _metric_value(result: Result, entry: LadderEntry) -> str:
    return _number(result, entry, result.metric)


def _number(result: Result, entry: LadderEntry, key: str) -> str:
    score = (entry.scores or {})[key]
    shown = str(interval(score.mean, score.low, score.high, is_score=True)["value"])
    units = [column.unit for column in result.dataset.columns if column.name == result.target]
    unit = words.metric_unit(key, clean(units[0]) if units else "")
    return f"{shown} {unit}" if unit and key in ("rmse", "mae") else shown


def _value(entry: LadderEntry, key: str) -> float | None:
    score = (entry.scores or {}).get(key)
    return None if score is None or not math.isfinite(score.mean) else score.mean


def _change(result: Result, more: str) -> str:
    if any(one.code == "partial_run" for one in result.findings):
        return "this is a partial run: --resume trains the families that are missing"
    alarms = sum(one.severity == "alarm" for one in result.findings)
    said = [more] if more else []
    if alarms:
        said.append(f"{alarms} alarm{'s' * (alarms > 1)} about the data may undo this")
    if not said:
        units = words_of(result).units
        said.append(f"a smaller margin asks for more {units}; {units} of another kind ask anew")
    return "; ".join(said)


def as_json(result: Result) -> JSON:
    """Return the lines by name."""
    found = headline(result)
    return {"use": found.use, "sure": found.sure, "change": found.change}
