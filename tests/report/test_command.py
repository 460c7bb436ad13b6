from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from rung.cli.words import column_names
from rung.report.command import fit_command
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
