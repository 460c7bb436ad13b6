"""Place the ladder on a page: positions in per cent of the width, with the numbers behind them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rung.report.numbers import number, shorten
from rung.typing import JSON

PAD = 0.04
ZOOM = 1.35
REACH = 4.0
MOST_TICKS = 6
# Times the distance from the leader to the lowest family.
EXPLODED = 20.0
LONGEST_TITLE = 44
NICE_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Scale:
    """Turn values into per cent of the width; `is_clipped` ends run out of the picture."""

    low: float
    high: float

    def place(self, value: float) -> float:
        """Return the position of a value, from 0 to 100, held inside the picture."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(max(share, 0.0), 1.0), 3)

    def holds(self, value: float) -> bool:
        """Tell whether a value lies inside the picture."""
        return self.low <= value <= self.high


def score_picture(summary: JSON) -> JSON:
    """Place every family's score with its interval, the margin band, and the sealed test.

    Returns
    -------
    dict
        `rows` from complex (top) to simple (bottom), `ticks`, `band`, `numbers` (the table behind
        the picture) and `alternative` (the picture in words).
    """
    tested = _tested(summary)
    numbers = [
        {**_numbers(rung, rung["score"]), "test": tested if rung["is_choice"] else None}
        for rung in summary["scored"]
        if rung["score"]
    ]
    band = _score_band(summary)
    values = [row[key] for row in _shown(numbers) for key in ("mean", "low", "high")]
    scale = scale_of([*values, *(band or ()), *_near(tested, values)])
    rows = [_row(scale, row) for row in reversed(numbers)]
    for row in rows:
        row["test"] = _placed(scale, row["test"]) if row["test"] else None
    metric = summary["metric"]
    return {
        "rows": rows,
        "ticks": ticks_of(scale),
        "band": _band(scale, band),
        "numbers": numbers,
        "ends": (scale.low, scale.high),
        "table": [_cells(rung, rung["score"]) for rung in summary["scored"] if rung["score"]],
        "axis": f"{metric['with_unit']}, {metric['better']}",
        "alternative": _in_words(summary),
    }


def difference_picture(summary: JSON) -> JSON | None:
    """Place how much worse than the leader every other family is, close to the margin.

    Families that are far worse are held at the edge and marked, so that the families between
    which the choice falls can be seen.
    """
    rivals = [r for r in summary["scored"] if r["difference"] and not r["is_leader"]]
    leaders = [r for r in summary["scored"] if r["is_leader"]]
    if not rivals or not leaders:
        return None
    margin = summary["choice"]["margin_value"] or 0.0
    numbers = [_numbers(rung, rung["difference"]) for rung in rivals]
    scale = _zoom(numbers, margin)
    origin = {"mean": 0.0, "low": 0.0, "high": 0.0, "raw": {"mean": 0.0, "low": 0.0, "high": 0.0}}
    everyone = {row["family"]: row for row in numbers}
    everyone[leaders[0]["family"]] = _numbers(leaders[0], {**origin, "value": "0"})
    ordered = [everyone[r["family"]] for r in summary["scored"] if r["family"] in everyone]
    unit = summary["metric"]["unit"]
    return {
        "rows": [{**_row(scale, row), "test": None} for row in reversed(ordered)],
        "ticks": ticks_of(scale),
        "band": _band(scale, (scale.low, margin)) if margin else None,
        "zero": scale.place(0.0),
        "numbers": ordered,
        "ends": (scale.low, scale.high),
        "table": [_cells(rung, rung["difference"]) for rung in rivals],
        "axis": f"worse than the leader by{' [' + unit + ']' if unit else ''}",
        "alternative": _differences_in_words(summary, numbers),
    }


def _cells(rung: JSON, shown: JSON) -> list[str]:
    return [rung["title"], *(str(shown[key]) for key in ("value", "low", "high"))]


def _near(tested: JSON | None, values: Sequence[float | None]) -> list[float]:
    """Return the test's value and the ends of its interval, held near what families have.

    The interval of a small test may be so wide that all families would be pressed into one point.
    """
    known = [value for value in values if value is not None and math.isfinite(value)]
    if tested is None or not known:
        return []
    span = max(known) - min(known)
    low, high = min(known) - span / 2, max(known) + span / 2
    return [tested["mean"], max(tested["low"], low), min(tested["high"], high)]


def _shown(numbers: Sequence[JSON]) -> list[JSON]:
    """Leave out families that exploded, which would press all others into one point.

    They lie far more steps from the leader than the lowest family does, and are held at the edge.
    """
    leaders = [row["mean"] for row in numbers if row["is_leader"] and row["mean"] is not None]
    if not leaders or numbers[0]["mean"] is None:
        return list(numbers)
    reach = EXPLODED * max(abs(numbers[0]["mean"] - leaders[0]), abs(leaders[0]))
    return [r for r in numbers if r["mean"] is None or abs(r["mean"] - leaders[0]) <= reach]


def _numbers(rung: JSON, shown: JSON) -> JSON:
    raw = shown["raw"]
    mean = raw["mean"]
    return {
        **{key: rung[key] for key in ("family", "verdict", "is_choice", "is_leader")},
        "title": shorten(rung["title"], LONGEST_TITLE),
        "mean": mean,
        "low": mean if raw["low"] is None else raw["low"],
        "high": mean if raw["high"] is None else raw["high"],
        "text": shown["value"],
    }


