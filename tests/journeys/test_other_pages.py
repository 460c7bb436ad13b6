"""Journeys over the other pages that rung writes: a first look at a table, and a graph."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rung.graph.values import expression_graph
from rung.workbench.looking import look_at
from tests.journeys.conftest import named, table_of
from tests.journeys.hostile import strings
from tests.journeys.test_report import CUT, FEW_ROWS, OPEN_ALL


@pytest.fixture(scope="session")
def others(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a look at a plain table, one at a hostile table, and a graph, as pages."""
    root, hostile = tmp_path_factory.mktemp("others"), strings()
    written = {name: root / f"{name}.html" for name in ("look", "hostile look", "graph")}
    for name, table, target in (
        ("look", table_of("regression"), "y"),
        (
            "hostile look",
            named(table_of("multiclass"), hostile[20:23], hostile[23:53]),
            hostile[20],
        ),
    ):
        source = root / f"{name}.parquet"
        table.write_parquet(source)
        look_at(str(source), target, out=written[name])
    graph = expression_graph("z = 2*(a-b)+c; relu(z)", {"a": 3.0, "b": 1.0, "c": 4.0})
    graph.write(written["graph"])
    return written


@pytest.mark.parametrize("name", ["look", "hostile look", "graph"])
def test_a_page_asks_for_nothing_fits_and_keeps_the_rules(
    name: str, others: dict[str, Path], visit: Any
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    opened = visit(others[name], width=360)
    opened.page.evaluate(OPEN_ALL)
    assert opened.width == 360
    assert opened.page.evaluate(CUT) == []
    opened = visit(others[name], scheme="dark")
    opened.page.evaluate(OPEN_ALL)
    assert opened.width == 1280
    opened.page.evaluate(FEW_ROWS)
    found = axe.run(opened.page)
    assert found.violations_count == 0, found.generate_report()
    assert (opened.requests, opened.errors, opened.dialogs) == ([], [], [])
