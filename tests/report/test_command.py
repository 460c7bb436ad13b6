from __future__ import annotations

import io
import shlex
import sys
from dataclasses import fields, replace

import pytest

from rung import workbench
from rung.cli.app import app
from rung.cli.guard import guarded
from rung.cli.words import column_names
from rung.core.result import TextSummary, plain
from rung.report.command import fit_command
from rung.workbench import FitOptions, TextOptions
from tests.report.example import regression


def words_for(**options):
    base = regression()
    return shlex.split(" ".join(fit_command(replace(base, options=options))))


def test_the_line_holds_what_differs_from_the_defaults():
    words = words_for(
        seed=0, repeats=1, choose="simplest", test_fraction=0.2, metric="mae", margin=0.1
    )
    assert words == ["rung", "fit", "galaxies.csv", "--target=lgGF", "--metric=mae", "--margin=0.1"]


def test_threads_never_appear():
    assert "--threads" not in " ".join(words_for(threads=4))


def test_folds_of_python_are_left_out():
    assert words_for(folds="KFold(n_splits=5)") == words_for()


def test_families_of_python_are_left_out():
    words = words_for(families=["constant", "linear", "my_forest"])
    assert words == [*words_for(), "--families=constant,linear"]


def test_a_file_without_header_is_said():
    assert words_for(header=False)[-1] == "--no-header"


@pytest.mark.parametrize(
    "names", [("a", "b"), ("a,b",), ("a,b", "c"), ('say "x"',), ("$HOME `x`",)]
)
def test_the_command_line_reads_column_names_back(names):
    given = [word.removeprefix("--drop=") for word in words_for(drop=names) if "--drop" in word]
    assert column_names("drop", given) == names


def test_kept_sentinels_are_said():
    assert words_for(keep_sentinels=True)[-1] == "--keep-sentinels"
    assert words_for(keep_sentinels=False) == words_for()


TABLE = FitOptions(
    "lgGF",
    features=("a,b", 'say "x"'),
    drop=("c",),
    groups=("night", "field, row"),
    time="date",
    gap="7d",
    rolling="90d",
    space=("lon", "lat"),
    block_size=30.0,
    buffer=2.5,
    weight="w = 1",
    metric="mae",
    margin=0.1,
    positive="yes; no",
    task="binary",
    folds=7,
    repeats=3,
    families=("linear", "tree"),
    seed=2**62,
    test_fraction=0.25,
    choose="leader",
    memory="1.5 GB",
    device="cpu",
    seal="old run/seal.json",
    ledger=False,
    keep_sentinels=True,
    delimiter="\t",
    header=False,
    encoding="latin-1",
    decimal=",",
    missing=("nd", "a,b"),
    keep_tokens=True,
)
TEXT = TextOptions(
    reading="lines",
    families=("bigram", "ngram"),
    metric="perplexity",
    margin=0.25,
    choose="leader",
    seed=12,
    test_fraction=0.05,
    ledger=False,
    encoding="latin-1",
)


def parsed(words: list[str], monkeypatch) -> FitOptions | TextOptions:
    """Return the options that the command line reads from words; nothing is fitted."""
    seen = []

    def note(_data, options, _out, **_):
        seen.append(options)
        raise KeyboardInterrupt

    monkeypatch.setattr(workbench, "fit_to_folder", note)
    monkeypatch.setattr(workbench, "fit_to_folder", note)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert guarded(lambda: app(words[1:], standalone_mode=False), []) == 130
    (options,) = seen
    return options


def printed(options: FitOptions | TextOptions) -> list[str]:
    result = replace(regression(source="names.txt"), options=plain(options.to_record()))
    if isinstance(options, TextOptions):
        text = TextSummary(
            "lines", "lines", 9, 9, 9, 9, context=9, parts={}, samples={}, surprise=()
        )
        result = replace(result, sections={"text": plain(text)}, target="next character")
    return shlex.split(" ".join(fit_command(result)))


@pytest.mark.parametrize("given", [TABLE, TEXT], ids=["table", "text"])
def test_the_printed_line_gives_every_option_back(given, monkeypatch):
    defaults = FitOptions("lgGF") if given is TABLE else TextOptions()
    names = {field.name for field in fields(given)} - {"threads", "target"}
    unchanged = {name for name in names if getattr(given, name) == getattr(defaults, name)}
    assert unchanged == set(), "every option has a value that is not its default"
    assert parsed(printed(given), monkeypatch) == given
    assert parsed(printed(defaults), monkeypatch) == defaults


@pytest.mark.parametrize("name", sorted({field.name for field in fields(FitOptions)}))
def test_each_option_alone_is_read_back(name, monkeypatch):
    if name in ("target", "threads"):
        return
    given = FitOptions("lgGF", **{name: getattr(TABLE, name)})
    assert parsed(printed(given), monkeypatch) == given
