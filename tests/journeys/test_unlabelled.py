"""Journeys over pages of tables without a target, of a map of rows, groups, and images."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import rung
from rung.images.pictures import thumbnail
from rung.report.html import render
from rung.workbench.clusters import cluster, groups_picture_to_file
from rung.workbench.maps import embed, picture_to_file
from tests.journeys.hostile import strings
from tests.journeys.test_report import CUT, FEW_ROWS, OPEN_ALL
from tests.report.example import EXAMPLES

PAGES = ("density", "map", "groups", "images")


@pytest.fixture(scope="session")
def unlabelled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages of a density run, a map and images, every name in them hostile."""
    root, hostile = tmp_path_factory.mktemp("unlabelled"), strings()
    rng = np.random.default_rng(5)
    x = rng.normal(size=150)
    names = [*hostile[10:13], "kind"]
    columns = [x, x + rng.normal(size=150), rng.normal(size=150), hostile[20:23] * 50]
    table = pl.DataFrame(dict(zip(names, columns, strict=True)))
    families = ["independent", "dependence_tree"]
    rung.fit(table, families=families, folds=3, out=root / "density", ledger=False)
    picture_to_file(embed(table, drop=["kind"]), root / "map.html", hostile[4], "kind")
    apart = x + 12 * (np.arange(150) % 3 > 1)
    two = table.with_columns(pl.Series(names[0], apart))
    groups_picture_to_file(cluster(two, label="kind"), root / "groups.html", hostile[4])
    images = [
        {"image": one, "png": thumbnail(rng.normal(size=(1, 8, 8)))} for one in hostile[60:84]
    ]
    labels = hostile[40:43]
    lost = [
        {**one, "loss": 3.0, "fold": 1, "true": labels[0], "chance_of_true": 0.05, "predicted": labels[1],
         "chance": 0.9}
        for one in images[18:]
    ]  # fmt: skip
    cells = [
        {
            "true": a,
            "predicted": b,
            "n": 2,
            "images": [{**one, "chance": 0.4} for one in images[:2]],
        }
        for a in labels
        for b in labels
    ]
    shown = {
        "image": {"n_images": 24, "height": 8, "width": 8, "channels": hostile[30:32], "cut": 0,
                  "stretch": "none", "symmetry": "none"},
        "image_montage": [{"label": one, "n": 6, "images": images[6 * k : 6 * k + 6]}
                          for k, one in enumerate(labels)],
        "image_losses": {
            "lost": {"title": hostile[50], "n_rows": 24, "median": 0.5, "largest": lost},
            "confused": {"title": hostile[51], "classes": labels, "cells": cells},
        },
    }  # fmt: skip
    page = render(replace(EXAMPLES["classification"](), sections=shown))
    (root / "images.html").write_text(page, "utf-8")
    return {
        "density": root / "density" / "report.html",
        **{name: root / f"{name}.html" for name in ("map", "groups", "images")},
    }


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_nothing_fits_screen_and_sheet_and_keeps_the_rules(
    name: str, unlabelled: dict[str, Path], visit: Any
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for width, scheme, media in (
        (360, "light", "screen"),
        (660, "light", "print"),
        (1280, "dark", "screen"),
    ):
        opened = visit(unlabelled[name], width=width, scheme=scheme, media=media)
        assert opened.width == width
        opened.page.evaluate(OPEN_ALL)
        assert opened.width == width
        assert opened.page.evaluate(CUT) == []
    opened.page.evaluate(FEW_ROWS)
    found = axe.run(opened.page)
    assert found.violations_count == 0, found.generate_report()
    others = [one for one in opened.requests if not one.startswith("data:image/")]
    assert (others, opened.errors, opened.dialogs) == ([], [], [])
    assert opened.page.evaluate("document.scripts.length") == 0


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_is_drawn_and_hostile_names_make_no_element(
    name: str, unlabelled: dict[str, Path], visit: Any
) -> None:
    page = visit(unlabelled[name]).page
    sources = page.locator("img").evaluate_all(
        "all => all.map(one => [one.src.slice(0, 11), one.naturalWidth])"
    )
    assert sources
    assert all(start == "data:image/" and width > 0 for start, width in sources)
    for forbidden in ("iframe", "object", "base", "link", "input", "template", "noscript"):
        assert page.locator(forbidden).count() == 0
    assert page.evaluate("document.querySelectorAll('[onerror],[onload],[onfocus]').length") == 0
