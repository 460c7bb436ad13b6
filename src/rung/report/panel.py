"""Draw small panels of curves, bands and points as SVG, in the colours of the page.

Everything is placed in a box of `WIDTH` by `HEIGHT`, which is about what a panel measures on a
screen in pixels, so that its text stays legible on a phone. Colours come from classes of the style
sheet: they follow light, dark and print.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from rung.core.numbers import MINUS
from rung.report.drawing import nice_step
from rung.report.numbers import clean, shorten

WIDTH, HEIGHT = 300, 190
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 8, 36
LONGEST_LABEL, MOST_LEVELS, LONGEST_LEVEL = 34, 12, 9
PAD = 0.04


def brief(value: float) -> str:
    """Write a number in few letters.

    Examples
    --------
    >>> [brief(value) for value in (0.30000000000000004, -12345.6, 2.5e9, 0.0)]
    ['0.3', '−12,346', '2.5e9', '0']
    """
    if value and not 1e-4 <= abs(value) < 1e7:
        base, _, power = f"{value:.3g}".partition("e")
        return f"{base}e{int(power)}".replace("-", MINUS) if power else base.replace("-", MINUS)
    shown = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return ("0" if float(shown.replace(",", "")) == 0 else shown).replace("-", MINUS)


@dataclass(frozen=True)
class Axis:
    """One direction of a panel: its ends, its ticks with labels, its title."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    title: str = ""

    def share(self, value: float) -> float:
        """Return where a value lies, from 0 to 1; what is beyond is held at the ends."""
        share = (value - self.low) / (self.high - self.low)
        return min(max(share, -0.02), 1.02)


def axis_of(values: Iterable[float | None], title: str = "", *, pad: float = PAD) -> Axis:
    """Return an axis that holds these values, with ticks that are easy to read."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        low, high = low - 0.5 * (abs(low) or 1.0), high + 0.5 * (abs(high) or 1.0)
    room = pad * (high - low)
    low, high = low - room, high + room
    step = nice_step(high - low)
    first = math.ceil(low / step - 1e-9)
    ticks = [step * k for k in range(first, first + 20) if step * k <= high + 1e-9 * step]
    return Axis(low, high, tuple((value, brief(value)) for value in ticks), title)


def levels_axis(levels: Sequence[str], title: str = "") -> Axis:
    """Return an axis with a place for each level of a category."""
    step = -(-len(levels) // MOST_LEVELS)
    ticks = [
        (float(i), shorten(clean(level), LONGEST_LEVEL if len(levels) < 5 else 6))
        for i, level in enumerate(levels)
        if i % step == 0
    ]
    return Axis(-0.6, len(levels) - 0.4, tuple(ticks), title)


@dataclass(frozen=True)
class Panel:
    """A panel with its two axes; what is drawn comes as marks."""

    x: Axis
    y: Axis
    height: int = HEIGHT

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point lies in the box."""
        return (
            LEFT + (WIDTH - LEFT - RIGHT) * self.x.share(x),
            self.height - BOTTOM - (self.height - TOP - BOTTOM) * self.y.share(y),
        )

    def line(self, xs: Sequence[float], ys: Sequence[float], kind: str = "line") -> str:
        """Return a line through points."""
        points = " ".join("{:.1f},{:.1f}".format(*self.place(x, y)) for x, y in _pairs(xs, ys))
        return f'<polyline class="{kind}" points="{points}"/>'

    def area(
        self, xs: Sequence[float], low: Sequence[float], high: Sequence[float], kind: str = "area"
    ) -> str:
        """Return a band between two lines."""
        there = [self.place(x, y) for x, y in _pairs(xs, high)]
        back = [self.place(x, y) for x, y in _pairs(xs, low)][::-1]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in there + back)
        return f'<polygon class="{kind}" points="{points}"/>'

    def points(self, xs: Sequence[float], ys: Sequence[float], kind: str = "points") -> str:
        """Return many points as one path; each is a line of no length with round ends."""
        path = "".join("M{:.1f} {:.1f}h0".format(*self.place(x, y)) for x, y in _pairs(xs, ys))
        return f'<path class="{kind}" d="{path}"/>'

    def ranges(
        self, xs: Sequence[float], low: Sequence[float], high: Sequence[float], kind: str = "range"
    ) -> str:
        """Return upright lines from low to high."""
        path = ""
        for x, bottom, top in zip(xs, low, high, strict=True):
            (across, start), (_, end) = self.place(x, bottom), self.place(x, top)
            path += f"M{across:.1f} {start:.1f}V{end:.1f}"
        return f'<path class="{kind}" d="{path}"/>'

    def bars(self, xs: Sequence[float], counts: Sequence[float], kind: str = "density") -> str:
        """Return bars of counts along the lower edge, a sixth of the height at most."""
        most = max([*counts, 1])
        floor, room = self.height - BOTTOM, (self.height - TOP - BOTTOM) / 6
        path = "".join(
            f"M{self.place(x, self.y.low)[0]:.1f} {floor}v-{room * count / most:.1f}"
            for x, count in zip(xs, counts, strict=True)
            if count
        )
        return f'<path class="{kind}" d="{path}"/>'

    def svg(self, *marks: str) -> str:
        """Return the panel with these marks, the axes below them; hidden from readers aloud."""
        size = f'viewBox="0 0 {WIDTH} {self.height}"'
        inside = "".join((*self._grid(), *marks, *self._titles()))
        return f'<svg class="plot" {size} aria-hidden="true" focusable="false">{inside}</svg>'

    def _grid(self) -> list[str]:
        floor = self.height - BOTTOM
        out = [f'<path class="frame" d="M{LEFT} {TOP}V{floor}H{WIDTH - RIGHT}"/>']
        last = -1e9
        for value, label in self.x.ticks:
            x = self.place(value, self.y.low)[0]
            out.append(f'<path class="tick" d="M{x:.1f} {floor}v4"/>')
            half = 3.1 * len(label)
            middle = min(x, WIDTH - half)  # the last label stays inside
            if middle - half > last + 3:
                out.append(_text(middle, floor + 15, label, "middle"))
                last = middle + half
        for value, label in self.y.ticks:
            y = self.place(self.x.low, value)[1]
            out.append(f'<path class="rule" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
            out.append(_text(LEFT - 5, y + 3.5, label, "end"))
        return out

    def _titles(self) -> list[str]:
        middle = (LEFT + WIDTH - RIGHT) / 2
        return [_text(middle, self.height - 4, self.x.title, "middle", "title")]


def _pairs(xs: Sequence[float], ys: Sequence[float]) -> list[tuple[float, float]]:
    return list(zip(xs, ys, strict=True))


def _text(x: float, y: float, text: str, anchor: str, kind: str = "label") -> str:
    shown = escape(shorten(clean(text), LONGEST_LABEL))
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{shown}</text>'
