"""The notebook of the main job runs as a user runs it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.source import ROOT

nbformat = pytest.importorskip("nbformat", reason="pip install nbclient ipykernel")
nbclient = pytest.importorskip("nbclient", reason="pip install nbclient ipykernel")
pytest.importorskip("ipykernel", reason="pip install nbclient ipykernel")


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Return the cells of code with what they printed and showed."""
    notebook = nbformat.read(ROOT / "docs" / "notebook.ipynb", as_version=4)
    folder = tmp_path_factory.mktemp("notebook")
    nbclient.NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    assert (folder / "report.html").exists()
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(cell: Any, kind: str) -> str:
    """Return all that a cell showed of one kind, such as text/html."""
    return "".join(output.data.get(kind, "") for output in cell.outputs if "data" in output)


def cell_with(cells: list[Any], code: str) -> Any:
    return next(cell for cell in cells if code in cell.source)


def test_scores_of_every_family_are_shown_while_it_climbs(cells):
    page = shown(cell_with(cells, "rung.fit"), "text/html")
    scored = [name for name in ("Constant", "Linear", "Gradient boosting") if name in page]
    assert scored == ["Constant", "Linear", "Gradient boosting"]


def test_results_are_shown_as_pages_and_as_text(cells):
    assert "<table" in shown(cell_with(cells, "run.leaderboard"), "text/html")
    assert "<" in shown(cell_with(cells, "run.explain.importance"), "text/html")
    # A picture is shown once, by the notebook itself.
    assert shown(cell_with(cells, "run.plot"), "image/png").startswith("iVBOR")


def test_nothing_is_printed_as_an_error(cells):
    errors = [
        output
        for cell in cells
        for output in cell.outputs
        if output.output_type == "error" or output.get("name") == "stderr"
    ]
    assert not errors


def test_the_committed_notebook_holds_no_output() -> None:
    text = Path(ROOT / "docs" / "notebook.ipynb").read_text("utf-8")
    assert set(re.findall(r'"outputs": (.*?),\n', text)) == {"[]"}
