from pathlib import Path

import numpy as np
import polars as pl
import pytest

import rung
from rung.core.findings import Finding
from rung.data import ReadOptions
from rung.errors import DataWarning
from rung.kinds.model_file import read_model_bytes
from rung.workbench.explaining_row import explain_file_row, row_text
from rung.workbench.run import Run


def table(n: int, seed: int, turn: float = 1.0) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    y = turn * x + 0.2 * rng.normal(size=n)
    return pl.DataFrame({"x": x, "y": y, "z": x + y + 0.1 * rng.normal(size=n)})


@pytest.fixture(scope="module")
def run() -> Run:
    return rung.fit(table(400, 0), "z", families=["linear"], threads=1, ledger=False, folds=5)


def told(run: Run, rows: pl.DataFrame) -> tuple[dict[str, object], list[Finding]]:
    found: list[Finding] = []
    return run.model.table(rows, ReadOptions(), found.append), found


def test_likeness_stands_behind_the_prediction(run: Run) -> None:
    columns, findings = told(run, table(100, 1))
    assert list(columns) == ["prediction", "likeness"]
    assert 0 < columns["likeness"].min() < columns["likeness"].max() <= 1  # type: ignore[attr-defined]
    assert all(one.code == "unlike_rows_by_chance" for one in findings)


def test_rows_that_go_together_otherwise_are_counted_and_the_least_like_is_named(run: Run) -> None:
    rows = table(100, 2)
    rows[41, "y"] = -rows[41, "x"] - 3.0
    _, (finding,) = told(run, rows)
    assert "row 42 (by '" in finding.message
    assert "of 67 sealed rows" in finding.message
    turned = table(100, 2, turn=-1.0)
    _, (shift,) = told(run, turned)
    assert (shift.code, shift.severity) == ("unlike_rows", "warning")
    with pytest.warns(DataWarning, match="of 100 rows are unlike the training rows"):
        run.model.predict(turned)


def test_a_batch_that_lies_at_the_edge_is_shifted_though_few_rows_are_called(run: Run) -> None:
    own = run.model.applicability
    rows = table(3000, 3)
    edge = rows.filter(pl.Series(own.likeness(run.model.read(rows).dataset) <= 0.1))
    _, (finding,) = told(run, edge)
    assert finding.code == "unlike_rows"
    assert f"{edge.height} are as unlike as the least like tenth" in finding.message


def test_the_file_keeps_it_and_a_file_without_it_is_read(run: Run) -> None:
    again = read_model_bytes(run.model.to_bytes(), "m")
    rows = table(50, 4)
    assert (
        told(run, rows)[0]["likeness"].tolist()
        == again.table(  # type: ignore[attr-defined]
            rows, ReadOptions(), lambda one: None
        )["likeness"].tolist()
    )
    assert again.to_bytes() == run.model.to_bytes()
    bare = rung.fit(
        table(400, 0), "z", families=["linear"], ledger=False, folds=5, applicability=False
    )
    assert "applicability" not in bare.result.sections
    alone = read_model_bytes(bare.model.to_bytes(), "m")
    assert alone.applicability is None
    assert list(alone.table(rows, ReadOptions(), lambda one: None)) == ["prediction"]
    assert alone.describe()["applicability"] is None


def test_the_result_says_what_was_measured_on_sealed_rows(run: Run) -> None:
    found = run.result.sections["applicability"]
    assert found["sealed"]["rows"] == 67
    assert found["sealed"]["low"] <= found["sealed"]["rate"] <= found["sealed"]["high"]
    assert found["columns"] == ["x", "y"]
    loss = found["loss"]
    assert loss["rows"] == found["ranked_by"] == 333
    assert loss["difference"]["mean"] == pytest.approx(loss["least_like"] - loss["rest"])


def test_few_rows_have_no_density() -> None:
    few = rung.fit(table(45, 0), "z", families=["linear"], ledger=False, folds=3)
    assert few.model.applicability is None
    assert "applicability" not in few.result.sections


def test_the_explanation_of_a_row_says_how_like_it_is(run: Run, tmp_path: Path) -> None:
    rows = table(60, 5)
    rows[6, "y"] = 40.0
    found = explain_file_row(run.model, rows, 7)
    assert found["applicability"]["is_unlike"]
    assert found["applicability"]["oddest"] == "y"
    assert "It is unlike the training rows: 0.3% of 333 held-out rows" in row_text(found)
