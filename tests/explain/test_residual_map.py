"""Residuals lie where rows were measured, and parts of the map tell where a model fails."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest

import rung
from rung.explain.residual_map import map_parts
from rung.report.html import render
from rung.report.sections.residual_map import residual_map_picture

RNG = np.random.default_rng(4)
N = 240
LON, LAT, X = RNG.uniform(0, 10, N), RNG.uniform(40, 50, N), RNG.normal(size=N)
EAST = 3.0 * ((LON > 6.7) & (LAT > 46.7))
TABLE = pl.DataFrame({"lon": LON, "lat": LAT, "x": X, "y": X + EAST + RNG.normal(size=N) / 9})


@cache
def fit(target: str = "y") -> rung.Run:
    up = pl.when(pl.col("y") > 0).then(pl.lit("up")).otherwise(pl.lit("down"))
    settings = {"families": ["linear"], "folds": 3, "ledger": False, "independent": True}
    return rung.fit(
        TABLE.with_columns(side=up), target, features=["x"], keep=["lon", "lat"], **settings
    )


def test_residuals_are_those_of_held_out_rows_and_the_part_that_fails_is_found() -> None:
    run = fit()
    (found,) = run.result.sections["residual_map"]
    assert [one["name"] for one in found["columns"]] == ["lon", "lat"]
    out = run.out_of_fold
    errors = {
        round(float(TABLE["lon"][int(row)]), 4): p - t
        for row, p, t in zip(out["row"], out["linear"], out["target"], strict=True)
    }
    points = found["points"]
    for across, error in list(zip(points["across"], points["error"], strict=True))[:20]:
        near = min(errors, key=lambda lon: abs(lon - across))
        assert error == pytest.approx(errors[near], rel=1e-3, abs=1e-4)
    assert sum(part["n"] for part in found["parts"]) == found["n_rows"] == len(out["row"])
    worst = min(found["parts"], key=lambda part: part["mean"])
    assert worst["high"] < -1.0
    assert worst["across"][1] == pytest.approx(LON[out["row"]].max(), rel=1e-4)
    assert worst["up"][1] == pytest.approx(LAT[out["row"]].max(), rel=1e-4)


def test_parts_cover_every_row_once_and_small_ones_are_left_out() -> None:
    across, up, error = RNG.normal(size=(3, 100))
    parts = map_parts(across, up, error)
    assert sum(part["n"] * part["mean"] for part in parts) == pytest.approx(error.sum())
    assert [part["n"] for part in map_parts(np.zeros(9), np.zeros(9), np.ones(9))] in ([], [9])
    assert map_parts(np.arange(4.0), np.arange(4.0), np.ones(4)) == []


def test_classes_and_tables_without_positions_have_no_map() -> None:
    assert "residual_map" not in fit("side").result.sections
    assert residual_map_picture(fit("side").result) is None


def test_the_page_says_in_how_many_parts_it_fails_and_draws_every_dot() -> None:
    result = fit().result
    picture = residual_map_picture(result)
    assert picture is not None
    n = len(result.sections["residual_map"][0]["points"]["error"])
    assert picture["panels"][0]["svg"].count("h0") == n
    apart = sum(
        part["low"] > 0 or part["high"] < 0 for part in result.sections["residual_map"][0]["parts"]
    )
    assert picture["worst"].startswith(f"In {apart} of 9 parts of the map")
    assert "Where on the map it fails" in render(result)
