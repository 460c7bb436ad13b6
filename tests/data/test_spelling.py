"""The same values in any container and any notation are the same table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import rung
from rung.core.dataset import Dataset
from rung.data import frames, read_table

try:
    import pyarrow as pa
except ImportError:  # rung needs none; `make test-frames` runs this file without it
    pa = None
N_ROWS = 120
RNG = np.random.default_rng(1)
HIDDEN = RNG.random((N_ROWS, 3)) < 0.1
FULL = {
    "x": np.round(RNG.normal(size=N_ROWS), 3),
    "k": RNG.integers(1, 2_000_000, N_ROWS),
    "b": RNG.random(N_ROWS) < 0.5,
    "s": RNG.choice(["abc", "de", "f"], N_ROWS),
    "y": np.round(RNG.normal(size=N_ROWS), 4),
}
MASKS = dict(zip(FULL, [*HIDDEN.T, HIDDEN[:, 0], np.zeros(N_ROWS, dtype=bool)], strict=True))
LISTS = {
    name: [
        None if hidden else value
        for value, hidden in zip(FULL[name].tolist(), MASKS[name], strict=True)
    ]
    for name in FULL
}
FRAME = pl.DataFrame(LISTS)
MASKED = {name: np.ma.array(FULL[name], mask=MASKS[name]) for name in FULL}


def nullable() -> pd.DataFrame:
    kinds = {"x": "Float64", "k": "Int64", "b": "boolean", "s": "string", "y": "float64"}
    return pd.DataFrame({name: pd.array(LISTS[name], dtype=kinds[name]) for name in FULL})


def structured() -> Any:
    kinds = [("x", ">f8"), ("k", "<i4"), ("b", "?"), ("s", "U3"), ("y", "<f8")]
    table = np.ma.array(np.zeros(N_ROWS, dtype=kinds))
    for name in FULL:
        table[name] = MASKED[name]
    return table


IN_MEMORY: dict[str, Callable[[], Any]] = {
    "categories": lambda: FRAME.with_columns(pl.col("s").cast(pl.Categorical)),
    "lists": lambda: LISTS,
    "masked columns": lambda: MASKED,
    "masked structure": structured,
    "objects": lambda: np.array(
        list(zip(*LISTS.values(), strict=True)), dtype=[(name, object) for name in LISTS]
    ),
    "arrow": lambda: pa.table(LISTS),
    "pandas": lambda: pd.DataFrame(LISTS),
    "pandas objects": lambda: pd.DataFrame({n: pd.Series(v, dtype=object) for n, v in LISTS.items()}),
    "pandas nullable": nullable,
    "pandas converted": lambda: pd.DataFrame(LISTS).convert_dtypes(),
    "pandas categories": lambda: nullable().assign(s=pd.Categorical(LISTS["s"])),
    "pandas columns": lambda: {name: nullable()[name] for name in FULL},
    "pandas in arrow": lambda: pd.DataFrame(LISTS).convert_dtypes(dtype_backend="pyarrow"),
}  # fmt: skip
WRITTEN: dict[str, tuple[str, dict[str, Callable[[Any], str]]]] = {
    "plain": (",", {}),
    "tabs": ("\t", {}),
    "thousands": (",", {"k": lambda k: f"{k:,}"}),
    "narrow blanks": (",", {"k": lambda k: f"{k:,}".replace(",", "\u202f")}),
    "powers": (",", {"k": lambda k: f"{k:.6e}"}),
    "Fortran": (",", {"x": lambda x: f"{x:.3E}".replace("E", "D")}),
    "decimal commas": (";", {name: lambda v: str(v).replace(".", ",") for name in "xy"}),
    "decimal commas and tabs": ("\t", {name: lambda v: str(v).replace(".", ",") for name in "xy"}),
    "minus": (",", {name: lambda v: str(v).replace("-", "\u2212") for name in "xy"}),
    "euros": (",", {"k": lambda k: f"{k:,} €"}),
}


def same(found: Dataset, expected: Dataset) -> None:
    plain = [(one.name, one.kind, one.role, one.levels) for one in expected.columns]
    assert [(one.name, one.kind, one.role, one.levels) for one in found.columns] == plain
    for column in expected.columns:
        np.testing.assert_array_equal(found.values[column.name], expected.values[column.name])


@pytest.mark.parametrize("container", IN_MEMORY)
@pytest.mark.parametrize("has_pyarrow", [True, False])
def test_every_container_gives_the_same_table(
    container: str, has_pyarrow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if pa is None and (has_pyarrow or "arrow" in container):
        pytest.skip("pyarrow is not installed")
    if not has_pyarrow:
        monkeypatch.setattr(frames, "find_spec", lambda name: None)
    table = read_table(IN_MEMORY[container]())
    same(table.dataset, read_table(FRAME).dataset)
    assert table.findings == ()


@pytest.mark.parametrize("notation", WRITTEN)
def test_every_notation_gives_the_same_table(notation: str, tmp_path: Path) -> None:
    delimiter, spelled = WRITTEN[notation]
    columns = {
        name: [None if v is None else spelled.get(name, str)(v) for v in values]
        for name, values in LISTS.items()
    }
    path = tmp_path / "t.csv"
    pl.DataFrame(columns).write_csv(path, separator=delimiter)
    table = read_table(path)
    same(table.dataset, read_table(FRAME).dataset)
    assert {finding.code for finding in table.findings} <= {"notation", "dialect"}
    assert all(finding.severity == "info" for finding in table.findings)


def test_the_result_is_the_same_to_the_byte(tmp_path: Path) -> None:
    FRAME.write_csv(tmp_path / "t.csv")
    FRAME.write_parquet(tmp_path / "t.parquet")
    sources = (FRAME, tmp_path / "t.csv", tmp_path / "t.parquet", structured(), nullable())
    results = []
    for source in sources:
        run = rung.fit(source, target="y", families=["constant", "linear"], threads=1)
        found = run.result.to_dict()
        found["dataset"].pop("source")
        results.append(found)
    assert all(found == results[0] for found in results)


def test_a_masked_target_is_a_row_without_one() -> None:
    target = np.ma.array(FULL["y"], mask=MASKS["x"])
    run = rung.fit({**FULL, "y": target}, target="y", families=["constant"], threads=1)
    assert run.result.dataset.rows_without_target == int(MASKS["x"].sum())
    matrix = np.ma.column_stack([target, FULL["x"]])
    assert int(np.isnan(read_table(matrix).dataset.values["column_1"]).sum()) == MASKS["x"].sum()


def test_numbers_that_pandas_declares_categories_are_no_quantity(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frame = pd.DataFrame({"c": pd.Categorical([1, 2, None, 3] * 5), "z": np.arange(20.0) ** 2})
    with_pyarrow = read_table(frame).dataset
    assert with_pyarrow.column("c").levels == ("1", "2", "3")
    monkeypatch.setattr(frames, "find_spec", lambda name: None)
    same(read_table(frame).dataset, with_pyarrow)


def test_what_is_missing_in_pandas_is_missing_in_a_column_of_objects() -> None:
    frame = pd.DataFrame({"x": pd.Series([1.5, pd.NA], dtype=object)})
    assert np.isnan(read_table(frame).dataset.values["x"]).tolist() == [False, True]