def _tested(summary: JSON) -> JSON | None:
    rows = [row for row in summary["test"]["rows"] if row["role"] == "choice" and row["score"]]
    if not rows or rows[0]["score"]["raw"]["mean"] is None:
        return None
    raw = rows[0]["score"]["raw"]
    return {key: raw["mean"] if raw[key] is None else raw[key] for key in ("mean", "low", "high")}


def _score_band(summary: JSON) -> tuple[float, float] | None:
    leaders = [rung for rung in summary["scored"] if rung["is_leader"]]
    margin = summary["choice"]["margin_value"]
    if not leaders or not margin or leaders[0]["score"]["raw"]["mean"] is None:
        return None
    best = leaders[0]["score"]["raw"]["mean"]
    if summary["metric"]["higher_is_better"]:
        return best - margin, best
    return best, best + margin


def scale_of(values: Iterable[float | None]) -> Scale:
    """Return a scale that holds these values, with a little room at both ends."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if high <= low:
        low, high = low - 0.5 * (abs(low) or 1.0), high + 0.5 * (abs(high) or 1.0)
    pad = PAD * (high - low)
    return Scale(low - pad, high + pad)


def _zoom(numbers: Sequence[JSON], margin: float) -> Scale:
    """Show the margin and every family that is not worse; the rest as far as it fits."""
    reach = REACH * margin
    near = [r for r in numbers if r["verdict"] != "worse" or (r["high"] or 0.0) <= reach]
    highs = [row["high"] for row in near] + [ZOOM * margin]
    lows = [row["low"] for row in near] + [-0.5 * margin]
    if not near and not margin:
        return scale_of([row[key] for row in numbers for key in ("low", "high")] + [0.0])
    everything = scale_of([0.0, *(row[key] for row in numbers for key in ("low", "high"))])
    low, high = min(*lows, 0.0), max(highs)
    pad = PAD * (high - low)
    return Scale(low - pad, min(high + pad, max(everything.high, ZOOM * margin + pad)))


def _row(scale: Scale, row: JSON) -> JSON:
    return {**row, **_placed(scale, row), "is_known": row["mean"] is not None}


def _placed(scale: Scale, row: JSON) -> JSON:
    mean, low, high = (row[key] if row[key] is not None else scale.low for key in _KEYS)
    return {
        "x": scale.place(mean),
        "x_low": scale.place(low),
        "x_high": scale.place(high),
        "is_beyond": not scale.holds(mean),
    }


_KEYS = ("mean", "low", "high")


def _band(scale: Scale, band: tuple[float, float] | None) -> JSON | None:
    if band is None:
        return None
    left, right = scale.place(band[0]), scale.place(band[1])
    return {"x": left, "width": round(max(right - left, 0.2), 3), "low": band[0], "high": band[1]}


def ticks_of(scale: Scale) -> list[JSON]:
    """Return where ticks that are easy to read stand on a scale, with their labels."""
    step = nice_step(scale.high - scale.low)
    first = math.ceil(scale.low / step)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9) + _is_quarter(step))
    values = [step * k for k in range(first, first + 2 * MOST_TICKS) if step * k <= scale.high]
    return [{"x": scale.place(value), "label": number(value, decimals)} for value in values]


def nice_step(span: float) -> float:
    """Return the distance of ticks that are easy to read: 1, 2, 2.5 or 5 times a power of ten.

    Examples
    --------
    >>> nice_step(0.37)
    0.1
    """
    rough = span / MOST_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * nice for nice in NICE_STEPS if power * nice >= rough * (1 - 1e-9))


def _is_quarter(step: float) -> int:
    """One more decimal for steps of 2.5."""
    leading = f"{step:.2e}"
    return int(leading.startswith("2.5"))


def _in_words(summary: JSON) -> str:
    parts = [_rung_in_words(rung) for rung in summary["scored"]]
    metric = summary["metric"]
    tested = _tested_in_words(summary)
    return (
        f"{metric['with_unit']} of each family, {metric['better']}, with 95% intervals, "
        f"from simple to complex: {'; '.join(parts)}.{tested}"
    )


def _rung_in_words(rung: JSON) -> str:
    marks = [word for key, word in (("is_choice", "choice"), ("is_leader", "leader")) if rung[key]]
    ending = f" ({' and '.join(marks)})" if marks else ""
    score = rung["score"]
    return f"{rung['title']} {score['value']}, {score['range']}{ending}"


def _tested_in_words(summary: JSON) -> str:
    rows = [row for row in summary["test"]["rows"] if row["role"] == "choice" and row["score"]]
    if not rows:
        return ""
    score = rows[0]["score"]
    return f" On the sealed test the choice has {score['value']}, {score['range']}."


def _differences_in_words(summary: JSON, numbers: Sequence[JSON]) -> str:
    leader = summary["choice"]["leader_title"]
    parts = [f"{row['title']} {row['text']}" for row in numbers]
    margin = summary["choice"]["margin"]
    return f"Worse than {leader} by: {'; '.join(parts)}. The margin is {margin}."
