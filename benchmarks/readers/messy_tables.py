"""Clean tables of the kinds that people keep as text: the truth that a messy file hides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Rows = list[list[str]]
WORDS = ("red oak", "ash", "silver fir", "elm", "beech", "white pine", "larch", "yew")
PLACES = ("Oslo", "New York", "São Paulo", "Bern", "Lyon", "Rome", "Cape Town", "Quito")
SAID = (
    "seemed fine", "not sure, ask again", 'he said "no" twice', "late", "see page 4",
    "it's broken", "ok; but slow", "none of it",
)  # fmt: skip


@dataclass(frozen=True)
class Clean:
    """Hold a table as it should be read.

    Attributes
    ----------
    names : list of str
        Names of columns.
    rows : list of list of str
        Cells.
    units : list of str
        A unit for each column, empty where it has none.
    """

    names: list[str]
    rows: Rows
    units: list[str]

    @property
    def is_plain(self) -> bool:
        """Whether no cell holds a blank, a quote or a delimiter, and none is empty."""
        cells = [cell for row in [self.names, *self.rows] for cell in row]
        return all(cell and not set(cell) & set(" \t,;|\"'") for cell in cells)

    @property
    def has_words_alone(self) -> bool:
        """Whether no column holds numbers."""
        return not any(cell[:1].isdigit() or cell[:1] == "-" for cell in self.rows[0])


def _sensors(rng: np.random.Generator) -> Clean:
    rows = [
        [f"2021-03-{1 + i // 24:02} {i % 24:02}:00", f"{rng.normal(12, 4):.2f}",
         f"{rng.integers(20, 99)}", f"{rng.gamma(2, 2):.1f}"]
        for i in range(40)
    ]  # fmt: skip
    return Clean(["time", "air_temp", "humidity", "wind"], rows, ["", "°C", "%", "m/s"])


def _catalogue(rng: np.random.Generator) -> Clean:
    rows = [
        [f"NGC{1000 + 7 * i}", f"{rng.uniform(0, 360):.5f}", f"{rng.uniform(-90, 90):.5f}",
         f"{rng.normal(18, 2):.3f}", "GSQ"[rng.integers(3)]]
        for i in range(30)
    ]  # fmt: skip
    return Clean(["ID", "RA", "DEC", "g_mag", "class"], rows, ["", "deg", "deg", "mag", ""])


def _survey(rng: np.random.Generator) -> Clean:
    rows = [
        [str(101 + i), f"{rng.integers(18, 80)}", "MF"[rng.integers(2)],
         PLACES[rng.integers(8)], SAID[i % 8], f"{rng.integers(1, 6)}"]
        for i in range(24)
    ]  # fmt: skip
    return Clean(["id", "age", "sex", "city", "comment", "rating"], rows, [""] * 6)


def _years(rng: np.random.Generator) -> Clean:
    years = [str(year) for year in range(1990, 1998)]
    rows = [
        [f"{PLACES[i % 8]} {i}", f"C{i:02}", *[f"{rng.uniform(1, 90):.3f}" for _ in years]]
        for i in range(18)
    ]
    return Clean(["Country Name", "Country Code", *years], rows, [""] * 10)


def _words(rng: np.random.Generator) -> Clean:
    first = ["Ann", "Bob", "Cid", "Dora", "Eve", "Finn", "Gus", "Hal", "Ida", "Jo", "Kay", "Lou"]
    rows = [[one, PLACES[rng.integers(8)], WORDS[rng.integers(8)]] for one in first]
    return Clean(["person", "city", "tree"], rows, [""] * 3)


def _numbers(rng: np.random.Generator) -> Clean:
    rows = [[f"{value:.4f}" for value in rng.normal(size=4)] for _ in range(50)]
    return Clean(["x", "y", "z", "f"], rows, [""] * 4)


def _spending(rng: np.random.Generator) -> Clean:
    rows = [
        [f"{1 + i % 28:02}/{1 + i % 12:02}/2019", WORDS[i % 8].title(),
         f"{rng.gamma(2, 900):.2f}", f"INV-{300 + i}"]
        for i in range(26)
    ]  # fmt: skip
    return Clean(["Date", "Category", "Amount", "Invoice No."], rows, ["", "", "$", ""])


def _genes(rng: np.random.Generator) -> Clean:
    names = ["gene", *[f"GSM{100 + i}" for i in range(12)]]
    rows = [
        [f"ENSG{i:06}", *[f"{v}" for v in rng.negative_binomial(2, 0.01, 12)]] for i in range(30)
    ]
    return Clean(names, rows, [""] * 13)


def _river(rng: np.random.Generator) -> Clean:
    rows = [
        ["USGS", "03303280", f"1998-01-{1 + i:02}", f"{rng.integers(9000, 90000)}", "AP"[i % 2]]
        for i in range(28)
    ]
    names = ["agency_cd", "site_no", "datetime", "flow_00060", "flow_cd"]
    return Clean(names, rows, ["", "", "", "ft3/s", ""])


def _gaps(rng: np.random.Generator) -> Clean:
    rows = [
        [f"s{i}", *["" if rng.random() < 0.25 else f"{rng.normal():.2f}" for _ in range(4)]]
        for i in range(40)
    ]
    return Clean(["sample", "Ca", "Mg", "Na", "K"], rows, ["", *["mg/L"] * 4])


def _messages(rng: np.random.Generator) -> Clean:
    rows = [
        [("ham", "spam")[rng.integers(2)], f"{SAID[rng.integers(8)]}, {WORDS[i % 8]} {i}!"]
        for i in range(30)
    ]
    return Clean(["label", "text"], rows, ["", ""])


def _one(rng: np.random.Generator) -> Clean:
    return Clean(["discharge"], [[f"{v:.3f}"] for v in rng.gamma(2, 30, 40)], ["m3/s"])


def _few(rng: np.random.Generator) -> Clean:
    rows = [[name, f"{rng.integers(9)}", f"{rng.normal():.1f}"] for name in ("a", "b", "c", "d")]
    return Clean(["site", "count", "index"], rows, [""] * 3)


def _wide(rng: np.random.Generator) -> Clean:
    names = [f"band_{400 + 5 * i}nm" for i in range(120)]
    rows = [[f"{v:.4f}" for v in rng.random(120)] for _ in range(12)]
    return Clean(["plot", *names], [[str(i + 1), *row] for i, row in enumerate(rows)], [""] * 121)


def _plain(rng: np.random.Generator) -> Clean:
    rows = [
        [f"{rng.integers(1, 9)}", f"{rng.normal(5, 1):.1f}", f"{rng.normal(3, 1):.2f}",
         ("setosa", "virginica")[rng.integers(2)]]
        for _ in range(36)
    ]  # fmt: skip
    return Clean(["Sepal.Length", "Sepal.Width", "Petal", "Species"], rows, ["cm", "cm", "cm", ""])


MAKERS: dict[str, Callable[[np.random.Generator], Clean]] = {
    maker.__name__.lstrip("_"): maker
    for maker in (
        _sensors,
        _catalogue,
        _survey,
        _years,
        _words,
        _numbers,
        _spending,
        _genes,
        _river,
        _gaps,
        _messages,
        _one,
        _few,
        _wide,
        _plain,
    )
}


def clean_tables(seed: int) -> dict[str, Clean]:
    """Return a table of every kind.

    Examples
    --------
    >>> clean_tables(0)["words"].names
    ['person', 'city', 'tree']
    """
    return {
        name: make(np.random.default_rng((seed, i)))
        for i, (name, make) in enumerate(MAKERS.items())
    }
