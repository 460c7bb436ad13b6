"""A table without a target climbs the ladder of densities from end to end."""

from __future__ import annotations

import io
import json
import re

import polars as pl
import pytest
from rich.console import Console

import rung
from rung.core.reading_results import result_from
from rung.errors import UsageError
from rung.kinds.density.prepare import NO_TARGET
from rung.kinds.model_file import load
from rung.report.numbers import interval
from rung.report.terminal import show
from tests.kinds.density.made import stars

FAMILIES = ["independent", "gaussian", "mixture"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("run") / "run"
    rung.fit(stars(), families=FAMILIES, ledger=False, folds=4, out=out)
    return out


@pytest.fixture(scope="module")
def results(folder):
    return json.loads((folder / "results.json").read_text("utf-8"))


def test_families_are_judged_by_the_log_density_of_rows_they_had_not_seen(results, folder):
    assert (results["task"], results["metric"]) == ("density", "log_density")
    out_of_fold = pl.read_parquet(folder / "out_of_fold.parquet")
    for entry in results["ladder"]:
        if entry["status"] == "scored":
            mean = out_of_fold[entry["family"]].mean()
            assert entry["scores"]["log_density"]["mean"] == pytest.approx(mean, rel=1e-9)
    assert out_of_fold["row"].is_sorted()
    assert set(out_of_fold["fold"]) == {0, 1, 2, 3}


def test_the_bounded_score_is_one_half_for_columns_alone(results):
    scores = {one["family"]: one["scores"] for one in results["ladder"] if one["scores"]}
    assert scores["independent"]["odds_share"]["mean"] == 0.5
    assert 0.5 < scores["mixture"]["odds_share"]["mean"] < 1


def test_the_bounded_score_stands_beside_the_mean_on_the_page_and_in_the_console(results, folder):
    score = next(one for one in results["ladder"] if one["family"] == "mixture")["scores"][
        "odds_share"
    ]
    page = re.sub(r"<[^>]*>", "", (folder / "report.html").read_text("utf-8"))
    value = str(interval(score["mean"], score["low"], score["high"], is_score=True)["value"])
    table = page[page.index("The numbers") :]
    assert "Share won: of each row, its density / (its density + that of each column" in table
    assert value in table
    assert "nat a row more makes rows e = 2.7 times as probable" in page
    console = Console(file=io.StringIO(), width=80)
    show(result_from(results), console)
    printed = console.file.getvalue()
    assert value in printed.split("Mixture ")[1].partition("\n")[0]
    assert "0.5 is no better" in printed


def test_sealed_rows_were_never_trained_on_and_rank_new_ones(results, folder):
    model = load(folder)
    n_sealed = results["test"]["n"]
    assert n_sealed >= 30
    assert (model.held.rows, len(model.held.logs)) == ("sealed", n_sealed)
    assert n_sealed + len(pl.read_parquet(folder / "out_of_fold.parquet")) == 160


def test_who_forgot_the_target_is_told(results):
    codes = {one["code"]: one for one in results["findings"]}
    assert NO_TARGET.startswith(codes["no_target"]["message"])
    assert "--target" in codes["no_target"]["remedy"]
    spread = codes["spread_numbers"]
    assert spread["columns"] == ["grade", "flux"]
    assert "'grade' is rounded to 1;" in spread["message"]


def test_the_same_run_has_the_same_bytes_whatever_the_order_of_the_rows(folder, tmp_path):
    table = pl.DataFrame(stars()).sample(fraction=1.0, shuffle=True, seed=1)
    shuffled = {name: table[name].to_numpy() for name in table.columns}
    rung.fit(shuffled, families=FAMILIES, ledger=False, folds=4, out=tmp_path / "again", threads=2)
    one, two = (
        json.loads((at / "results.json").read_text()) for at in (folder, tmp_path / "again")
    )
    assert one["ladder"] == two["ladder"]
    assert (folder / "model.rung").read_bytes() == (tmp_path / "again/model.rung").read_bytes()


def test_the_page_names_the_rows_that_are_least_probable(results, folder):
    listed = results["sections"]["density"]["anomalies"]
    logs = [one["log_density"] for one in listed]
    assert logs == sorted(logs)
    assert len(listed) == 10
    page = (folder / "report.html").read_text("utf-8")
    assert "The least probable rows" in page
    assert f'<th scope="row">{listed[0]["row"]}</th>' in page


def test_an_option_that_needs_a_target_says_so():
    with pytest.raises(UsageError, match="'positive' is for a table with a target"):
        rung.fit(stars(), positive="giant")
