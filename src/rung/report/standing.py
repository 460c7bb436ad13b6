"""Say in one line how a family stands, while a run goes on."""

from __future__ import annotations

from rung.core.events import Event, Standing
from rung.core.folds import default_n_folds
from rung.core.result import Result
from rung.extras import named_here
from rung.families.pace import whole_ladder_seconds
from rung.report import words
from rung.report.numbers import ABSENT, clean, interval, shorten
from rung.typing import JSON

TITLE_WIDTH, SCORE_WIDTH, TIME_WIDTH = 24, 22, 9
MINUTE, HOUR = 60.0, 3600.0


def duration(seconds: float) -> str:
    """Write a time as long as a person reads it.

    Examples
    --------
    >>> [duration(s) for s in (0.04, 3.26, 59.7, 200, 4000)]
    ['0.0 s', '3.3 s', '60 s', '3 min', '1.1 h']
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / MINUTE:.0f} min" if seconds < HOUR else f"{seconds / HOUR:.1f} h"


def about(seconds: float) -> str:
    """Write an estimate of a time, with no more digits than an estimate has.

    Examples
    --------
    >>> [about(s) for s in (0.3, 3.26, 34, 200)]
    ['about 1 s', 'about 3 s', 'about 30 s', 'about 3 min']
    """
    if 10 <= seconds < MINUTE:
        return f"about {round(seconds, -1):.0f} s"
    return f"about {max(seconds, 1):.0f} s" if seconds < 10 else f"about {duration(seconds)}"


def heading(standing: Standing) -> str:
    """Head the lines of `score_line`."""
    title = words.metric_words(standing.metric).title
    return f"{'Family':{TITLE_WIDTH}}{title:>{SCORE_WIDTH}}{'time':>{TIME_WIDTH}}"


def score_line(event: Event) -> str:
    """Say how a family ended, and what is left by an estimate.

    Examples
    --------
    >>> from rung.core.result import Score
    >>> standing = Standing("rmse", Score(56.1, 50.3, 61.3), 0.24, "linear leads", 3.6)
    >>> score_line(Event("scored", "linear", "Linear", standing=standing))
    'Linear                              56.1 ± 5.5    0.2 s  left: about 4 s'
    >>> score_line(Event("skipped", "naive_bayes", "it is for classes"))
    'naive_bayes             skipped: it is for classes'
    """
    if event.kind == "skipped":
        return f"{_name(event.family)}skipped: {clean(named_here(event.text))}"
    standing = event.standing
    if standing is None:
        return f"{_name(event.text or event.family)}scored"
    took = f"{duration(standing.seconds):>{TIME_WIDTH}}"
    left = f"  left: {about(standing.seconds_left)}" if standing.seconds_left else ""
    return f"{_name(event.text)}{score_text(standing):>{SCORE_WIDTH}}{took}{left}"


def time_line(result: Result, timings: JSON) -> str:
    """Say what a run took, and which share of it each family had.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> entries = [SimpleNamespace(family=name) for name in ("linear", "mlp")]
    >>> seconds = {"total": 10.0, "linear": 1.0, "mlp": 8.0}
    >>> time_line(SimpleNamespace(ladder=entries), {"seconds": seconds})
    'took 10 s: mlp 80 %, linear 10 %, all else 10 %'
    """
    seconds = timings["seconds"]
    total = max(seconds["total"], 1e-9)
    shares = {e.family: seconds[e.family] / total for e in result.ladder if e.family in seconds}
    listed = sorted((s for s in shares.items() if s[1] >= 0.005), key=lambda one: -one[1])
    parts = [f"{clean(name)} {100 * share:.0f} %" for name, share in listed]
    rest = max(1 - sum(share for _, share in listed), 0.0)
    return f"took {duration(total)}: {', '.join([*parts, f'all else {100 * rest:.0f} %'])}"


def whole_ladder_line(result: Result, timings: JSON) -> str:
    """Say what the whole ladder takes, by an estimate, after a quick one."""
    done = [entry.family for entry in result.ladder if entry.status == "scored"]
    spent = sum(timings["seconds"].get(name, 0.0) for name in done)
    folds = default_n_folds(result.folds.n_units) / max(result.folds.n_folds, 1)
    took = whole_ladder_seconds(done, spent, result.task, folds=folds, n_rows=result.folds.n_units)
    return f"the whole ladder takes {about(took)} (an estimate): leave out --quick"


def score_text(standing: Standing) -> str:
    """Write a score with half of its 95 % interval."""
    score = standing.score
    shown = interval(score.mean, score.low, score.high, is_score=True)
    if shown["half"] in (ABSENT, "0"):
        return str(shown["value"])
    return f"{shown['value']} ± {shown['half']}"


def _name(text: str) -> str:
    return f"{shorten(clean(text), TITLE_WIDTH - 2):{TITLE_WIDTH}}"


def metric_lines(metric: JSON) -> list[str]:
    """Say what bounds the metric of a run, and what the one beside it means.

    Examples
    --------
    >>> metric_lines({"title": "RMSE", "clip": "", "beside": None})
    []
    """
    clip = [f"{metric['title']}: {metric['clip']}"] if metric["clip"] else []
    return [*clip, *([metric["beside"]["says"]] if metric["beside"] else [])]
