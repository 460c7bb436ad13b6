"""A whole run on text in memory."""

import numpy as np
import pytest

from rung.errors import UsageError
from rung.kinds.text.options import TextOptions
from rung.workbench.run import run_ladder
from tests.realdata import real_data
from tests.workbench.texts import COUNTS, name_list


@pytest.fixture(scope="module")
def run():
    return run_ladder(name_list(), TextOptions(metric="bits_per_char", families=COUNTS))


def test_the_matrix_of_losses_gives_the_scores_again(run):
    columns = run.out_of_fold
    for name in ("unigram", "ngram"):
        bits = columns[name].sum() / columns["characters"].sum() / np.log(2)
        assert run.result.entry(name).scores["bits_per_char"].mean == pytest.approx(bits)


def test_the_leaderboard_has_a_row_a_family_and_the_metric_asked_for(run):
    board = run.leaderboard
    assert board["family"].to_list()[:2] == ["uniform", "unigram"]
    assert {"bits_per_char", "nll", "perplexity"} <= set(board.columns)


def test_the_report_is_written(run, tmp_path):
    page = run.report(tmp_path / "report.html").read_text()
    assert "What each rung writes" in page
    assert "bits a character" in page


def test_the_result_is_that_of_a_text_and_of_a_table_only_where_they_are_alike(run):
    found = run.result.to_dict()
    assert found["task"] == "language modelling"
    assert found["sections"]["text"]["kind"] == "lines"
    assert found["dataset"]["columns"] == []


def test_names_as_rung_deals_them():
    options = TextOptions(families=("uniform", "bigram", "ngram"))
    run = run_ladder(str(real_data("names/names.txt")), options)
    scores = {entry.family: entry.scores["nll"].mean for entry in run.result.ladder}
    assert scores["unigram"] == pytest.approx(2.8240, abs=1e-4)
    assert scores["bigram"] == pytest.approx(2.4633, abs=1e-4)
    assert scores["ngram"] == pytest.approx(2.0245, abs=1e-4)
    (finding,) = run.result.findings
    assert "2,539 of 32,033 lines" in finding.message


@pytest.mark.parametrize("margin", [3.6, 1e308, float("inf")])
def test_a_margin_beyond_what_a_uniform_guess_loses_is_refused_before_training(margin):
    events = []
    options = TextOptions(metric="bits_per_char", families=COUNTS, margin=margin)
    with pytest.raises(
        UsageError, match=r"larger than any difference .* in bits_per_char, 3\.585;"
    ):
        run_ladder(name_list(), options, listener=events.append)
    assert [event.kind for event in events] == ["stage"]


def test_half_a_character_stays_one_character_on_the_page(tmp_path):
    names = [f"{a}{b}{c}\udce9" for a in "bcdf" for b in "aeio" for c in "nmrs"]
    run = run_ladder(names, TextOptions(families=("unigram",)))
    surprise = run.result.sections["text"]["surprise"]
    assert all(len(piece["bits"]) == len(piece["text"]) + 1 for piece in surprise)
    assert "\\udce9" in run.report(tmp_path / "report.html").read_text(encoding="utf-8")
    written = run.result.to_dict()["sections"]["text"]["surprise"]
    assert all(piece["text"].endswith("\\udce9") for piece in written)
