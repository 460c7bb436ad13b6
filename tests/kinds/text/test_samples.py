"""Fit and sample: files, folders, resumes, bad input."""

import json
import re

import numpy as np
import pytest

from rung.core.events import Event
from rung.errors import DataError, UsageError
from rung.text.sampling import SampleOptions
from rung.workbench import TextOptions, fit, fit_to_folder, load, sample_file
from tests.workbench.texts import COUNTS, SOME, name_list, story

SAME = ("results.json", "model.rung", "seal.json", "unit_losses.parquet", "report.html")


class Killed(BaseException):
    """Stand for a kill."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    out = tmp_path_factory.mktemp("whole") / "run"
    fit_to_folder(name_list(), TextOptions(families=SOME, seed=3, threads=1), out)
    return out


def same_bytes(first, second):
    return [name for name in SAME if (first / name).read_bytes() != (second / name).read_bytes()]


def test_the_number_of_workers_changes_no_byte(whole, tmp_path):
    fit_to_folder(name_list(), TextOptions(families=SOME, seed=3, threads=3), tmp_path / "run")
    assert not same_bytes(whole, tmp_path / "run")


def test_shuffled_lines_give_the_same_scores_and_model(whole, tmp_path):
    lines = name_list()
    np.random.default_rng(1).shuffle(lines)
    fit_to_folder(lines, TextOptions(families=SOME, seed=3), tmp_path / "run")
    first, second = (
        json.loads((folder / "results.json").read_text()) for folder in (whole, tmp_path / "run")
    )
    for found in (first, second):
        found["dataset"].pop("fingerprint")
        found["folds"].pop("fingerprint")
    assert first == second


def test_a_killed_run_resumes_to_the_same_bytes(whole, tmp_path):
    out = tmp_path / "run"

    def kill(event: Event) -> None:
        if event.kind == "family" and event.family == "ngram":
            raise Killed

    with pytest.raises(Killed):
        fit_to_folder(name_list(), TextOptions(families=SOME, seed=3), out, listener=kill)
    with pytest.raises(UsageError, match="unfinished run"):
        fit_to_folder(name_list(), TextOptions(families=SOME, seed=3), out)
    fit_to_folder(name_list(), TextOptions(families=SOME, seed=3), out, resume=True)
    assert not same_bytes(whole, out)


def test_another_opening_of_the_sealed_part_is_counted_and_told(tmp_path):
    out = tmp_path / "run"
    first = fit_to_folder(name_list(), TextOptions(families=("bigram",)), out)
    again = fit_to_folder(name_list(), TextOptions(families=COUNTS, margin=0.5), out, force=True)
    assert (first.history.n_openings, again.history.n_openings) == (1, 2)
    (finding,) = (one for one in again.history.findings if one.code == "post_hoc")
    assert "families, margin changed" in finding.message


def test_samples_are_repeatable_and_copies_are_marked(whole):
    first, again = (sample_file(whole, SampleOptions(n=40), seed=5) for _ in range(2))
    assert first == again
    lines = set(name_list())
    train = {one.text for one in first if one.copied}
    assert train
    assert train <= lines
    assert sample_file(whole, SampleOptions(n=40), seed=6) != first


def test_a_prompt_begins_every_sample(whole):
    found = sample_file(whole, SampleOptions(n=5), prompt="ma")
    assert all(one.text.startswith("ma") for one in found)


@pytest.mark.parametrize(
    ("options", "prompt", "said"),
    [
        (SampleOptions(n=0), "", "n must be"),
        (SampleOptions(length=0), "", "length must be"),
        (SampleOptions(temperature=-1.0), "", "temperature must be"),
        (SampleOptions(temperature=float("nan")), "", "temperature must be"),
        (SampleOptions(top_k=0), "", "top_k must be"),
        (SampleOptions(), "maß", "'ß', which the model has never seen"),
    ],
)
def test_options_of_samples_that_are_not_accepted_are_named(whole, options, prompt, said):
    with pytest.raises(UsageError, match=said):
        sample_file(whole, options, prompt=prompt)


def test_a_table_s_model_writes_nothing(tmp_path):
    import rung

    path = tmp_path / "table.rung"
    table = {"x": np.arange(40.0), "y": np.arange(40.0)}
    rung.fit(table, target="y", families=["constant"]).model.save(path)
    with pytest.raises(UsageError, match="model of a table"):
        sample_file(path, SampleOptions())


BAD = {
    "empty": ("", "empty"),
    "blank": ("\n" * 5, "nothing but 5 line ends"),
    "one short line": ("hello", "holds 1 segment of"),
    "two lines": ("ab\ncd\n", "holds 2 lines"),
    "the same line": ("yes\n" * 500, "are the same"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_text_that_says_too_little_is_refused_by_name(tmp_path, what):
    path = tmp_path / "bad.txt"
    path.write_text(BAD[what][0])
    with pytest.raises(DataError, match=BAD[what][1]):
        fit(path)


@pytest.mark.parametrize("reading", ["lines", "text"])
@pytest.mark.parametrize(
    "text",
    [
        "a" * 30_000,
        "a\n" * 3000,
        "ab" * 20_000,
        "x" * 100_000 + "\n" + "\n".join(name_list(200)),
        "".join(f"{chr(0x4E00 + i % 700)}{chr(0x1F600 + i % 70)}é{i}\n" for i in range(2000)),
        "\n".join("مرحبا"[: i % 5 + 1] + "שלום"[: i % 4] + str(i) for i in range(900)),
        "\ufeff\u200b\u0301" * 2000 + "abc" * 900,
        "tab\tand\x0bbell\x07" * 1200,
    ],
    ids=["one", "one a line", "two", "long line", "scripts", "right to left", "marks", "control"],
)
def test_odd_texts_give_a_result_or_a_named_refusal(tmp_path, text, reading):
    path = tmp_path / "odd.txt"
    path.write_text(text, encoding="utf-8")
    try:
        run = fit(path, reading=reading, families=COUNTS, out=tmp_path / "run")
    except DataError as error:
        said = str(error)
        assert re.search(r"is empty|are needed|are the same|too few for a|binary data", said)
    else:
        assert np.isfinite(run.leaderboard["nll"].to_numpy()).all()
        assert load(tmp_path / "run").to_bytes() == run.model.to_bytes()


def test_a_short_stream_has_scores_without_intervals_and_claims_nothing(tmp_path):
    path = tmp_path / "short.txt"
    path.write_text(story(800))
    run = fit(path, reading="text", families=COUNTS)
    assert "few_segments" in [one.code for one in run.result.findings]
    assert not run.verdict.is_claim
    assert np.isnan(run.result.entry("ngram").scores["nll"].low)
    run.report(tmp_path / "report.html")


def test_a_stream_is_judged_on_segments(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text(story(6000))
    run = fit(path, reading="text", families=COUNTS, out=tmp_path / "run")
    text = run.result.sections["text"]
    assert text["counted"] == "segments"
    assert run.verdict.family == "ngram"
    assert run.verdict.is_claim
    assert run.result.folds.n_units == text["parts"]["verdict"]["units"] >= 10
    assert "segments" in (tmp_path / "run" / "report.html").read_text()
