"""Every figure of every section has a text alternative, its numbers in a table, and files."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from xml.dom import minidom

import numpy as np
import polars as pl
import pytest

import rung
from rung.core.result import BlockSummary, Dependence, Result
from rung.kinds.text.options import TextOptions
from rung.report.figures import every_figure, file_of
from rung.report.html import render
from rung.report.sections import discover
from rung.report.summary import summarise
from rung.workbench.run import run_ladder
from tests.explain.image_runs import run_of
from tests.report.example import EXAMPLES
from tests.report.sections.explained import result_of
from tests.report.sections.test_inside import HEALTH
from tests.workbench.texts import name_list

TASKS = ("regression", "binary", "multiclass")
MAGIC = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


class Figures(HTMLParser):
    """Collect what stands inside each figure: labels of its pictures, tables, and its toggles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[dict[str, list[str]]] = []
        self.outside: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        if tag == "figure":
            self.found.append({"labels": [], "tables": [], "svg": []})
            self.is_open = True
        is_picture = tag == "img" or known.get("role") == "img" or known.get("class") == "plot"
        # A sign of a legend is small, and no picture.
        is_sign = known.get("viewbox", "").split(" ")[-2:] == ["30", "12"]
        if is_picture and not is_sign and not self.is_open:
            self.outside.append(str(known))
        if not self.found or not self.is_open:
            return
        own = self.found[-1]
        if known.get("role") == "img":
            own["labels"].append(known.get("aria-label") or "")
        if tag == "img" and known.get("alt"):
            own["labels"].append(known["alt"])
        if tag == "table" or known.get("class") == "rules":
            own["tables"].append(tag)

    def handle_endtag(self, tag):
        if tag == "figure":
            self.is_open = False

    is_open = False


@cache
def shown(name: str) -> Result:
    if name == "text":
        run = run_ladder(name_list(), TextOptions(families=("bigram",)))
        entry = run.result.entry("bigram")
        record = {"final_loss": [2.0, 1.0], "health": HEALTH}
        return replace(run.result, ladder=(replace(entry, training=(record,)),))
    if name == "subgroups":
        table = pl.DataFrame({"x": range(90), "kind": ["a", "b", "c"] * 30})
        table = table.with_columns(y=pl.col("x") * 2 + pl.col("x") % 7)
        families = ["linear", "tree"]
        return rung.fit(table, "y", families=families, subgroups=["kind"], ledger=False).result
    if name == "space":
        base = EXAMPLES["regression"]()
        blocks = tuple(BlockSummary(float(k), k % 3.0, k % 4 - 1, 5) for k in range(12))
        apart = Dependence("blocks", "blocks of 10 km", 5, 50.0, blocks)
        return replace(base, folds=replace(base.folds, dependence=apart))
    if name == "map":
        lon, lat, x = np.random.default_rng(3).uniform(0, 9, (3, 120))
        table = {"lon": lon, "lat": lat, "x": x, "y": 2 * x + np.sin(lon)}
        return rung.fit(table, "y", families=["linear"], folds=3, ledger=False).result
    if name == "density":
        rng = np.random.default_rng(2)
        x = rng.normal(size=120)
        table = {"x": x, "y <b>": x + rng.normal(size=120), "z": rng.normal(size=120)}
        families = ["independent", "dependence_tree"]
        return rung.fit(table, families=families, folds=3, ledger=False).result
    if name == "image":
        result = run_of("pixel_linear", "scattering_linear").result
        lost = result.sections["image_losses"]["lost"]["largest"]
        named = {**lost[0], "image": '"a" <b>.png'}
        losses = {**result.sections["image_losses"]}
        losses["lost"] = {**losses["lost"], "largest": [named, *lost[1:]]}
        return replace(result, sections={**result.sections, "image_losses": losses})
    return (
        EXAMPLES[name.removeprefix("example ")]() if name.startswith("example") else result_of(name)
    )


NAMES = (
    *TASKS,
    "text",
    "space",
    "subgroups",
    "map",
    "density",
    "image",
    *(f"example {name}" for name in EXAMPLES),
)


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_says_what_it_shows_and_hands_out_its_numbers(name: str) -> None:
    figures = Figures(render(shown(name))).found
    assert figures
    for own in figures:
        assert own["labels"]
        assert all(own["labels"])
        assert own["tables"]


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_of_the_page_stands_in_a_figure(name: str) -> None:
    assert Figures(render(shown(name))).outside == []


@pytest.mark.parametrize("name", NAMES)
def test_every_section_offers_its_figures_as_files(name: str) -> None:
    result = shown(name)
    summary = summarise(result)
    for section in discover():
        data = section.found(result, summary)
        n_figures = 0 if data is None else section.render(data, result).count("<figure")
        if n_figures:
            assert section.drawings is not None, section.name
            assert len(section.drawings(result, summary)) >= n_figures, section.name


@pytest.mark.parametrize("name", NAMES)
def test_figures_have_names_of_their_own_that_every_file_system_takes(name: str) -> None:
    names = [figure.name for figure in every_figure(shown(name))]
    assert max(Counter(names).values()) == 1
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", one) for one in names)
    assert all(len(one) < 150 for one in names)


@pytest.mark.parametrize(
    "name", ["multiclass", "text", "space", "subgroups", "map", "density", "image", "example nasty"]
)
def test_every_figure_is_drawn_and_carries_its_description(name: str) -> None:
    for figure in every_figure(shown(name)):
        svg = minidom.parseString(file_of(figure, "svg")).documentElement
        assert svg.getAttribute("role") == "img"
        title, described = svg.childNodes[0], svg.childNodes[1]
        assert (title.tagName, described.tagName) == ("title", "desc")
        assert title.firstChild.data == figure.title
        assert described.firstChild.data == figure.says
        assert "mathdefault" not in svg.toxml()


@pytest.mark.parametrize("kind", MAGIC)
def test_the_same_run_gives_the_same_bytes(kind: str) -> None:
    figure = every_figure(shown("regression"))[0]
    first = file_of(figure, kind)
    assert first.startswith(MAGIC[kind])
    assert first == file_of(figure, kind)
