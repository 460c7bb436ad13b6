"""Turn a result into ready-to-show values; the page and the terminal both draw from it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rung.core.findings import Finding
from rung.core.history import History
from rung.core.result import LadderEntry, Result, Score, TestScore, plain
from rung.plugins import left_out
from rung.report import words
from rung.report.headline import as_json
from rung.report.hyper_parameters import in_words_of_the_field
from rung.report.numbers import (
    MINUS,
    clean,
    count,
    decimals_for,
    interval,
    number,
    percent,
    shorten,
    signed,
    span,
)
from rung.report.openings import summarise_openings
from rung.report.sections import words_of
from rung.report.units import shown_difference
from rung.typing import JSON, Settings

SEVERITIES = ("alarm", "warning", "info")
LARGEST_SETTLE = 1e9
LONGEST_SETTING = 120


def summarise(result: Result, history: History | None = None) -> JSON:
    """Return everything that a reader sees, as a plain dictionary of texts and numbers.

    Names are made safe to show (`rung.report.numbers.clean`), numbers carry two significant
    digits of their uncertainty, and the ladder is ordered from simple to complex.
    """
    page_words = plain(words_of(result))
    ladder = [_rung(result, entry) for entry in sorted(result.ladder, key=lambda e: e.step)]
    return {
        "answer": clean(result.choice.sentence),
        "headline": as_json(result),
        "target": clean(result.target),
        "task": words.TASKS.get(result.task, result.task),
        "metric": _metric(result),
        "loss": words.loss_words(result.loss),
        "choice": _choice(result),
        "words": page_words,
        "ladder": ladder,
        "scored": [rung for rung in ladder if rung["status"] == "scored"],
        "skipped": [rung for rung in ladder if rung["status"] != "scored"],
        "other_metrics": _other_metrics(result),
        "other_table": _other_table(_other_metrics(result), ladder),
        "findings": _findings(
            (*result.findings, *(history.findings if history else ()), *left_out())
        ),
        "test": _test(result, history or History(is_opened=result.test.opened), page_words),
        "dataset": _dataset(result),
        "folds": _folds(result),
    }


def _metric(result: Result) -> JSON:
    named = words.metric_words(result.metric)
    unit = words.metric_unit(result.metric, _target_unit(result))
    return {
        "key": result.metric,
        "title": named.title,
        "long": named.long,
        "higher_is_better": named.higher_is_better,
        "better": "higher is better" if named.higher_is_better else "lower is better",
        "unit": unit,
        "with_unit": _with_unit(named.title, unit),
        "clip": words.clip_words(result.metric, result.folds.n_rows),
        "beside": _beside(result),
    }


def _beside(result: Result) -> JSON | None:
    """Return the metric to read beside that of the comparison, and what it says."""
    key, says = words.BESIDE.get(result.metric, ("", ""))
    if not any(key in (entry.scores or {}) for entry in result.ladder):
        return None
    return {"key": key, "title": words.metric_words(key).title, "says": says}


def _other_metrics(result: Result) -> list[JSON]:
    keys = dict.fromkeys(key for entry in result.ladder for key in entry.scores or {})
    unit = _target_unit(result)
    return [
        {
            "key": key,
            "title": _with_unit(words.metric_words(key).title, words.metric_unit(key, unit)),
            "clip": words.clip_words(key, result.folds.n_rows),
        }
        for key in keys
        if key != result.metric
    ]


def _other_table(others: Sequence[JSON], ladder: Sequence[JSON]) -> JSON:
    """Return every other metric of every family that was scored, as a table."""
    rows = [
        [rung["title"], *(_plus_minus(rung["scores"].get(other["key"])) for other in others)]
        for rung in ladder
        if rung["status"] == "scored"
    ]
    return {"head": ["Family", *(other["title"] for other in others)], "rows": rows}


def _with_unit(title: str, unit: str) -> str:
    return f"{title} [{unit}]" if unit else title


def _target_unit(result: Result) -> str:
    units = [column.unit for column in result.dataset.columns if column.name == result.target]
    return clean(units[0]) if units else ""


def _choice(result: Result) -> JSON:
    choice = result.choice
    source = "given by you" if choice.margin_source == "given" else "set by the default rule"
    rule = "the simplest family that the data allow" if choice.rule == "simplest" else "the leader"
    return {
        "family": choice.family,
        "title": _title(result, choice.family),
        "leader": choice.leader,
        "leader_title": _title(result, choice.leader),
        "is_leader": choice.family == choice.leader,
        "verdict": choice.verdict,
        "verdict_words": words.VERDICTS[choice.verdict],
        "is_claim": choice.is_claim,
        "standing": "shown" if choice.is_claim else "not yet shown",
        "rule": rule,
        "margin": number(choice.margin, _two_digits(choice.margin)),
        "margin_loss": number(choice.margin_loss, _two_digits(choice.margin_loss)),
        "margin_source": source,
        "margin_value": choice.margin if math.isfinite(choice.margin) else None,
    }


def _two_digits(value: float) -> int | None:
    return decimals_for(abs(value))


def _title(result: Result, family: str) -> str:
    titles = [entry.title for entry in result.ladder if entry.family == family]
    return clean(titles[0]) if titles else clean(family)


def _rung(result: Result, entry: LadderEntry) -> JSON:
    is_leader = entry.family == result.choice.leader
    score = _score((entry.scores or {}).get(result.metric))
    difference = _difference(result, entry)
    return {
        "family": clean(entry.family),
        "title": clean(entry.title),
        "step": entry.step,
        "status": entry.status,
        "reason": clean(entry.reason),
        "is_choice": entry.family == result.choice.family,
        "is_leader": is_leader,
        "score": score,
        "shown_score": _plus_minus(score),
        "scores": {key: _score(score) for key, score in (entry.scores or {}).items()},
        "difference": difference,
        "shown_difference": _plus_minus(difference),
        "shown_beside": _plus_minus(
            _score((entry.scores or {}).get(words.BESIDE.get(result.metric, ("", ""))[0]))
        ),
        "verdict": entry.verdict or "",
        "verdict_words": words.VERDICTS.get(entry.verdict or "", ""),
        "settle": _settle(entry.settle_units, result),
        "settings": settings_lines(in_words_of_the_field(entry.settings)),
        "notes": [clean(note) for note in entry.notes],
    }


def _score(score: Score | None) -> JSON | None:
    return None if score is None else interval(score.mean, score.low, score.high, is_score=True)


def _plus_minus(shown: JSON | None) -> str:
    return f"{shown['value']} ± {shown['half']}" if shown else ""


def _difference(result: Result, entry: LadderEntry) -> JSON | None:
    found = shown_difference(result, entry)
    if found is None:
        return None
    shown = interval(found.mean, found.low, found.high)
    texts = {key: signed(str(shown[key])) for key in ("value", "low", "high")}
    return {**shown, **texts, "range": span(texts["low"], texts["high"])}


def _settle(rows: float | None, result: Result) -> str:
    if rows is None or math.isnan(rows):
        return ""
    counted, n_units = _units(result)
    if rows > LARGEST_SETTLE:
        return f"more than 100 times these {counted} would be needed to settle it"
    needed = max(rows, n_units)
    return f"about {number(needed, min(0, _two_digits(needed) or 0))} {counted} would settle it"


def _units(result: Result) -> tuple[str, int]:
    """Return what independent observations are called, and how many were scored."""
    folds = result.folds
    if folds.has_one_split:
        return words_of(result).units, folds.n_scored
    if folds.dependence is not None:
        return folds.dependence.counted, folds.n_units
    return ("rows" if folds.n_units == folds.n_scored else "groups"), folds.n_units


def settings_lines(settings: Sequence[Settings]) -> list[str]:
    """Say in a few words what the folds chose: one line a setting.

    Examples
    --------
    >>> settings_lines([{"depth": 3, "penalty": 0.1}, {"depth": 5, "penalty": 0.1}])
    ['depth 3 to 5', 'penalty 0.1']
    >>> settings_lines([{"kind": "a"}, {"kind": "b"}, {"kind": "a"}])
    ['kind a (2 folds), b (1 fold)']
    """
    keys = dict.fromkeys(key for chosen in settings for key in chosen)
    found = [(clean(key), _spread([s[key] for s in settings if key in s])) for key in keys]
    return [shorten(f"{name} {values}", LONGEST_SETTING) for name, values in found]


def _spread(values: list[Any]) -> str:
    texts = [_setting(value) for value in values]
    if len(set(texts)) == 1:
        return texts[0]
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        return f"{_setting(min(values))} to {_setting(max(values))}"
    tally = Counter(texts).most_common(3)
    return ", ".join(f"{text} ({n} fold{'s' if n > 1 else ''})" for text, n in tally)


def _setting(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}".replace("-", MINUS)
    if isinstance(value, (list, tuple)):
        return ", ".join(_setting(item) for item in value) or "none"
    return "none" if value is None else clean(value)


def _findings(findings: Sequence[Finding]) -> list[JSON]:
    ranked = sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
    return [
        {
            "code": clean(finding.code),
            "severity": finding.severity,
            "columns": [clean(name) for name in finding.columns],
            "message": clean(finding.message),
            "remedy": clean(finding.remedy),
        }
        for finding in ranked
    ]


def _test(result: Result, history: History, page_words: JSON) -> JSON:
    test = result.test
    rows = [
        _test_row(result, role, (test.scores or {})[role])
        for role in words.ROLES
        if role in (test.scores or {})
    ]
    return {
        "openings": summarise_openings(history, page_words["units"], page_words["what"]),
        "n": count(test.n),
        "counted": page_words["units"],
        "reason": clean(test.reason),
        "is_sealed": test.opened and bool(rows),
        "rows": rows,
        "levels": sorted({row["score"]["level"] for row in rows if row["score"]}),
        "methods": sorted({row["score"]["method"] for row in rows if row["score"]}),
    }


def _test_row(result: Result, role: str, scores: Any) -> JSON:
    family = (result.test.families or {}).get(role, "")
    shown = {key: _test_score(score) for key, score in scores.items()}
    return {
        "role": role,
        "role_words": words.ROLES[role],
        "family": clean(family),
        "title": _title(result, family),
        "score": shown.get(result.metric),
        "others": {key: score for key, score in shown.items() if key != result.metric},
    }


def _test_score(score: TestScore) -> JSON:
    shown = interval(score.value, score.low, score.high, is_score=True)
    return {**shown, "level": percent(score.level), "method": clean(score.method)}


def _dataset(result: Result) -> JSON:
    data = result.dataset
    return {
        "source": clean(data.source),
        "rows": count(data.rows),
        "rows_without_target": data.rows_without_target,
        "n_columns": count(len(data.columns)),
        "n_features": count(sum(column.role == "feature" for column in data.columns)),
        "roles": dict(Counter(column.role for column in data.columns)),
        "columns": [
            {
                "name": clean(column.name),
                "kind": column.kind,
                "role": column.role,
                "unit": clean(column.unit),
                "missing": count(column.missing),
                "distinct": count(column.distinct),
            }
            for column in data.columns
        ],
        "fingerprint": data.fingerprint,
    }


def _folds(result: Result) -> JSON:
    folds = result.folds
    return {
        "kind": folds.kind,
        "n_folds": folds.n_folds,
        "n_repeats": folds.n_repeats,
        "n_rows": count(folds.n_rows),
        "n_scored": count(folds.n_scored),
        "all_scored": folds.n_scored == folds.n_rows,
        "n_units": count(folds.n_units),
        "unit": clean(folds.unit),
        "fingerprint": folds.fingerprint,
        "has_one_split": folds.has_one_split,
        "dependence": dependence_facts(result),
    }


def dependence_facts(result: Result) -> JSON | None:
    """Say how dependent rows were divided, and how many independent ones they are worth."""
    found = result.folds.dependence
    if found is None:
        return None
    rounded = number(found.n_effective, min(0, _two_digits(found.n_effective) or 0))
    is_less = found.n_effective < 0.99 * result.folds.n_scored
    return {
        "said": clean(found.said),
        "counted": found.counted,
        "n_effective": rounded if is_less else count(result.folds.n_scored),
        "n_aside": count(found.n_aside) if found.n_aside else "",
    }
