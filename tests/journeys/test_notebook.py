"""What a notebook shows of a run, its model, its verdict and its explanations, in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import rung
from rung.kinds.text.options import TextOptions
from rung.workbench.run import run_ladder
from tests.journeys.conftest import named, table_of
from tests.journeys.hostile import strings
from tests.workbench.texts import name_list

# Roughly what JupyterLab puts around an output.
PAGE = (
    "<!DOCTYPE html><html lang='en'><meta charset='utf-8'><title>cells</title><style>"
    "body {{ background: {paper}; color: {ink}; font: 13px sans-serif }} "
    "td, th {{ text-align: right; padding: .5em }}</style><main><h1>Cells</h1>{cells}</main></html>"
)
COLOURS = {"light": ("#ffffff", "#212121"), "dark": ("#111111", "#ffffff")}


@pytest.fixture(scope="session")
def shown() -> str:
    hostile = strings()
    table = named(table_of("regression"), hostile[8:11], hostile[20:50])
    run: Any = rung.fit(table, hostile[8], families=["linear", "tree"], folds=3, ledger=False)
    text = run_ladder(name_list(), TextOptions(families=("bigram",)))
    why = run.explain
    kept: list[Any] = [run, run.model, run.verdict, text, text.model, text.verdict]
    kept += [
        why.importance(),
        why.effects(hostile[9]),
        why.truth(),
        why.formula("linear"),
        why.tree("tree"),
    ]
    assert "function" not in repr(run.model) + repr(text.model)
    assert len(repr(run.model)) < 200
    return "".join(f"<div>{one._repr_html_()}</div>" for one in kept)


@pytest.mark.parametrize("scheme", COLOURS)
def test_outputs_run_nothing_fit_and_can_be_read(
    scheme: str, shown: str, tmp_path: Path, visit: Any
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    paper, ink = COLOURS[scheme]
    page = tmp_path / "cells.html"
    page.write_text(PAGE.format(paper=paper, ink=ink, cells=shown), "utf-8")
    opened = visit(page, width=900, scheme=scheme)
    assert opened.width == 900
    found = axe.run(opened.page, options={"runOnly": ["color-contrast"]})
    assert found.violations_count == 0, found.generate_report()
    for frame in opened.page.frames[1:]:
        assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert (opened.dialogs, opened.errors) == ([], [])
    assert set(opened.requests) <= {"about:srcdoc"}


@pytest.mark.parametrize("scheme", COLOURS)
def test_frames_are_light_or_dark_as_the_theme_of_the_notebook_says(
    scheme: str, shown: str, tmp_path: Path, visit: Any
) -> None:
    """JupyterLab writes its theme on the body, whatever the system prefers."""
    page, (paper, ink) = tmp_path / "themed.html", COLOURS[scheme]
    themed = PAGE.format(paper=paper, ink=ink, cells=shown).replace(
        "<main>", f'<body data-jp-theme-light="{str(scheme == "light").lower()}"><main>'
    )
    page.write_text(themed, "utf-8")
    opened = visit(page, width=900, scheme="null")
    frames = opened.page.frames[1:]
    assert len(frames) == 5
    for frame in frames:
        found = frame.evaluate(
            "getComputedStyle(document.documentElement).getPropertyValue('--paper')"
        )
        assert found == {"light": "#fbfaf7", "dark": "#13161b"}[scheme]
